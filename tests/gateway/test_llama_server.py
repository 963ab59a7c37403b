"""The gateway before a real inference server: llama.cpp's, with models whose answers are known."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.parts import llama_server
from tests.gateway.raw_client import connected, posting
from tests.gateway.serving import endpoint, opened, rendered
from tests.models.llama import LlamaServer, running
from tests.models.tiny_gguf import write_random, write_scripted
from zeta_lsp.core.prompt import PromptInput

pytestmark = pytest.mark.inference

PATIENT_MS = 60_000
WORKING, RELEASED = re.compile(r"launch_slot_|processing task"), re.compile(r"stop processing")
SCRIPT = [
    "def add(a, b):\n",
    "    return a + b\n",
    "\n\ntotal = add(1, 2)\n",
    ">>>>>>> UPDATED\n",
]
EXCERPT = "".join(SCRIPT[:-1]).replace("a + b", "a - b")
GIVEN = PromptInput("p/sums.py", EXCERPT, EXCERPT.index("a - b"), excerpt_start_row=0)


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


@asynchronous
async def test_zeds_zeta2_request_is_answered_by_a_real_server(scripted):
    upstream = endpoint(f"{scripted.url}/v1/completions", "", timeout_ms=PATIENT_MS)
    async with opened(upstream) as gateway:
        text = await gateway.text(rendered("zeta2", GIVEN), model="zeta2", max_tokens=256, stop=[])
    assert text == "".join(SCRIPT)
    assert gateway.entries[0].model == "zeta2-scripted"


@asynchronous
async def test_a_client_of_another_format_gets_the_same_edit(scripted):
    upstream = endpoint(f"{scripted.url}/v1/completions", "", timeout_ms=PATIENT_MS)
    async with opened(upstream) as gateway:
        text = await gateway.text(rendered("zeta2.1", GIVEN))
    assert text == f"<|marker_1|>{''.join(SCRIPT[:-1])}<|marker_2|>"


@asynchronous
async def test_a_real_server_stops_when_the_client_leaves(babbling):
    upstream = endpoint(f"{babbling.url}/v1/completions", "babble", "zeta2", timeout_ms=PATIENT_MS)
    async with opened(upstream) as gateway:
        since = babbling.line_count
        async with connected(gateway.port) as client:
            await client.send(posting(rendered("zeta2")))
            await asyncio.to_thread(babbling.wait_for, WORKING, since)
        await gateway.journal.holds(1)
        await asyncio.to_thread(babbling.wait_for, RELEASED, since)
    assert gateway.reasons == ["cancelled"]
