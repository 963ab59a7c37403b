"""A real Emacs in a terminal of its own: keys go in as bytes, Lisp is evaluated through its server.

Keys are what a terminal would send, so they pass through Emacs's own command loop. Lisp only looks;
it is evaluated in the window that a person looks at. What Emacs draws is kept, for pictures.
"""

import contextlib
import json
import os
import pty
import re
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.editors.driver import until

SIZE = 92, 24
"""Columns and rows."""
WHO, XTERM = b"\x1b[>0c", "\x1b[>0;136;0c"
"""What Emacs asks a terminal that may be able to do more, and what an xterm of old answers."""
START = (
    '(setq server-socket-dir "{folder}" server-name "emacs" native-comp-jit-compilation nil)\n'
    "(setq native-comp-enable-subr-trampolines nil)"
)
CHILDREN = "(vconcat (delq nil (mapcar #'process-id (process-list))))"
EVAL_S = 30.0
TERMINAL = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Emacs:
    """One Emacs; `init` is what its user's configuration says."""

    def __init__(self, program: str, init: str, environment: Mapping[str, str]) -> None:
        self._program = program
        self._init = init
        self._environment = {**os.environ, **TERMINAL, **environment}
        self.drawn = bytearray()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="zeta-emacs-")  # a socket's path is short
        self.folder = Path(self._folder.name)
        self._environment["HOME"] = str(self.folder)
        init = self.folder / "init.el"
        init.write_text(f"{START.format(folder=self.folder)}\n(server-start)\n{self._init}")
        self._start([self._program, "-Q", "-nw", "-l", str(init)])
        until(self.socket.exists, "the server's socket")
        until(self._ready, "a prompt to react")
        return self

    def __exit__(self, *_: object) -> None:
        children: list[int] = []
        with contextlib.suppress(OSError, AssertionError):
            children = self.eval(CHILDREN)
            self.eval("(progn (run-at-time 0 nil #'kill-emacs) nil)")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._keyboard)
        self._screen.join()
        for child in children:  # they end by themselves, a moment later
            until(lambda child=child: not Path(f"/proc/{child}").exists(), "the end of a server")
        self._folder.cleanup()

    @property
    def socket(self) -> Path:
        """Where `emacsclient -s` finds it."""
        return self.folder / "emacs"

    def press(self, keys: str) -> None:
        """Press keys, given as a terminal sends them."""
        os.write(self._keyboard, keys.encode())

    def eval(self, lisp: str) -> Any:
        """The value of a Lisp expression that gives something `json-serialize` takes."""
        seen = f"(with-current-buffer (window-buffer) {lisp})"
        value = f"(decode-coding-string (json-serialize {seen} :null-object nil) 'utf-8)"
        return json.loads(self._unquoted(self._asked(value)))

    def _start(self, argv: Sequence[str]) -> None:
        self._keyboard, terminal = pty.openpty()
        subprocess.run(
            ["stty", "cols", str(SIZE[0]), "rows", str(SIZE[1])], stdin=terminal, check=True
        )
        self._process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *argv],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=self._environment,
        )
        os.close(terminal)
        self._screen = threading.Thread(target=self._drain, daemon=True)
        self._screen.start()

    def _drain(self) -> None:
        """Take what is drawn off the terminal, which would stand still otherwise."""
        with contextlib.suppress(OSError):
            while drawn := os.read(self._keyboard, 65536):
                self.drawn += drawn
                if WHO in drawn:
                    self.press(XTERM)

    def _ready(self) -> bool:
        """Whether the server takes calls: its socket is there a moment earlier."""
        with contextlib.suppress(ConnectionRefusedError):
            return bool(self.eval("t"))
        return False

    def _asked(self, lisp: str) -> str:
        """What Emacs's server prints for an expression, by its own protocol."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(EVAL_S)
            line.connect(str(self.socket))
            line.sendall(f"-eval {_quoted(lisp)} \n".encode())
            said = b"".join(iter(lambda: line.recv(65536), b"")).decode()
        pieces = re.findall(r"^-(print|print-nonl|error) (.*)$", said, re.MULTILINE)
        assert pieces, said
        assert pieces[0][0] != "error", said
        return "".join(_unquoted(piece) for _, piece in pieces)

    @staticmethod
    def _unquoted(printed: str) -> str:
        """The string that Lisp printed."""
        return re.sub(r"\\(.)", r"\1", printed.strip()[1:-1], flags=re.DOTALL)


_CODES = {"&": "&&", " ": "&_", "\n": "&n"}


def _quoted(text: str) -> str:
    quoted = "".join(_CODES.get(char, char) for char in text)
    return f"&{quoted}" if quoted.startswith("-") else quoted


def _unquoted(text: str) -> str:
    plain = {"&": "&", "_": " ", "n": "\n", "-": "-"}
    return re.sub("&(.)", lambda found: plain[found[1]], text)
