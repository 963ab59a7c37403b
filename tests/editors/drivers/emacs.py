"""Emacs with our package, in a terminal: keys as a terminal sends them, overlays as they are drawn.

The editor starts with the very configuration that the package's README gives; only where the
checkout is and what is started are the test's own.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from tests.editors.driver import Diff, until
from tests.editors.emacs import parts
from tests.editors.emacs.picture import picture_of
from tests.editors.emacs.process import SIZE, Emacs
from tests.editors.stage import Stage

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGE = CHECKOUT / "editors" / "emacs"
PREFIX = "\x03,"  # C-c ,
QUIET = """
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil
      ring-bell-function #'ignore)
"""
SEEN = """
(vconcat
 (mapcar
  (lambda (one)
    (let ((drawn (or (overlay-get one 'after-string) (overlay-get one 'before-string) "")))
      (list :role (symbol-name (overlay-get one 'zeta))
            :covers (buffer-substring-no-properties (overlay-start one) (overlay-end one))
            :drawn (mapconcat (lambda (at)
                                (if (get-text-property at 'zeta-pad drawn)
                                    ""
                                  (substring-no-properties drawn at (1+ at))))
                              (number-sequence 0 (1- (length drawn))) ""))))
  (sort (seq-filter (lambda (one) (overlay-get one 'zeta))
                    (overlays-in (point-min) (point-max)))
        (lambda (a b) (< (overlay-start a) (overlay-start b))))))
"""
TEXT = """
(list :text (buffer-substring-no-properties (point-min) (point-max))
      :eol (coding-system-eol-type buffer-file-coding-system))
"""
CURSOR = "(vector (1- (line-number-at-pos)) (- (point) (line-beginning-position)))"
MODE_LINE = "(substring-no-properties (format-mode-line mode-line-format))"


def readme(heading: str, number: int = 0) -> str:
    """The Lisp that the README gives under a heading, the first block unless told otherwise."""
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    section = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert section, f"no section {heading!r} in the README"
    return re.findall(r"^```elisp\n(.*?)^```", section[1], re.DOTALL | re.MULTILINE)[number]


def adapted(lisp: str, stage: Stage) -> str:
    """The README's Lisp for this checkout and this stage's server."""
    server = " ".join(json.dumps(word) for word in stage.command)
    here = lisp.replace("~/zeta-lsp/editors/emacs", str(PACKAGE))
    return here.replace('("zeta-lsp")', f"({server})")


class Editor:
    """See `Driver`. `settings` is Lisp that runs in front of the README's, or `alone`."""

    NAME = "Emacs 30"
    CANNOT: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self, stage: Stage, *, settings: str = "", alone: bool = False, program: str | None = None
    ) -> None:
        program = program or parts.emacs()
        self.VERSION = parts.version_text(program)
        server = adapted('(setq zeta-server-command \'("zeta-lsp"))\n', stage)
        ours = "" if alone else server + adapted(readme("Configuration"), stage)
        init = QUIET + settings + ours
        self.emacs = Emacs(program, init, stage.environment)

    def __enter__(self) -> Self:
        self.emacs.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.emacs.__exit__()

    def open(self, path: Path) -> None:
        self.emacs.press(f"\x18\x06\x01\x0b{path}\r")  # C-x C-f C-a C-k
        until(lambda: self._shows(path), f"{path} on the screen with the server attached")

    def place(self, row: int, col: int) -> None:
        self.emacs.press(f"\x1bgg{row + 1}\r\x01" + "\x06" * col)  # M-g g, C-a, C-f
        until(lambda: self.cursor() == (row, col), f"the cursor at {row}, {col}")

    def type(self, text: str) -> None:
        for char in text:
            self.emacs.press("\r" if char == "\n" else char)

    def ask(self) -> None:
        self._command("n")

    def text(self) -> str:
        seen = self.emacs.eval(TEXT)
        ends = {1: "\r\n", 2: "\r"}
        return str(seen["text"]).replace("\n", ends.get(seen["eol"], "\n"))

    def cursor(self) -> tuple[int, int]:
        row, col = self.emacs.eval(CURSOR)
        return row, col

    def path(self) -> Path:
        return Path(self.emacs.eval("(or (buffer-file-name) (buffer-name))"))

    def ghost(self) -> str:
        return self._drawn("ghost")

    def diff(self) -> Diff | None:
        old = "".join(one["covers"] for one in self._overlays() if one["role"] == "old")
        shown = Diff(old, self._drawn("new"))
        return shown if any(shown) else None

    def hint(self) -> str:
        return self._drawn("hint").strip()

    def accept(self) -> None:
        self.emacs.press("\t")

    def accept_word(self) -> None:
        self.emacs.press("\x1bf")  # M-f

    def accept_line(self) -> None:
        self.emacs.press("\x05")  # C-e

    def jump(self) -> None:
        self._command("j")

    def reject(self) -> None:
        self._command("r")

    def undo(self) -> None:
        self.emacs.press("\x1f")  # C-_

    def save(self) -> None:
        self.emacs.press("\x18\x13")  # C-x C-s
        until(lambda: self.emacs.eval("(if (buffer-modified-p) :false t)"), "a saved buffer")

    def capture(self, on: bool) -> None:
        self._command("c" if on else "C")
        if on:
            until(lambda: self.emacs.eval("(minibufferp)"), "the question")
            self.emacs.press("Record\r")

    def recording(self) -> bool:
        return "●rec" in self.emacs.eval(MODE_LINE)

    def reason(self) -> str:
        self._command("s")
        said = '(or (and (string-prefix-p "zeta:" (current-message)) (current-message)) "")'
        return str(until(lambda: self.emacs.eval(said), "what is going on"))

    def screenshot(self, path: Path) -> None:
        picture_of(bytes(self.emacs.drawn), SIZE, path)

    def messages(self) -> str:
        """What was said in the echo area so far, for a failing test."""
        return str(self.emacs.eval('(with-current-buffer "*Messages*" (buffer-string))'))

    def _command(self, key: str) -> None:
        self.emacs.press(PREFIX + key)

    def _shows(self, path: Path) -> bool:
        ready = "(if (and (bound-and-true-p zeta-mode) (zeta-sync-ready-p)) t :false)"
        return self.path() == path and bool(self.emacs.eval(ready))

    def _overlays(self) -> list[dict[str, Any]]:
        return list(self.emacs.eval(SEEN))

    def _drawn(self, role: str) -> str:
        return "".join(one["drawn"] for one in self._overlays() if one["role"] == role)
