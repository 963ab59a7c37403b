"""What a model should answer in the formats of `spans`, so that a region becomes another text.

The answer names the smallest run of blocks that holds every change. Borders inside the run are
mapped in proportion to the changed text and moved on to the next line start, so a blank line may
land on the other side of a tag. Both texts are compared with a final newline; a cursor mark stands
in the first block that can hold it. Equal texts are the tag nearest to the cursor, twice.

All of this is Zed's rule to the byte, in bytes: what models were trained on. Only for an empty
region, where Zed leaves the new text out, it stands between the two tags.
"""

from collections.abc import Sequence
from itertools import pairwise

from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.markers import marker_offsets, tag
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.sections import with_newline
from zeta_lsp.core.formats.seed import END_OF_SENTENCE
from zeta_lsp.core.formats.view import marked
from zeta_lsp.core.replacement import shared_head, shared_tail
from zeta_lsp.core.text import byte_length


def span_target(old: str, new: str, cursor: int | None, reserved: Reserved) -> str:
    """The answer that turns `old` into `new`; `cursor` is a byte offset in `new`."""
    old, new = (with_newline(text) if text else "" for text in (old, new))
    borders = [byte_length(old[:offset]) for offset in marker_offsets(old)]
    if old == new:
        number = _nearest(borders, cursor or 0) + 1
        return f"{tag(number)}{tag(number)}{END_OF_SENTENCE}"
    change = Change(old.encode(), new.encode())
    first, last = change.blocks(borders)
    cuts = [
        borders[first],
        *map(change.moved, borders[first + 1 : last]),
        change.after(borders[last]),
    ]
    parts: list[str] = []
    for number, (start, end) in enumerate(pairwise(cuts), first + 1):
        at = None if cursor is None or not start <= cursor <= end else cursor - start
        cursor = cursor if at is None else None
        parts += (tag(number), marked(change.new[start:end].decode(), at, CURSOR, reserved))
    return "".join(parts) + tag(last + 1) + END_OF_SENTENCE


def _nearest(borders: Sequence[int], offset: int) -> int:
    return min(range(len(borders)), key=lambda index: abs(borders[index] - offset))


class Change:
    """What differs between two texts that are not equal, in bytes."""

    def __init__(self, old: bytes, new: bytes) -> None:
        self.old = old
        self.new = new
        one, other = old.decode("latin-1"), new.decode("latin-1")  # a character for each byte
        self._start = shared_head(one, other)
        same_after = shared_tail(one[self._start :], other[self._start :])
        self._old_end, self._new_end = len(old) - same_after, len(new) - same_after

    def blocks(self, borders: Sequence[int]) -> tuple[int, int]:
        """The borders of the run of blocks that holds the change."""
        first = max(index for index, border in enumerate(borders) if border <= self._start)
        last = min(index for index, border in enumerate(borders) if border >= self._old_end)
        if first != last:
            return min(first, last), max(first, last)
        return (first, last + 1) if last + 1 < len(borders) else (first - 1, last)

    def after(self, border: int) -> int:
        """Where a border behind the change is in the new text."""
        return border + len(self.new) - len(self.old)

    def moved(self, border: int) -> int:
        """Where a border inside the change goes."""
        done = (border - self._start) * (self._new_end - self._start)
        at = self._start + done // (self._old_end - self._start)
        while 0 < at < len(self.new) and self.new[at] & 0xC0 == 0x80:
            at -= 1
        if at == 0 or self.new[at - 1 : at] == b"\n":
            return at
        return self.new.find(b"\n", at) + 1
