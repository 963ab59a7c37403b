"""Replies of real servers, cut at every byte: a part is never taken for the whole."""

from pathlib import Path

import pytest

from tests.models.asking import asking, text_of
from tests.models.raw_server import Client, RawServer
from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.core.ports import Finish
from zeta_lsp.models.dialect import Dialect, Replies
from zeta_lsp.models.llamacpp import LlamaCpp
from zeta_lsp.models.mercury import Mercury
from zeta_lsp.models.ollama import Ollama
from zeta_lsp.models.openai import OpenAI
from zeta_lsp.models.wire import BrokenReply, ResponseReader

REPLIES = Path(__file__).resolve().parents[1] / "golden" / "replies"
URL = "http://127.0.0.1:1"
SAID = "return a + b\n    done here"
CASES: dict[str, tuple[Dialect, str]] = {
    "llamacpp-completions": (OpenAI(URL, {}), SAID),
    "llamacpp-document": (OpenAI(URL, {}), SAID),
    "llamacpp-native": (LlamaCpp(URL, {}), "return a + b\n    done"),
    "llamacpp-chat": (OpenAI(URL, {}), "    done here"),
    "vllm-completions": (OpenAI(URL, {}), "return a + b\n    done hére"),
    "transformers-completions": (OpenAI(URL, {}), "return a + b\n    done hére"),
    "ollama-generate": (Ollama(URL, {}), "return a + b\n    done hére"),
    "mercury-edit": (Mercury(URL, {}), "```\nreturn a + b\n```"),
}
ENDS = (b'"finish_reason":"stop"', b'"finish_reason": "stop"', b'"stop":true', b'"done":true')
"""How the servers say that the model has finished."""

cases = pytest.mark.parametrize(
    ("name", "dialect", "said"), [(name, *rest) for name, rest in CASES.items()], ids=CASES.keys()
)


def read(data: bytes, dialect: Dialect, size: int) -> tuple[str, Finish | None]:
    """Read packets of `size` bytes, then the end of the connection, as the transport would."""
    reader, replies, text = ResponseReader(), None, ""
    for at in range(0, len(data), size):
        body = reader.feed(data[at : at + size])
        if reader.head is not None and replies is None:
            headers = {name.lower(): value for name, value in reader.head.headers}
            kind = headers[b"content-type"].partition(b";")[0].decode()
            replies = Replies(dialect, kind)
        for piece in replies.feed(body) if replies else ():
            text += piece.text
            if piece.finish is not None:
                return text, piece.finish
    if not reader.complete:
        reader.feed_eof()
    assert replies is not None
    last = replies.end()
    return text + last.text, last.finish


@cases
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
def test_a_whole_reply_is_read_however_it_arrives(
    name: str, dialect: Dialect, said: str, size: int
) -> None:
    data = (REPLIES / f"{name}.http").read_bytes()
    assert read(data, dialect, size) == (said, Finish.STOP)


@cases
def test_a_reply_cut_at_any_byte_is_a_fault_or_whole(
    name: str, dialect: Dialect, said: str
) -> None:
    data = (REPLIES / f"{name}.http").read_bytes()
    faults = 0
    for end in range(len(data)):
        try:
            found = read(data[:end], dialect, 512)
        except (ModelBadReply, BrokenReply):
            faults += 1
        else:
            assert found == (said, Finish.STOP)
    assert faults > max(map(data.rfind, ENDS)) > 0


@pytest.mark.anyio
async def test_the_same_over_a_socket() -> None:
    said = CASES["llamacpp-chat"][1]
    data = (REPLIES / "llamacpp-chat.http").read_bytes()
    end = 0

    async def script(client: Client) -> None:
        await client.request()
        await client.send(data[:end])

    async with RawServer(script) as server:
        for end in range(1, len(data), 3):
            async with asking(server.url, dialect=OpenAI(server.url, {})) as model:
                try:
                    assert await text_of(model) == said
                except ModelBadReply:
                    assert end < data.rfind(b"[DONE]")
