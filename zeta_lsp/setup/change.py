"""What setup means to do: files that become others, programs that run, words for the person.

Plans are values. They are made by recipes, shown by `showing` and carried out by `writing`.
"""

import difflib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from zeta_lsp.core.errors import ZetaError


class Refused(ZetaError):
    """A file that is not changed; the message says why, `snippet` is what to put there by hand."""

    reason = "not_changed"

    def __init__(self, message: str, snippet: str = "") -> None:
        super().__init__(message)
        self.snippet = snippet


class Change(msgspec.Struct, frozen=True):
    """What is to become of one file.

    `path` is where the editor looks; it may be a link. None stands for no file. `private` asks for
    a new file that only its owner can read.
    """

    path: Path
    before: bytes | None
    after: bytes | None
    private: bool = False

    @property
    def target(self) -> Path:
        """The file itself, behind any links."""
        return self.path.resolve()

    @property
    def is_linked(self) -> bool:
        """Whether writing goes through a link, in the name or in a folder of the person's own."""
        return self.target != self.path.absolute()

    def diff(self) -> str:
        """The change as people read it; empty if there is none."""
        old, new = _lines(self.before), _lines(self.after)
        names = [
            str(self.path) if side is not None else "/dev/null"
            for side in (self.before, self.after)
        ]
        return "".join(_terminated(difflib.unified_diff(old, new, names[0], names[1])))


class Command(msgspec.Struct, frozen=True):
    """A program that is run instead of changing a file: an editor that installs extensions.

    `undo` takes back what it did.
    """

    argv: tuple[str, ...]
    undo: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """What setting up one editor takes.

    `notes` say what the person may want to know or has to do afterwards. A plan with a `refusal`
    has nothing else to do: `snippet` is what the person can put in by hand.
    """

    changes: tuple[Change, ...] = ()
    commands: tuple[Command, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: str = ""
    snippet: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.changes or self.commands or self.refusal)

    def without_idle(self) -> "Plan":
        """The plan without files that stay as they are."""
        changes = tuple(each for each in self.changes if each.before != each.after)
        return msgspec.structs.replace(self, changes=changes)


def content_of(path: Path) -> bytes | None:
    """What a file holds; None if there is none.

    Raises:
        Refused: it cannot be read, or is no file.
    """
    try:
        if path.exists() and not path.is_file():
            raise Refused(f"{path} is not a file")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}") from None


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8", "backslashreplace")
    return text.splitlines(keepends=True) if "\n" in text else [text] * bool(text)


def _terminated(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ no newline at the end\n"
