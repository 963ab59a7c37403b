"""The floor: the least a Python server can do for a keystroke and a request.

It keeps no document and builds no context. On ``floor/echo`` it replies at once; on
``floor/ask`` it posts a ready-made prompt to the endpoint over one kept connection, collects the
stream, and replies with one edit. Run as ``python -m tests.bench.floor PORT``.
"""

import asyncio
import json
import os
import re
import sys

LINES = "\n".join(f"value_{row} = compute({row})" for row in range(12))
PROMPT = f"<[fim-prefix]><|marker_1|>{LINES}<|user_cursor|>\n<|marker_2|><[fim-middle]>"


def send(payload: dict[str, object]) -> None:
    """Write one message."""
    body = json.dumps({"jsonrpc": "2.0", **payload}).encode()
    os.write(1, b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


class Endpoint:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self) -> str:
        """Post the prompt; the streamed text."""
        if self.pair is None:
            self.pair = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self.pair
        body = json.dumps({"model": "m", "prompt": PROMPT, "stream": True}).encode()
        writer.write(
            b"POST /v1/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n%s"
            % (len(body), body)
        )
        await reader.readuntil(b"\r\n\r\n")
        text = ""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            chunk = (await reader.readexactly(size + 2))[6:-4]
            if chunk != b"[DONE]":
                text += json.loads(chunk)["choices"][0]["text"]
        await reader.readexactly(2)
        return text


class Floor(asyncio.Protocol):
    """Frames in, replies out."""

    def __init__(self, port: int) -> None:
        self.buffer = b""
        self.endpoint = Endpoint(port)
        self.tasks: set[asyncio.Task[None]] = set()

    def data_received(self, data: bytes) -> None:
        """Cut frames and answer them."""
        self.buffer += data
        while (head := self.buffer.find(b"\r\n\r\n")) >= 0:
            match = re.search(rb"Content-Length: *(\d+)", self.buffer[:head])
            assert match is not None
            end = head + 4 + int(match[1])
            if len(self.buffer) < end:
                return
            body, self.buffer = self.buffer[head + 4 : end], self.buffer[end:]
            self.message(json.loads(body))

    def eof_received(self) -> None:
        """The client is gone."""
        os._exit(0)

    def message(self, message: dict[str, object]) -> None:
        """Answer one message."""
        if message["method"] == "floor/ask":
            task = asyncio.ensure_future(self.ask(message["id"]))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        elif "id" in message:
            send({"id": message["id"], "result": None})

    async def ask(self, request_id: object) -> None:
        """Ask the endpoint, then reply."""
        text = await self.endpoint.ask()
        position = {"line": 1, "character": 0}
        edit = {"range": {"start": position, "end": position}, "newText": text}
        send({"id": request_id, "result": {"edits": [edit]}})


async def main() -> None:
    """Serve standard input."""
    port = int(sys.argv[1])
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: Floor(port), sys.stdin)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
