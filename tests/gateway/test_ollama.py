"""``/api/generate``, as Zed and others ask Ollama."""

import json

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.model import Model, rewriting
from tests.gateway.serving import endpoint, opened, proposed, rendered

CHANGE = ("return resu", "return result")
GENERATE = "/api/generate"


@asynchronous
async def test_zeds_request_gets_one_document():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        options = {"num_predict": 64, "temperature": 0.2, "stop": []}
        asked = {"model": "zeta2.1", "prompt": rendered(), "raw": True, "stream": False}
        response = await gateway.client.post(GENERATE, json={**asked, "options": options})
        assert model.asked == [rendered()]
    reply = response.json()
    assert reply["done"] is True
    assert reply["created_at"].endswith("Z")
    [new] = proposed("zeta2.1", reply["response"])
    assert "return result\n" in new


@asynchronous
async def test_without_a_word_about_it_the_answer_comes_in_lines():
    async with Model(rewriting(CHANGE)) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.client.post(GENERATE, json={"prompt": rendered()})
    assert response.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in response.text.splitlines()]
    [new] = proposed("zeta2.1", "".join(line["response"] for line in lines))
    assert "return result\n" in new
    assert [line["done"] for line in lines] == [False, True]
    assert lines[-1]["done_reason"] == "stop"


@pytest.mark.parametrize(
    "asked", [{}, {"prompt": ""}, {"prompt": "x", "options": {"num_predict": 0}}]
)
@asynchronous
async def test_a_request_that_only_loads_a_model_asks_nothing(asked):
    async with Model(rewriting()) as model, opened(endpoint(model.url)) as gateway:
        response = await gateway.client.post(GENERATE, json={**asked, "stream": False})
        assert not model.requests
    assert response.json()["response"] == ""
    assert response.json()["done_reason"] == "load"


@asynchronous
async def test_the_one_model_is_listed():
    async with Model(rewriting()) as model, opened(endpoint(model.url, "zeta-2.1")) as gateway:
        tags = (await gateway.client.get("/api/tags")).json()
        version = (await gateway.client.get("/api/version")).json()
    assert [one["name"] for one in tags["models"]] == ["zeta-2.1"]
    assert version["version"]
