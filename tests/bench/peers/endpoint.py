"""A loopback endpoint for every peer, which says how long it had each question.

It answers at once in the protocol that is asked for: zeta2.1 prompts and the floor's as a stream of
20 events (`tests.bench.endpoint`), chat as ai-lsp asks it and Tabby's completions in one document,
since those two do not stream. ``GET /turns`` gives, for each question since the last time, when the
last byte of it was there and when the last byte of the answer was written, in seconds of
`time.perf_counter`, which all processes of a machine share. Run as
``python -m tests.bench.peers.endpoint``; it prints its port.
"""

import asyncio
import json
import re
import time
from typing import Any

from tests.bench.endpoint import answer, events

TYPED = re.compile(r"typed_\d{6}x*")
"""What the typist writes; it stands in a document once."""
_SSE = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
    b"connection: keep-alive\r\n\r\n"
)


class Turns:
    """When each question came and was answered."""

    def __init__(self) -> None:
        self._turns: list[tuple[float, float]] = []

    def take(self) -> list[tuple[float, float]]:
        """Those since the last call."""
        turns, self._turns = self._turns, []
        return turns

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                came_s = time.perf_counter()
                path = head.split(b" ", 2)[1].decode()
                is_question = path.endswith("completions")
                for part in parts(path, body) if is_question else [document(self._told(path))]:
                    writer.write(part)
                await writer.drain()
                if is_question:
                    self._turns.append((came_s, time.perf_counter()))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _told(self, path: str) -> object:
        return self.take() if path == "/turns" else TABBY.get(path, {})


TABBY: dict[str, object] = {
    "/v1/health": {"model": "m", "device": "cpu", "version": {"git_describe": "v0.11.0"}},
    "/v1beta/server_setting": {"disable_client_side_telemetry": True},
}
"""What Tabby's agent wants to hear before it asks."""


def parts(path: str, body: bytes) -> list[bytes]:
    """The answer to a question, as it is written."""
    asked = json.loads(body)
    if path.endswith("/chat/completions"):
        return [document(chat(asked))]
    if "segments" in asked:
        choice = {"index": 0, "text": f"_{len(asked['segments']['prefix'])}_completed()"}
        return [document({"id": "c", "choices": [choice]})]
    return [_SSE, *events(answer(asked["prompt"])), b"0\r\n\r\n"]


def chat(asked: dict[str, Any]) -> object:
    """An answer in the form that ai-lsp asks for: a hint that renames what was just typed."""
    found = (TYPED.search(str(message["content"])) for message in asked["messages"])
    typed = next((match[0] for match in found if match), "")
    hints = [{"prefix": "", "existing": typed, "suffix": "", "text": typed + "_changed"}]
    message = {"role": "assistant", "content": json.dumps(hints if typed else [])}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "m"} | {
        "choices": [choice],
        "usage": usage,
    }


def document(value: object) -> bytes:
    """A response that is one JSON document."""
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.start_server(Turns().serve, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
