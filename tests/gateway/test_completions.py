"""``/v1/completions`` before real endpoints: what they are asked, what clients get."""

import json
import pathlib

import msgspec
import pytest

from tests.asynchronous import asynchronous
from tests.core.formats.inputs import GIVEN
from tests.e2e.model import Model, cutting, rewriting, saying
from tests.gateway.serving import endpoint, opened, proposed, rendered
from tests.models.raw_server import answered, chunk, event, streamed
from zeta_lsp.core import formats
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.settings import PredictSettings, Settings
from zeta_lsp.gateway.prompts.recognise import recognised

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "zed-formats.json"
ZED = json.loads(GOLDEN.read_text())["cases"]["small_python"]["formats"]
CHANGE = ("return resu", "return result")
END = "<[end▁of▁sentence]>"


def settings(**predict):
    return Settings(predict=PredictSettings(**predict))


@asynchronous
async def test_a_prompt_of_zeds_reaches_its_model_byte_for_byte():
    prompt = ZED["V0318SeedMultiRegions"]["prompt"]
    async with Model(rewriting()) as model, opened(endpoint(model.url)) as gateway:
        await gateway.text(prompt, model="zeta2.1", max_tokens=256, stop=[END])
        assert model.asked == [prompt]


@asynchronous
async def test_an_answer_comes_back_in_the_clients_format():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        text = await gateway.text(rendered())
    [new] = proposed("zeta2.1", text)
    assert "return result\n" in new
    assert gateway.entries[0].ending == "shown"
    assert gateway.entries[0].path == GIVEN.cursor_path
    assert gateway.entries[0].format == "zeta2.1"


@pytest.mark.parametrize("name", ["zeta2", "zeta1", "zeta-v0131", "zeta-v0420"])
@asynchronous
async def test_a_model_of_another_format_is_asked_in_its_own(name):
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        text = await gateway.text(rendered(name))
        read = recognised(rendered(name))
        assert model.asked == [rendered("zeta2.1", read.given)]
    [new] = proposed(name, text)
    assert "return result\n" in new


@asynchronous
async def test_a_model_that_edits_other_files_edits_only_the_clients_region():
    hashed = formats.get("zeta-v0615")
    async with Model(saying(streamed(""))) as model:
        upstream = endpoint(model.url, "any", "zeta-v0615")

        async def behave(client, request):
            asked = recognised(rendered("zeta2"))
            from zeta_lsp.gateway.upstream import with_current_file

            given = with_current_file(asked.given)
            prompt = hashed.render(given)
            assert request.json["prompt"] == prompt.text
            region = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
            await client.send(streamed(hashed.target(given, prompt, region.replace(*CHANGE, 1))))

        model.behave = behave
        async with opened(upstream) as gateway:
            [new] = proposed("zeta2", await gateway.text(rendered("zeta2")))
    assert "return result\n" in new


@asynchronous
async def test_where_nothing_names_the_models_format_the_client_knows_it():
    async with (
        Model(saying(streamed("new\n>>>>>>> UPDATED\n"))) as model,
        opened(endpoint(model.url, "my-own")) as gateway,
    ):
        await gateway.text(rendered("zeta2"))
        assert model.asked == [rendered("zeta2")]


@asynchronous
async def test_a_fill_in_prompt_is_answered_by_an_edit_model_with_what_goes_in_between():
    given = msgspec.structs.replace(GIVEN, events=(), related_files=None)
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        assert await gateway.text(rendered("fim-qwen", given)) == "lt"


@asynchronous
async def test_what_is_no_insertion_is_nothing_for_a_fill_in_client():
    change = ("result = 0", "result = 1")
    async with Model(rewriting(change)) as model, opened(endpoint(model.url)) as gateway:
        assert await gateway.text(rendered("fim-qwen")) == ""
        assert gateway.reasons == ["outside_editable"]


@asynchronous
async def test_the_limit_of_tokens_is_the_formats_and_not_the_clients_guess():
    async with Model(rewriting()) as model, opened(endpoint(model.url)) as gateway:
        await gateway.text(rendered(), max_tokens=64)
        assert model.requests[0].json["max_tokens"] >= 300


@asynchronous
async def test_an_answer_is_cut_at_the_clients_stop_strings_as_servers_do():
    whole = streamed("same\n>>>>>>> UPDATED\n")
    async with Model(saying(whole)) as model, opened(endpoint(model.url, "zeta-2")) as gateway:
        text = await gateway.text(rendered("zeta2"), stop=[">>>>>>> UPDATED\n"])
    assert text == await unchanged_region()


async def unchanged_region() -> str:
    read = recognised(rendered("zeta2"))
    return read.form.target(read.given, read.prompt, None).removesuffix(">>>>>>> UPDATED\n")


