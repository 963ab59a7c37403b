"""Plain text for reading and for pagers, with colour where a terminal shows it.

Control characters that code or names may hold (but for tabs) never reach the terminal.
"""

import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

_STYLES = (("+++", "bold"), ("---", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


class Page:
    """Writes headings, facts, texts and diffs."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self.is_empty = True
        self._stream = stream
        self._console = (
            Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
            if stream.isatty()
            else None
        )

    def heading(self, text: str) -> None:
        """What the lines that follow are about."""
        if not self.is_empty:
            self._line("")
        self._line(text, "bold")

    def fact(self, name: str, value: object) -> None:
        """A name and a short value; nothing is said of what is empty."""
        if value not in ("", None, (), [], {}):
            self._line(f"  {name}: {value}")

    def text(self, name: str, text: str) -> None:
        """A long text under its name, each row behind a bar."""
        self._block(name, text, ())

    def diff(self, name: str, text: str) -> None:
        """A diff under its name."""
        self._block(name, text, _STYLES)

    def _block(self, name: str, text: str, styles: tuple[tuple[str, str], ...]) -> None:
        if not text:
            return
        self._line(f"  {name}:", "dim")
        for row in text.removesuffix("\n").split("\n"):
            style = next((style for start, style in styles if row.startswith(start)), "")
            self._line(f"    | {row}", style)

    def _line(self, text: str, style: str = "") -> None:
        self.is_empty, text = False, _harmless(text)
        if self._console is None:
            self._stream.write(text.encode("utf-8", "replace").decode() + "\n")
        else:
            self._console.print(Text(text, style=style))


def _harmless(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in text)
