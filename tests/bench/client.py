"""A blocking LSP client for measuring: one write, one read, no event loop of its own in the way."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any, Self

_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")


class Client:
    """A server process and the pipe to it. `started_s` is when it was started."""

    def __init__(self, argv: list[str], env: dict[str, str] | None = None) -> None:
        self.started_s = time.perf_counter()
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **(env or {})}
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._write, self._read = self.process.stdin.fileno(), self.process.stdout.fileno()
        self._buffer = b""
        self._id = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send(frame({"method": method, "params": params}))

    def request(self, method: str, params: object, *, after: bytes = b"") -> Any:
        """Send a request, `after` (ready frames) just before it in one write; its result."""
        self._id += 1
        self._send(after + frame({"id": self._id, "method": method, "params": params}))
        while True:
            message = self._receive()
            if message.get("id") == self._id and "method" not in message:
                assert "error" not in message, message["error"]
                return message.get("result")

    def cpu_s(self) -> float:
        """CPU seconds all threads of the server have run (Linux schedstat)."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def memory_mib(self) -> float:
        """Resident memory of the server."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+)", status)
        assert match is not None
        return int(match[1]) / 1024

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._write, data) :]

    def _receive(self) -> dict[str, Any]:
        while True:
            head = self._buffer.find(b"\r\n\r\n")
            if head >= 0:
                match = _LENGTH.search(self._buffer[:head])
                assert match is not None
                end = head + 4 + int(match[1])
                if len(self._buffer) >= end:
                    body, self._buffer = self._buffer[head + 4 : end], self._buffer[end:]
                    decoded: dict[str, Any] = json.loads(body)
                    return decoded
            data = os.read(self._read, 1 << 20)
            if not data:
                raise EOFError("the server ended")
            self._buffer += data


def frame(payload: dict[str, object]) -> bytes:
    """One message as it goes over the wire."""
    body = json.dumps({"jsonrpc": "2.0", **payload}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
