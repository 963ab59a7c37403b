"""Vim with our plugin, in a terminal: keys go through tmux, text properties through a channel.

The editor starts with the very configuration that the plugin's README gives, in a home folder of
its own in which `zeta-lsp` is on the path. Before it, a few lines open a channel to this process,
by which Vim evaluates expressions: what is drawn is read from its text properties, the status line
and messages from its screen.
"""

import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar, Self

from tests.e2e import parts
from tests.editors.driver import Diff, until
from tests.editors.drivers.tmux import Terminal
from tests.editors.emacs.picture import picture_of
from tests.editors.stage import Stage

CHECKOUT = Path(__file__).resolve().parents[3]
PLUGIN = CHECKOUT / "editors" / "vim"
SIZE = (90, 24)
BEFORE = """
set nocompatible ttimeout ttimeoutlen=10 nomore noswapfile viminfo= belloff=all shortmess+=I
let g:peephole = ch_open('127.0.0.1:{port}', #{{mode: 'json'}})
"""
ANSWER = r"[Nn]othing shown because|left alone|zeta-lsp is"
INSERTING = re.compile("^[iR]")


def configuration(client: Path = PLUGIN, heading: str = "Minimal configuration") -> str:
    """The Vim script that a client's README gives under a heading."""
    text = (client / "README.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^#+ {re.escape(heading)}\n.*?```vim\n(.*?)```", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"no Vim script under {heading!r}"
    return found[1]


class Peephole:
    """Vim's end of a JSON channel: evaluates what is asked."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(20)
        self.port: int = self._listener.getsockname()[1]
        self._stream: socket.socket | None = None
        self._numbers = 0
        self._rest = ""

    def evaluate(self, expression: str) -> Any:
        """The value of an expression. Vim answers when it waits for a key."""
        self._numbers -= 1
        self._send(["expr", expression, self._numbers])
        while True:
            number, value = self._receive()
            if number == self._numbers:
                assert value != "ERROR", f"Vim cannot evaluate {expression}"
                return value

    def execute(self, command: str) -> None:
        """Run a command, without a redraw."""
        self._send(["ex", command])

    def close(self) -> None:
        """Hang up."""
        if self._stream is not None:
            self._stream.close()
        self._listener.close()

    def _send(self, message: list[Any]) -> None:
        if self._stream is None:
            self._stream, _ = self._listener.accept()
            self._stream.settimeout(20)
        self._stream.sendall(json.dumps(message).encode() + b"\n")

    def _receive(self) -> tuple[int, Any]:
        assert self._stream is not None
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(self._rest)
            except json.JSONDecodeError:
                if not (more := self._stream.recv(1 << 20)):
                    raise ConnectionError("Vim is gone") from None
                self._rest += more.decode()
                continue
            self._rest = self._rest[end:].lstrip()
            return value[0], value[1]


class Editor:
    """See `Driver`. `settings` is Vim script that runs in front of the README's."""

    NAME = "Vim 9.2"
    CANNOT: ClassVar[dict[str, str]] = {}
    CLIENT = PLUGIN
    DRAWN = "^Zeta"
    """Which text properties are looked at."""

    def __init__(self, stage: Stage, *, settings: str = "", program: str | None = None) -> None:
        self.stage = stage
        self.program = program or parts.vim()
        argv = [self.program, "--version"]
        line = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        found = re.search(r"IMproved (\S+).*?Included patches: [\d, -]*?(\d+)\n", line, re.DOTALL)
        assert found, line[:200]
        self.VERSION = f"{found[1]}.{found[2]}"
        self._settings = settings
        self._col = 0

    def __enter__(self) -> Self:
        self.peephole = Peephole()
        home = Path(tempfile.mkdtemp(prefix="vim", dir=self.stage.folder))
        vimrc = self._furnish(home)
        environment = {
            "HOME": str(home),
            "TERM": "xterm-256color",
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        }
        argv = ["env", "-C", str(self.stage.project), self.program, "-N", "-u", str(vimrc)]
        self.terminal = Terminal(argv, home, environment, SIZE)
        self.terminal.__enter__()
        try:
            until(lambda: self.evaluate("v:vim_did_enter"), "Vim has started")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # it is gone: that was the point
            self.peephole.execute("qall!")
        self.peephole.close()
        self.terminal.__exit__()

    def _furnish(self, home: Path) -> Path:
        """A person's home: the checkout where the README has it, zeta-lsp, and a vimrc."""
        (home / "src").mkdir(parents=True, exist_ok=True)
        (home / "bin").mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (home / "src" / "zeta-lsp").symlink_to(CHECKOUT)
        exports = " ".join(shlex.quote(f"{k}={v}") for k, v in self.stage.environment.items())
        server = home / "bin" / "zeta-lsp"
        server.write_text(f'#!/bin/sh\nexec env {exports} {shlex.join(self.stage.command)} "$@"\n')
        server.chmod(0o755)
        vimrc = home / ".vimrc"
        before = BEFORE.format(port=self.peephole.port)
        vimrc.write_text(f"{before}{self._settings}\n{configuration(self.CLIENT)}")
        return vimrc

    # What a person does.

    def open(self, path: Path) -> None:
        self.command(f"hide edit {path}")
        followed = f"expand('%:p') ==# '{path}' && zeta#IsFollowed()"
        until(lambda: self.evaluate(followed), f"the server follows {path.name}")

    def place(self, row: int, col: int) -> None:
        self.leave()
        line = str(self.evaluate(f"getline({row + 1})"))
        self._col = len(line[:col].encode())
        self.evaluate(f"cursor({row + 1}, {self._col + 1})")
        self.press("a" if line and col >= len(line) else "i")
        until(lambda: INSERTING.match(self.mode()), "Insert mode")

    def type(self, text: str) -> None:
        if not INSERTING.match(self.mode()):
            self.press("i")
        self.terminal.write(text)
        self.mode()

    def ask(self) -> None:
        self.press("C-g", "n") if INSERTING.match(self.mode()) else self.command("Zeta ask")

    def accept(self) -> None:
        self.press("Tab")

    def accept_word(self) -> None:
        self.press("C-g", "w")

    def accept_line(self) -> None:
        self.press("C-g", "l")

    def jump(self) -> None:
        self.press("Tab")

    def reject(self) -> None:
        self.press("C-]")

    def undo(self) -> None:
        self.leave()
        self.press("u")

    def save(self) -> None:
        self.command("silent write")

    def capture(self, on: bool) -> None:
        self.command(f"Zeta capture {'on' if on else 'off'}")
        if on:
            until(lambda: self.terminal.has("zeta-lsp asks"), "the question")
            self.press("2")

    # What a person sees.

    def text(self) -> str:
        lines, kind = self.evaluate("[getline(1, '$'), &fileformat]")
        end = {"dos": "\r\n", "mac": "\r", "unix": "\n"}[kind]
        return end.join([*lines, ""])

    def cursor(self) -> tuple[int, int]:
        row, col, line = self.evaluate("[line('.'), col('.'), getline('.')]")
        return row - 1, len(line.encode()[: col - 1].decode())

    def path(self) -> Path:
        return Path(self.evaluate("expand('%:p')"))

    def ghost(self) -> str:
        return self._drawn("ZetaGhost")

    def diff(self) -> Diff | None:
        old, new = self._covered("ZetaOld"), self._drawn("ZetaNew")
        return Diff(old, new) if old or new else None

    def hint(self) -> str:
        return self._drawn("ZetaHint").strip()

    def recording(self) -> bool:
        return "●rec" in self.statusline()

    def reason(self) -> str:
        self.evaluate("execute('call popup_clear()')")
        self.command("Zeta status")
        until(lambda: self.terminal.has(ANSWER), "the answer")
        shown = "\n".join(self.terminal.rows())
        self.press("Enter")
        return shown

    def screenshot(self, path: Path) -> None:
        row, cell = self.terminal.cursor()
        lines = self.terminal.coloured().rstrip("\n").split("\n")
        screen = "\r\n".join(lines) + f"\x1b[{row + 1};{cell + 1}H"
        picture_of(screen.encode(), SIZE, path)

    # For tests of this editor alone.

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the editor."""
        return self.peephole.evaluate(expression)

    def leave(self) -> None:
        """Press Escape, and wait until Vim knows that it begins no other key."""
        self.press("Escape")
        until(lambda: self.mode() == "n", "Normal mode")

    def command(self, command: str) -> None:
        """Type a command line, from whatever mode."""
        self.leave()
        quoted = command.replace("\\", "\\\\").replace('"', '\\"')
        self.evaluate(f'feedkeys(":{quoted}\\<CR>", "t")')
        self.mode()

    def rest(self, seconds: float) -> None:
        """Do nothing, as a person who thinks."""
        time.sleep(seconds)

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them, and wait until they are worked off."""
        self.terminal.press(*keys)
        self.mode()

    def mode(self) -> str:
        """Vim's name for the mode it is in."""
        return str(self.evaluate("mode(1)"))

    def statusline(self) -> str:
        """The status line, as it is drawn."""
        return self.terminal.rows()[SIZE[1] - 2]

    def properties(self, type_: str) -> list[dict[str, Any]]:
        """Text properties of types that begin so, in the order of the text."""
        types = f"prop_type_list()->filter({{_, t -> t =~# '{self.DRAWN}'}})"
        found = self.evaluate(f"prop_list(1, #{{end_lnum: -1, types: {types}}})")
        return [one for one in found if one["type"].startswith(type_)]

    def _drawn(self, type_: str) -> str:
        """Virtual text; what stands below a line begins with a line end."""
        found = (one for one in self.properties(type_) if "text" in one)
        lines = [("\n" if "text_align" in one else "", one["text"]) for one in found]
        return "".join(end + text for end, text in lines)

    def _covered(self, type_: str) -> str:
        """The buffer's text under properties."""
        covered = []
        for one in self.properties(type_):
            if "text" not in one:
                line = str(self.evaluate(f"getline({one['lnum']})")).encode()
                begin = one["col"] - 1
                covered.append(line[begin : begin + one["length"]].decode())
        return "\n".join(covered)
