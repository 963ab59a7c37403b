"""What a scene asks of an editor, whichever it is.

A driver starts one real editor with zeta-lsp attached to what it opens, presses keys as a person
would, and reports what a person would see: the text, the cursor, what is drawn on the screen.
Rows and columns count from 0, columns in code points. What a driver reports about the screen it
reads from what the editor drew (extended marks, decorations, overlays, a page's elements), never
from what the server said.

Each driver is a module of `tests.editors.drivers` with a class `Editor` that takes a `Stage`.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

from tests.editors.stage import Stage

WAIT_S = 20.0


class Diff(NamedTuple):
    """An edit as it is shown elsewhere than at the cursor: text that goes, text that comes.

    Either may be "". Editors draw whole lines or the changed part of one; a scene only looks
    whether the words that matter are in it.
    """

    old: str
    new: str


class Driver(Protocol):
    """One running editor. Making one starts it; leaving the `with` ends it and all it started."""

    NAME: str
    """As the table calls it: "Neovim 0.12"."""
    VERSION: str
    """What the program says it is: "0.12.4"."""
    CANNOT: Mapping[str, str]
    """The scenes that make no sense in this editor, with the reason that the table gives."""

    def __init__(self, stage: Stage) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def open(self, path: Path) -> None:
        """Show a file and wait until the server is attached to it."""

    def place(self, row: int, col: int) -> None:
        """Put the cursor somewhere."""

    def type(self, text: str) -> None:
        """Press keys that insert this text at the cursor, one after the other."""

    def ask(self) -> None:
        """Ask for a prediction explicitly, as a person does with a key or a command."""

    def text(self) -> str:
        """The buffer, with its line ends as they are saved."""

    def cursor(self) -> tuple[int, int]:
        """Where the cursor is."""

    def path(self) -> Path:
        """The file that is shown."""

    def ghost(self) -> str:
        """The text that is proposed at the cursor, as drawn; "" if none is."""

    def diff(self) -> Diff | None:
        """The edit that is shown elsewhere, as drawn."""

    def hint(self) -> str:
        """What is drawn to say that the next edit is out of sight (its line, its file), or ""."""

    def accept(self) -> None:
        """Take the whole of what is shown, with the key that a person would press."""

    def accept_word(self) -> None:
        """Take its next word."""

    def accept_line(self) -> None:
        """Take its next line."""

    def jump(self) -> None:
        """Go to the edit that is out of sight."""

    def reject(self) -> None:
        """Turn down what is shown."""

    def undo(self) -> None:
        """Undo once."""

    def save(self) -> None:
        """Write the file, and wait until it is written."""

    def capture(self, on: bool) -> None:
        """Switch recording on or off with the editor's own command, agreeing when asked."""

    def recording(self) -> bool:
        """Whether the editor shows that the file is recorded."""

    def reason(self) -> str:
        """What the editor says when a person asks why nothing is shown."""

    def screenshot(self, path: Path) -> None:
        """Draw what a person sees into a PNG file."""


def until(condition: Callable[[], Any], what: str = "", timeout_s: float = WAIT_S) -> Any:
    """Wait until something holds on the screen; its value."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what or condition}")
        time.sleep(0.02)  # screens cannot be awaited, only looked at
    return value
