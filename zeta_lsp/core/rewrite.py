"""What an answer replaces, as text: the old beside the new.

An answer counts bytes of an excerpt, ends after its last newline where the replaced range ends
before one, and may have line ends of its own. A `Rewrite` has none of these differences (they are
those that `parse` removes when it makes edits): old and new are equal where nothing changes.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedFile, Replacement
from zeta_lsp.core.replacement import shared_head, shared_tail
from zeta_lsp.core.text import without_surrogates

_Item = TypeVar("_Item")


class Rewrite(msgspec.Struct, frozen=True, gc=False):
    """`text` with ``[start, end)`` (code points) replaced by `new`.

    `start_row` is the file's row in which `text` begins, None if that is unknown.
    """

    text: str
    start_row: int | None
    start: int
    end: int
    new: str

    @property
    def old(self) -> str:
        """What is replaced."""
        return self.text[self.start : self.end]

    def trimmed(self) -> "Rewrite | None":
        """The same without what stays as it is at both ends; None if nothing changes."""
        old, new = self.old, self.new
        if old == new:
            return None
        head = shared_head(old, new)
        tail = shared_tail(old[head:], new[head:])
        start, end = self.start + head, self.end - tail
        return Rewrite(self.text, self.start_row, start, end, new[head : len(new) - tail])

    def in_rows(self) -> "Rewrite":
        """The same, grown to whole rows of the text."""
        start = self.text.rfind("\n", 0, self.start) + 1
        found = self.text.find("\n", self.end)
        end = len(self.text) if found < 0 else found
        new = self.text[start : self.start] + self.new + self.text[self.end : end]
        return Rewrite(self.text, self.start_row, start, end, new)


def rewrites_of(answer: Answer, given: PromptInput) -> tuple[Rewrite, ...]:
    """The rewrites of an answer, in its order.

    Raises:
        PositionError: a range lies outside its excerpt or inside a character, or the excerpt is not
            of the cursor's file.
    """
    return tuple(_rewrite(replacement, given) for replacement in answer.replacements)


def _rewrite(replacement: Replacement, given: PromptInput) -> Rewrite:
    text, start_row = _excerpt(replacement, given)
    text = without_surrogates(text)
    start, end = _code_points(text, replacement)
    new = replacement.text.replace("\r\n", "\n").replace("\r", "\n")
    new = _with_same_end(text[start:end], new, text[end : end + 1])
    return Rewrite(text, start_row, start, end, new)


def _excerpt(replacement: Replacement, given: PromptInput) -> tuple[str, int | None]:
    if replacement.related is None:
        return given.cursor_excerpt, given.excerpt_start_row
    file_index, excerpt_index = replacement.related
    file = _item(given.related_files or (), file_index)
    if not is_cursor_file(file, given.cursor_path):
        raise PositionError("another file than the cursor's")
    excerpt = _item(file.excerpts, excerpt_index)
    return excerpt.text, excerpt.row_range[0]


def is_cursor_file(file: RelatedFile, cursor_path: str) -> bool:
    """Whether a related file is the cursor's; either path may lack the workspace folder's name."""
    paths = {file.path, file.path.partition("/")[2]}
    return cursor_path in paths or (cursor_path.partition("/")[2] or cursor_path) == file.path


def _item(items: Sequence[_Item], index: int) -> _Item:
    if not 0 <= index < len(items):
        raise PositionError("no such excerpt")
    return items[index]


def _code_points(text: str, replacement: Replacement) -> tuple[int, int]:
    start, end = replacement.start, replacement.end
    data = None if text.isascii() else text.encode()
    if not 0 <= start <= end <= len(text if data is None else data):
        raise PositionError("a replaced range lies outside its excerpt")
    if data is None:
        return start, end
    try:
        before = len(data[:start].decode())
        return before, before + len(data[start:end].decode())
    except UnicodeDecodeError as fault:
        raise PositionError("a replaced range ends inside a character") from fault


def _with_same_end(old: str, new: str, next_char: str) -> str:
    """`new` with a final newline exactly where `old` has one; deleting all rows has none."""
    if old.endswith("\n"):
        return new + "\n" if new and not new.endswith("\n") else new
    return new.removesuffix("\n") if next_char in ("\n", "") else new
