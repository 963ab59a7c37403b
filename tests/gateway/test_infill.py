"""``/infill``, as llama.vim asks llama.cpp's server."""

import re

from tests.asynchronous import asynchronous
from tests.e2e.model import Model, saying
from tests.gateway.serving import endpoint, opened
from tests.models.raw_server import streamed
from zeta_lsp.core.settings import PredictSettings, Settings

ASKED = {
    "id_slot": 0,
    "input_prefix": "import os\n\ndef total(lines):\n",
    "prompt": "    return ",
    "input_suffix": "\n\nprint(total([1]))\n",
    "input_extra": [{"text": "RATE = 2\n", "time": 1, "filename": "shop/tax.py"}],
    "n_predict": 128,
    "stop": [],
    "n_indent": 4,
    "top_k": 40,
    "samplers": ["top_k", "top_p", "infill"],
    "stream": False,
    "cache_prompt": True,
    "t_max_predict_ms": 250,
    "response_fields": ["content", "truncated"],
}
FITTING = re.compile(r'^\s*\{.*"content"\s*:"', re.DOTALL)
"""What llama.vim looks for before it reads a reply as JSON."""


@asynchronous
async def test_the_answer_is_what_goes_in_between():
    async with (
        Model(saying(streamed("sum(lines)"))) as model,
        opened(endpoint(model.url, "qwen2.5-coder")) as gateway,
    ):
        response = await gateway.client.post("/infill", json=ASKED)
        assert model.asked == [
            (
                "<|fim_prefix|>import os\n\ndef total(lines):\n    return "
                "<|fim_suffix|>\n\nprint(total([1]))\n<|fim_middle|>"
            )
        ]
    assert response.json()["content"] == "sum(lines)"
    assert FITTING.search(response.text)


@asynchronous
async def test_an_edit_model_sees_the_other_chunks_too():
    async def behave(client, request):
        prompt = request.json["prompt"]
        assert "<filename>shop/tax.py\nRATE = 2\n" in prompt
        region = prompt[prompt.index("<|marker_1|>") : prompt.rindex("\n<[fim-middle]>")]
        new = region.replace("<|user_cursor|>", "sum(lines)")
        await client.send(streamed(new))

    async with Model(behave) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.client.post("/infill", json=ASKED)
    assert response.json()["content"] == "sum(lines)"


@asynchronous
async def test_excluded_chunks_stay_here():
    chunks = [{"text": "canary\n", "filename": "shop/.env"}, *ASKED["input_extra"]]
    async with (
        Model(saying(streamed("nothing"))) as model,
        opened(endpoint(model.url)) as gateway,
    ):
        await gateway.client.post("/infill", json={**ASKED, "input_extra": chunks})
        assert len(model.requests) == 1
    assert b"canary" not in model.sent
    assert b"RATE" in model.sent


@asynchronous
async def test_reading_chunks_ahead_asks_nobody():
    async with Model(saying(b"")) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.client.post("/infill", json={**ASKED, "n_predict": 0})
        assert not model.requests
    assert response.json()["content"] == ""


@asynchronous
async def test_a_model_whose_format_nobody_knows_is_said_to_need_one():
    async with Model(saying(b"")) as model, opened(endpoint(model.url, "my-own")) as gateway:
        response = await gateway.client.post("/infill", json=ASKED)
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "format_unknown"


@asynchronous
async def test_predictions_that_are_switched_off_are_empty():
    off = Settings(predict=PredictSettings(mode="off"))
    async with Model(saying(b"")) as model, opened(endpoint(model.url), off) as gateway:
        response = await gateway.client.post("/infill", json=ASKED)
        assert not model.requests
    assert response.json()["content"] == ""
    assert gateway.reasons == ["mode_off"]
