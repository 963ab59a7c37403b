"""A loopback inference endpoint that answers at once: raw asyncio, so that it costs little.

It reads a zeta2.1 prompt, rewrites the block that holds the cursor (one line of it changed) and
streams that in 20 server-sent events, as vLLM would. The model's own time is therefore zero, and
what a benchmark measures is the path around it. Run as ``python -m tests.bench.endpoint``; it
prints its port.
"""

import asyncio
import json
import re

EVENTS = 20
CURSOR = "<|user_cursor|>"
_BLOCK = re.compile(r"<\|marker_(\d+)\|>")
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
    b"connection: keep-alive\r\n\r\n"
)


def answer(prompt: str) -> str:
    """The block with the cursor, one of its other lines changed, between its markers."""
    at = prompt.rfind(CURSOR)
    start = list(_BLOCK.finditer(prompt, 0, at))[-1]
    end = _BLOCK.search(prompt, at)
    assert end is not None
    lines = prompt[start.end() : end.start()].replace(CURSOR, "").split("\n")
    cursor_row = prompt.count("\n", start.end(), at)
    row = cursor_row - 2 if cursor_row >= 2 else min(cursor_row + 2, len(lines) - 1)
    lines[row] += " changed"
    return start[0] + "\n".join(lines) + end[0]


def events(text: str) -> list[bytes]:
    """The answer cut into chunks of a chunked SSE body."""
    size = max(1, -(-len(text) // EVENTS))
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    payloads = [{"choices": [{"text": piece, "finish_reason": None}]} for piece in pieces]
    payloads.append({"choices": [{"text": "", "finish_reason": "stop"}]})
    bodies = [b"data: " + json.dumps(payload).encode() + b"\n\n" for payload in payloads]
    bodies.append(b"data: [DONE]\n\n")
    return [b"%x\r\n%s\r\n" % (len(body), body) for body in bodies]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection's requests."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            writer.write(_HEAD)
            for event in events(answer(json.loads(body)["prompt"])):
                writer.write(event)
            writer.write(b"0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
