"""A client that talks to a language server over pipes, byte by byte, and writes down both sides.

`Conversation` is blocking and keeps bodies as they come. `Transcript` is what was said in the order
in which the client saw it; as a file it is JSON lines, ``>`` for the client and ``<`` for the
server.
"""

import gzip
import json
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from zeta_lsp.server.framing import Framer, frame

Json = dict[str, Any]
REPLY_S = 60.0

CLIENT, SERVER = ">", "<"
Line = tuple[str, bytes]


class Silent(Exception):
    """The server said nothing for a minute, or ended."""


class Conversation:
    """A server process and everything that was said. `lines` is the transcript so far."""

    def __init__(
        self, argv: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.lines: list[Line] = []
        self.log = folder / "stderr.txt"
        with self.log.open("ab") as stderr:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=folder,
                env={**os.environ, **(env or {})},
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._stdin, self._stdout = self.process.stdin, self.process.stdout
        self._framer = Framer()
        self._ready: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._stdin.close()
        self._stdout.close()

    def say(self, body: bytes) -> None:
        """Send a body."""
        self.lines.append((CLIENT, body))
        self._stdin.write(frame(body))
        self._stdin.flush()

    def hear(self, within_s: float = REPLY_S) -> bytes:
        """The next body.

        Raises:
            Silent: there is none.
        """
        until_s = time.monotonic() + within_s
        while not self._ready:
            left_s = max(0.0, until_s - time.monotonic())
            if not select.select([self._stdout], [], [], left_s)[0]:
                raise Silent
            data = os.read(self._stdout.fileno(), 1 << 20)
            if not data:
                raise Silent(self.log.read_text(errors="replace")[-2000:])
            self._ready += [item for item in self._framer.feed(data) if isinstance(item, bytes)]
        body = self._ready.pop(0)
        self.lines.append((SERVER, body))
        return body


def save(lines: Sequence[Line], path: Path, replace: Mapping[str, str]) -> None:
    """Write a transcript, with names of this machine replaced."""
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for who, body in lines:
            text = body.decode()
            for name, better in replace.items():
                text = text.replace(name, better)
            out.write(json.dumps([who, text]).encode() + b"\n")


def load(path: Path) -> list[Line]:
    """Read a transcript."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(who, text.encode()) for who, text in map(json.loads, lines)]