REGION = recognised(rendered()).given
BAD = {
    "deletes_region": ("zeta-2", "zeta2", ">>>>>>> UPDATED\n", "stop"),
    "answer_cut_short": ("zeta-2", "zeta2", "import os\n", "length"),
    "no_markers": ("zeta-2.1", "zeta2.1", "Sure! Here is the code", "stop"),
    "marker_out_of_range": ("zeta-2.1", "zeta2.1", "<|marker_1|>x<|marker_99|>", "stop"),
    "no_change": ("zeta-2.1", "zeta2.1", "<|marker_1|><|marker_1|>" + END, "stop"),
    "leaked_marker": ("zeta-2", "zeta2", "a<|fim_prefix|>\n" * 30 + ">>>>>>> UPDATED\n", "stop"),
}


@pytest.mark.parametrize("reason", BAD)
@asynchronous
async def test_an_answer_that_may_not_be_shown_becomes_no_edit_and_the_journal_says_why(reason):
    model_name, name, output, finish = BAD[reason]
    async with (
        Model(saying(streamed(output, finish=finish))) as model,
        opened(endpoint(model.url, model_name)) as gateway,
    ):
        text = await gateway.text(rendered(name))
    assert gateway.reasons == [reason]
    assert proposed(name, text) == []


@asynchronous
async def test_zeta2s_sentinels_never_reach_a_client():
    async with (
        Model(saying(streamed("NO_EDITS"))) as model,
        opened(endpoint(model.url, "zeta-2")) as gateway,
    ):
        text = await gateway.text(rendered("zeta2"))
    assert "NO_EDITS" not in text
    assert proposed("zeta2", text) == []


@asynchronous
async def test_of_an_answer_that_was_cut_off_the_rest_of_the_region_stays():
    read = recognised(rendered("zeta2"))
    region = read.given.cursor_excerpt.encode()[slice(*read.prompt.editable)].decode()
    rows = region.replace("before_36 =", "renamed =", 1).split("\n")
    cut = "\n".join(rows[: len(rows) // 2])
    async with (
        Model(saying(streamed(cut, finish="length"))) as model,
        opened(endpoint(model.url, "zeta-2")) as gateway,
    ):
        text = await gateway.text(rendered("zeta2"))
    assert "renamed" in text
    assert text.split("\n")[-4:-1] == [*region.split("\n")[-2:], ">>>>>>> UPDATED"]


@asynchronous
async def test_a_prompt_about_an_excluded_file_asks_nobody():
    given = msgspec.structs.replace(GIVEN, cursor_path="shop/.env")
    async with Model(rewriting()) as model, opened(endpoint(model.url)) as gateway:
        assert proposed("zeta2.1", await gateway.text(rendered(given=given)), given) == []
        assert model.connections <= 1  # one that was opened ahead
        assert not model.requests
    assert gateway.reasons == ["excluded_path"]


@pytest.mark.parametrize("name", ["zeta2.1", "zeta2", "zeta1", "zeta-v0131"])
@asynchronous
async def test_excluded_files_are_taken_out_of_a_prompt_about_another(name):
    secret = BufferChange("shop/.env", "shop/.env", "@@ -1,1 +1,1 @@\n-KEY=canary\n+KEY=canary2\n")
    file = RelatedFile("shop/keys/id.pem", 2, (RelatedExcerpt((0, 1), "canary3\n"),))
    given = msgspec.structs.replace(
        GIVEN, events=(secret, *GIVEN.events), related_files=(file, *GIVEN.related_files)
    )
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url, "my-own")) as gateway:
        model.behave = saying(streamed("nothing"))
        response = await gateway.complete(rendered(name, given))
    assert response.status_code == 200
    assert len(model.requests) == 1
    assert b"canary" not in model.sent
    assert b"shop/tax.py" in model.sent


@asynchronous
async def test_globs_of_the_users_apply_within_the_workspace_folder():
    chosen = settings(disabled_globs=("basket.*",))
    async with Model(rewriting()) as model, opened(endpoint(model.url), chosen) as gateway:
        await gateway.text(rendered())
        assert not model.requests
    assert gateway.reasons == ["excluded_path"]


@asynchronous
async def test_predictions_that_are_switched_off_ask_nobody():
    off = settings(mode="off")
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url), off) as gateway:
        assert proposed("zeta2.1", await gateway.text(rendered())) == []
        assert not model.requests
    assert gateway.reasons == ["mode_off"]


