"""A real inference server: llama.cpp's, with models whose answers are known."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from tests.e2e.parts import llama_server
from tests.models.asking import asking, collected, text_of
from tests.models.llama import LlamaServer, running
from tests.models.tiny_gguf import write_random, write_scripted
from tests.models.toy_format import ToyFormat
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelRefused, UnparsableAnswer
from zeta_lsp.core.formats.zeta2 import Zeta2
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.ports import Finish
from zeta_lsp.core.prompt import Prompt, PromptInput
from zeta_lsp.models import probe
from zeta_lsp.models.llamacpp import LlamaCpp
from zeta_lsp.models.openai import OpenAI
from zeta_lsp.models.predictor import EndpointPredictor

pytestmark = [pytest.mark.anyio, pytest.mark.inference]

PATIENT_S = 60.0
RELEASED = re.compile(r"stop processing")
SCRIPT = [
    "def add(a, b):\n",
    "    return a + b\n",
    "\n\n",
    "def sub(a, b):\n",
    "    return a * b\n",
    "\n\ntotal = add(1, 2)\n",
    ">>>>>>> UPDATED\n",
]
EXCERPT = "".join(SCRIPT[:-1]).replace("a + b", "a - b")
GIVEN = PromptInput("p/sums.py", EXCERPT, EXCERPT.index("a - b"), excerpt_start_row=0)
ASKED = Prompt("toy", "anything: ", (0, 0), (0, 0), max_tokens=64)


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    path = tmp_path_factory.mktemp("models") / "zeta2-scripted.gguf"
    write_scripted(path, SCRIPT)
    with running(llama_server(), path) as server:
        yield server


@pytest.fixture(scope="module")
def babbling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    path = tmp_path_factory.mktemp("models") / "babble.gguf"
    write_random(path)
    with running(llama_server(), path) as server:
        yield server


async def test_completions_are_streamed_and_end_by_themselves(scripted: LlamaServer) -> None:
    async with asking(scripted.url, total_s=PATIENT_S) as model:
        pieces = await collected(model, ASKED, PATIENT_S)
    assert "".join(piece.text for piece in pieces) == "".join(SCRIPT)
    assert all(piece.finish is None for piece in pieces[:-1])
    assert (pieces[-1].finish, pieces[-1].model) == (Finish.STOP, "zeta2-scripted")


async def test_its_own_protocol_says_the_same(scripted: LlamaServer) -> None:
    dialect = LlamaCpp(scripted.url, {})
    async with asking(scripted.url, dialect=dialect, total_s=PATIENT_S) as model:
        pieces = await collected(model, ASKED, PATIENT_S)
    assert "".join(piece.text for piece in pieces) == "".join(SCRIPT)
    assert pieces[-1].finish is Finish.STOP


@pytest.mark.parametrize("kind", [OpenAI, LlamaCpp])
async def test_the_token_limit_is_told_apart_from_an_end(
    scripted: LlamaServer, kind: type[OpenAI] | type[LlamaCpp]
) -> None:
    prompt = Prompt("toy", "anything: ", (0, 0), (0, 0), max_tokens=2)
    dialect = kind(scripted.url, {})
    async with asking(scripted.url, dialect=dialect, total_s=PATIENT_S) as model:
        pieces = await collected(model, prompt, PATIENT_S)
    assert "".join(piece.text for piece in pieces) == "".join(SCRIPT[:2])
    assert pieces[-1].finish is Finish.LENGTH


@pytest.mark.parametrize("kind", [OpenAI, LlamaCpp])
async def test_a_stop_string_ends_the_answer_before_it(
    scripted: LlamaServer, kind: type[OpenAI] | type[LlamaCpp]
) -> None:
    prompt = Prompt("toy", "anything: ", (0, 0), (0, 0), max_tokens=64, stop=("def sub",))
    dialect = kind(scripted.url, {})
    async with asking(scripted.url, dialect=dialect, total_s=PATIENT_S) as model:
        pieces = await collected(model, prompt, PATIENT_S)
    assert "".join(piece.text for piece in pieces) == "".join(SCRIPT[:3])
    assert pieces[-1].finish is Finish.STOP


async def test_a_zeta_2_prompt_becomes_an_edit(
    scripted: LlamaServer,
) -> None:
    async with asking(scripted.url, total_s=PATIENT_S) as model:
        predictor = EndpointPredictor(Zeta2(), model)
        replies = [reply async for reply in predictor.predict(GIVEN)]
    # How much arrives together is the server's affair: all at once is given out whole only.
    assert [reply.partial for reply in replies] in ([True, False], [False])
    *early, whole = (edits_of(reply.answer, EXCERPT, 0) for reply in replies)
    assert early in ([whole], [])
    assert [(edit.start_row, edit.new_text) for edit in whole] == [(1, "+")]


async def test_closing_the_stream_stops_the_generation(babbling: LlamaServer) -> None:
    before = babbling.line_count
    prompt = Prompt("toy", "anything: ", (0, 0), (0, 0), max_tokens=8000)
    async with asking(babbling.url, total_s=PATIENT_S) as model:
        async with aclosing(model.stream(prompt)) as pieces:
            for _ in range(5):
                piece = await anext(pieces)
                assert piece.finish is None
        line = await asyncio.to_thread(babbling.wait_for, RELEASED, before)
    tokens = re.search(r"n_tokens = (\d+)", line)
    assert tokens is not None
    assert int(tokens[1]) < 4000


async def test_an_answer_that_runs_away_is_stopped_at_the_server(babbling: LlamaServer) -> None:
    before = babbling.line_count
    extra = {"max_tokens": 8000}
    async with asking(babbling.url, total_s=PATIENT_S, extra=extra) as model:
        predictor = EndpointPredictor(ToyFormat(), model)
        with pytest.raises(UnparsableAnswer) as caught:
            _ = [reply async for reply in predictor.predict(GIVEN)]
        await asyncio.to_thread(babbling.wait_for, RELEASED, before)
    assert caught.value.reason == "answer_too_large"


async def test_many_cancels_leave_the_server_answering(scripted: LlamaServer) -> None:
    async with asking(scripted.url, total_s=PATIENT_S) as model:
        for _ in range(20):
            stream = model.stream(ASKED)
            await anext(stream)
            await stream.aclose()
        assert await text_of(model, ASKED, PATIENT_S) == "".join(SCRIPT)


async def test_the_only_model_needs_no_name(scripted: LlamaServer) -> None:
    async with asking(scripted.url, name="", total_s=PATIENT_S) as model:
        assert await model.known_name() == "zeta2-scripted"


async def test_a_prompt_longer_than_the_context_is_refused_in_words(scripted: LlamaServer) -> None:
    prompt = Prompt("toy", "x " * 9000, (0, 0), (0, 0), max_tokens=64)
    async with asking(scripted.url, total_s=PATIENT_S) as model:
        with pytest.raises(ModelRefused, match="exceed_context_size_error"):
            await collected(model, prompt, PATIENT_S)


async def test_a_probe_tells_what_it_is_and_how_fast(scripted: LlamaServer) -> None:
    endpoint = Endpoint(kind="openai", url=scripted.url, timeout_ms=60_000)
    assert await probe.list_models(endpoint) == ("zeta2-scripted",)
    assert await probe.identify(endpoint) == probe.Served(("zeta2-scripted",), "llama.cpp", 8192)
    measured = await probe.measure(endpoint, ASKED)
    assert measured.output == "".join(SCRIPT)
    assert (measured.finish, measured.model) == (Finish.STOP, "zeta2-scripted")
    assert 0 < measured.first_token_ms <= measured.total_ms
