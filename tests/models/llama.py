"""A running llama.cpp server, and what it writes to its log."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 30.0
_LISTENING = re.compile(r"listening on (http://\S+)")


class LlamaServer:
    """One server process. `url` is where it listens, without a path."""

    def __init__(self, program: str, model: Path, *options: str) -> None:
        command = [program, "-m", str(model), "-c", "8192", "--alias", model.stem, "--port", "0"]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: list[str] = []
        self._ended = False
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        found = _LISTENING.search(self.wait_for(_LISTENING))
        assert found is not None
        self.url = found[1]

    @property
    def line_count(self) -> int:
        """How many lines the log has."""
        return len(self._lines)

    def wait_for(self, pattern: re.Pattern[str], since: int = 0) -> str:
        """The first line of the log, from number `since` on, that holds a pattern."""
        with self._more:
            if not self._more.wait_for(
                lambda: self._ended or self._find(pattern, since), PATIENCE_S
            ):
                raise TimeoutError(f"llama-server did not write {pattern.pattern!r}")
            line = self._find(pattern, since)
        assert line is not None, "llama-server ended:\n" + "".join(self._lines[-20:])
        return line

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            with self._more:
                self._lines.append(line)
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def _find(self, pattern: re.Pattern[str], since: int) -> str | None:
        return next((line for line in self._lines[since:] if pattern.search(line)), None)


@contextmanager
def running(program: str, model: Path, *options: str) -> Iterator[LlamaServer]:
    """A server while the context is open."""
    server = LlamaServer(program, model, *options)
    try:
        yield server
    finally:
        server.close()