@asynchronous
async def test_markers_that_belong_in_the_text_are_never_handed_out_in_hiding():
    """A word joiner in an answer would stay in the document of a client that knows none."""
    heading = ("return resu", "return resu\n=======")
    async with Model(rewriting(heading)) as model, opened(endpoint(model.url)) as gateway:
        text = await gateway.text(rendered("zeta2"))
        assert proposed("zeta2", text) == []
        assert gateway.reasons == ["leaked_marker"]
        [new] = proposed("zeta2.1", await gateway.text(rendered("zeta2.1")))
        assert "\n=======\n" in new


@asynchronous
async def test_zed_gets_every_field_that_it_requires():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        body = (await gateway.complete(rendered(), model="zeta2.1", max_tokens=256)).json()
    assert body.keys() >= {"id", "object", "created", "model", "choices", "usage"}
    assert body["id"] == gateway.entries[0].id
    assert isinstance(body["choices"][0]["text"], str)
    assert all(
        isinstance(body["usage"][name], int)
        for name in ("prompt_tokens", "completion_tokens", "total_tokens")
    )


@asynchronous
async def test_a_stream_has_the_text_then_the_finish_then_the_end():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        whole = await gateway.text(rendered())
        response = await gateway.complete(rendered(), stream=True)
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done = response.text.removesuffix("\n\n").split("\n\n")
    assert done == "data: [DONE]"
    choices = [json.loads(one.removeprefix("data: "))["choices"][0] for one in events]
    assert "".join(choice["text"] for choice in choices) == whole
    assert [choice["finish_reason"] for choice in choices][-1] == "stop"


ENDPOINT_FAULTS = {
    "endpoint_refused": (answered("500 Broken"), 502),
    "endpoint_busy": (answered("429 Slow down", "retry-after: 3"), 429),
    "bad_reply": (answered("200 OK", "content-type: text/html", body=b"<html>"), 502),
}


@pytest.mark.parametrize("reason", ENDPOINT_FAULTS)
@asynchronous
async def test_faults_of_the_endpoint_are_errors_in_openais_shape(reason):
    reply, status = ENDPOINT_FAULTS[reason]
    async with Model(saying(reply)) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.complete(rendered())
    assert response.status_code == status
    error = response.json()["error"]
    assert error["code"] == reason
    assert error.keys() == {"message", "type", "param", "code"}
    assert gateway.reasons == [reason]
    if status == 429:
        assert int(response.headers["retry-after"]) >= 1


@asynchronous
async def test_a_reply_that_breaks_off_is_no_answer():
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    broken = head + chunk(event("<|marker_1|>half"))
    async with Model(cutting(broken)) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.complete(rendered())
    assert response.status_code == 502
    assert gateway.reasons == ["bad_reply"]


@asynchronous
async def test_an_endpoint_that_is_not_there_is_said_to_be_unreachable():
    async with opened(endpoint("http://127.0.0.1:1/v1/completions")) as gateway:
        response = await gateway.complete(rendered())
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "endpoint_unreachable"


@asynchronous
async def test_the_embedded_model_answers_without_any_endpoint():
    change = BufferChange(
        "p/a.py", "p/a.py", "@@ -1,1 +1,1 @@\n-a = old_name(1)\n+a = new_name(1)\n"
    )
    excerpt = "a = new_name(1)\nb = old_name(2)\n"
    given = msgspec.structs.replace(
        GIVEN,
        cursor_path="p/a.py",
        cursor_excerpt=excerpt,
        cursor_offset_in_excerpt=15,
        events=(change,),
        related_files=None,
    )
    async with opened() as gateway:
        for name in ("zeta2.1", "zeta2", "zeta1", "zeta-v0131"):
            [new] = proposed(name, await gateway.text(rendered(name, given)), given)
            assert "b = new_name(2)" in new
        models = (await gateway.client.get("/v1/models")).json()
    assert [model["id"] for model in models["data"]] == ["repeat"]


@asynchronous
async def test_tokens_nobody_wants_are_not_asked_for():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        assert await gateway.text(rendered(), max_tokens=0) == ""
        assert not model.requests


@asynchronous
async def test_an_unknown_prompt_is_refused_and_entered():
    async with Model(rewriting()) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.complete("def f(x):\n    return ")
        assert response.status_code == 422
        assert response.json()["error"]["code"] == "unknown_prompt"
        assert not model.requests
    assert gateway.reasons == ["unknown_prompt"]


@asynchronous
async def test_two_sides_by_themselves_are_a_prompt_too():
    async with (
        Model(saying(streamed("lt"))) as model,
        opened(endpoint(model.url, "qwen2.5-coder")) as gateway,
    ):
        assert await gateway.text("return resu", suffix="\nend\n") == "lt"
        assert "<|fim_suffix|>\nend\n<|fim_middle|>" in model.asked[0]
