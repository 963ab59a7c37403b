"""The part of a text that a prediction might have rewritten, followed through every later edit.

A region is two places, and `moved` carries both over a splice, as the anchors of Zed's buffers
would go:

* Text put in exactly at a border belongs to the region: a person who types at the end of its last
  line, or before its first letter, writes in it.
* A border inside replaced text ends up behind the new text, so that what replaced the region's end
  is in it and what replaced the text over its start is not. Such an edit *crosses* the border.
* An edit *touches* the region if what it replaced, ends included, has a place in common with the
  region, ends included: also one that only deletes the newline before it.

Rows and columns count from 0, columns in code points. Texts are lists of lines as
`core.text.split_lines` cuts them.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.events import Splice
from zeta_lsp.core.places import Place, old_end_of, shifted_place, start_of, text_between
from zeta_lsp.core.prompt import ByteRange
from zeta_lsp.core.text import byte_length, without_surrogates


class Region(msgspec.Struct, frozen=True, gc=False):
    """``[start, end)`` of a text."""

    start: Place
    end: Place

    def is_touched_by(self, splice: Splice) -> bool:
        """Whether an edit changes the region or the place where it begins or ends."""
        return start_of(splice) <= self.end and self.start <= old_end_of(splice)

    def is_crossed_by(self, splice: Splice) -> bool:
        """Whether an edit replaces text on both sides of a border."""
        start, end = start_of(splice), old_end_of(splice)
        return start < self.start < end or start < self.end < end

    def moved(self, splice: Splice) -> "Region":
        """The region in the text after a splice."""
        if start_of(splice) > self.end:
            return self
        start = shifted_place(self.start, splice)
        return Region(start, max(start, shifted_place(self.end, splice, behind=True)))

    def text(self, lines: Sequence[str]) -> str:
        """What stands in it, with ``\\n`` line ends and nothing that cannot be encoded."""
        return clean_text(text_between(lines, self.start, self.end))

    def offset_of(self, place: Place, lines: Sequence[str]) -> int:
        """Bytes of the region's text before a place; one outside counts as the nearest border."""
        inside = min(max(place, self.start), self.end)
        return byte_length(clean_text(text_between(lines, self.start, inside)))


def region_of(excerpt_text: str, start_row: int, editable: ByteRange) -> Region:
    """The region of a byte range in an excerpt that begins at a row of the file."""
    data = without_surrogates(excerpt_text).encode()
    start, end = (_place_of(data, offset, start_row) for offset in editable)
    return Region(start, end)


def clean_text(text: str) -> str:
    """Text as excerpts have it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_surrogates(text)


def _place_of(data: bytes, offset: int, start_row: int) -> Place:
    row_start = data.rfind(b"\n", 0, offset) + 1
    col = len(data[row_start:offset].decode("utf-8", "replace"))
    return start_row + data.count(b"\n", 0, offset), col
