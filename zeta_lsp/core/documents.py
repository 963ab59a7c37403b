"""The mirror of one open document: a list of lines, kept in step with the editor, change by change.

A change costs what it touches: one splice of the list, never a walk over the document. Every
change that did something comes out as one `Splice`, cut down to what really changed; a full text
from an editor that knows no other way (Vim) becomes one splice too, so a typed character is a
typed character whoever sends it.

The mirror is strict, because a mirror that is wrong by one character makes every prompt, every
edit and every captured row wrong. A range past the end, a reversed one, a column inside a
character, a version that does not grow: any of these means that the editor's text is not known
any more. Then the whole notification is left out, `unsynced` says why, and nothing is applied
until a full text arrives. That includes the places where the protocol would let a server move a
column to the end of its line: the editor knows where its lines end, so a column past it says
that ours end elsewhere. Without a version (null) a change counts as the next one, since messages
arrive in order.

Promise: ``lines == split_lines("".join(lines))``, always. Not done here: who made a change
(`provenance`), what it means for the history (`history`), which files are open (the server).
"""

from collections import deque
from collections.abc import Iterator, Sequence

import msgspec

from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.events import Splice
from zeta_lsp.core.replacement import advanced, kept_ends
from zeta_lsp.core.text import Encoding, byte_length, index_of_units, split_lines, units_of_index

LONG_LINE_CHARS = 10_000
"""Lines longer than this are data, not code."""
_BINARY_LOOK_CHARS = 8000
"""Git's rule: a NUL this early makes a file binary."""

_Point = tuple[int, int]  # row and code-point column


class Position(msgspec.Struct, frozen=True, gc=False):
    """A place as editors count: `character` is in units of the negotiated encoding."""

    line: int
    character: int


class Range(msgspec.Struct, frozen=True, gc=False):
    """A half-open range as editors count."""

    start: Position
    end: Position


class Change(msgspec.Struct, frozen=True, gc=False):
    """LSP's `TextDocumentContentChangeEvent`. Without a range, `text` is the whole new text."""

    text: str
    range: Range | None = None


class Document:
    """An open document.

    `lines` is read by everyone and written here only. `revision` grows by one with each splice
    and with each text taken whole, so that a reader sees whether it missed one. `fingerprint` is
    the same for the same text and, with near certainty, for no other; it starts anew with a text
    taken whole. `trail` holds it before the first and after each splice of the latest `apply`.
    """

    __slots__ = (
        "__weakref__",
        "_long_line_chars",
        "_long_lines",
        "encoding",
        "fingerprint",
        "language_id",
        "lines",
        "looks_binary",
        "revision",
        "size_bytes",
        "trail",
        "unsynced",
        "uri",
        "version",
    )

    def __init__(
        self, uri: str, language_id: str, version: int, text: str, encoding: Encoding
    ) -> None:
        self.uri = uri
        self.language_id = language_id
        self.version = version
        self.encoding = encoding
        self.unsynced: str | None = None
        self._long_line_chars = LONG_LINE_CHARS
        self.revision = 0
        self._take_whole(text)

    def apply(self, version: int | None, changes: Sequence[Change]) -> list[Splice]:
        """Follow one didChange; each change refers to the text that the one before it left.

        Returns the splices that were applied, in order; changes that change nothing give none.
        On doubt nothing of the notification stays applied, `unsynced` is set and the list is
        empty; after a text that came whole to an unsynced document, only what follows it counts.
        """
        self._take_version(version)
        self.trail = [self.fingerprint]
        splices: list[Splice] = []
        for change in changes:
            if change.range is None and self.unsynced is not None:
                self._take_whole(change.text)
            elif self.unsynced is None:
                self._follow(change, splices)
        return splices

    def replay(self, version: int, splice: Splice) -> None:
        """Apply a splice of another time to the text it was made for.

        Raises:
            PositionError: the text is another one (``splice_does_not_fit``).
        """
        start = (splice.start_row, splice.start_col)
        end = (splice.old_end_row, splice.old_end_col)
        if splice.old_end_row >= len(self.lines) or self._between(start, end) != splice.old_text:
            raise PositionError("the text is not the one before", "splice_does_not_fit")
        before = self.fingerprint
        self._step(splice, 1)
        self.trail = [before, self.fingerprint]
        self.version = version

    def retrace(self, splices: Sequence[Splice]) -> Iterator[Splice]:
        """Walk once more through the latest splices, with the document as each of them left it.

        For readers that need the text after each change of a notification that held several.
        """
        for splice in reversed(splices[1:]):
            self._step(splice.inverted(), -1)
        ahead = deque(splices)
        try:
            while ahead:
                yield ahead.popleft()
                if ahead:
                    self._step(ahead[0], 1)
        finally:
            for splice in ahead:
                self._step(splice, 1)

    def point(self, position: Position) -> _Point:
        """Row and code-point column of an editor's position.

        Raises:
            PositionError: the text has no such place.
        """
        if position.line < 0:
            raise PositionError("negative line", "negative_position")
        if position.line >= len(self.lines):
            raise PositionError("line past the end of the text", "range_past_end")
        line = self.lines[position.line]
        return position.line, index_of_units(line, position.character, self.encoding)

    def position(self, row: int, col: int) -> Position:
        """An editor's position for a row and a code-point column of the text."""
        return Position(row, units_of_index(self.lines[row], col, self.encoding))

    def text(self) -> str:
        """The whole text: for rare use, it costs its size."""
        return "".join(self.lines)

    def rows(self, start: int, end: int) -> str:
        """The text of rows ``[start, end)``."""
        return "".join(self.lines[start:end])

    @property
    def has_long_line(self) -> bool:
        """Whether a line is longer than `LONG_LINE_CHARS`, or than what `limit_lines` said."""
        return self._long_lines > 0

    def limit_lines(self, chars: int) -> None:
        """Call lines long that are longer than this."""
        if chars != self._long_line_chars:
            self._long_line_chars = chars
            self._long_lines = _count_long(self.lines, chars)

    def _take_version(self, version: int | None) -> None:
        if version is None:
            version = self.version + 1
        elif version == self.version:
            self.unsynced = self.unsynced or "version_repeated"
        elif version < self.version:
            self.unsynced = self.unsynced or "version_went_back"
        self.version = version

    def _take_whole(self, text: str) -> None:
        self.lines = split_lines(text)
        self.unsynced = None
        self.revision += 1
        self.fingerprint = 0
        self.trail = [0]
        self.size_bytes = byte_length(text)
        self.looks_binary = "\x00" in text[:_BINARY_LOOK_CHARS]
        self._long_lines = _count_long(self.lines, self._long_line_chars)

    def _follow(self, change: Change, splices: list[Splice]) -> None:
        """Apply one change, or take the notification's earlier ones back."""
        try:
            splice = self._splice_for(change)
        except PositionError as doubt:
            self.unsynced = doubt.reason
            while splices:
                self._step(splices.pop().inverted(), -1)
            self.trail = [self.fingerprint]
            return
        if splice is not None:
            self._step(splice, 1)
            self.trail.append(self.fingerprint)
            splices.append(splice)

    def _splice_for(self, change: Change) -> Splice | None:
        if change.range is None:
            return self._difference(split_lines(change.text))
        start = self.point(change.range.start)
        end = start if change.range.end == change.range.start else self.point(change.range.end)
        if start > end:
            raise PositionError("the range is reversed", "reversed_range")
        return self._replacement(start, end, change.text)

    def _difference(self, new: list[str]) -> Splice | None:
        """The one splice that makes `new` of the lines."""
        old = self.lines
        shorter = min(len(old), len(new))
        head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
        left = shorter - head
        tail = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
        if head == len(old) == len(new):
            return None
        end = (len(old) - tail, 0) if tail else (len(old) - 1, len(old[-1]))
        return self._replacement((head, 0), end, "".join(new[head : len(new) - tail]))

    def _replacement(self, start: _Point, end: _Point, new: str) -> Splice | None:
        """The smallest splice that puts `new` in the place of some text; None if it is there."""
        old = self._between(start, end)
        if old == new:
            return None
        row, col = start
        behind_cr = col == 0 and row > 0 and self.lines[row - 1][-1] == "\r"
        if (old and new) or behind_cr or "\r" in new:
            before = "\r" if behind_cr else self.lines[row][col - 1 : col]
            after = self.lines[end[0]][end[1] : end[1] + 1]
            start, old, new = self._cut_down(start, old, new, kept_ends(old, new, before, after))
        return Splice(*start, *advanced(*start, old), *advanced(*start, new), old, new)

    def _cut_down(
        self, start: _Point, old: str, new: str, kept: tuple[int, int]
    ) -> tuple[_Point, str, str]:
        head, tail = kept
        if tail < 0:
            old, new = old + "\n", new + "\n"
        elif tail:
            old, new = old[:-tail], new[:-tail]
        if head < 0:
            row = start[0] - 1
            return (row, len(self.lines[row]) - 1), "\r" + old, "\r" + new
        return advanced(*start, old[:head]), old[head:], new[head:]

    def _between(self, start: _Point, end: _Point) -> str:
        (row, col), (end_row, end_col) = start, end
        if row == end_row:
            return self.lines[row][col:end_col]
        middle = "".join(self.lines[row + 1 : end_row])
        return self.lines[row][col:] + middle + self.lines[end_row][:end_col]

    def _step(self, splice: Splice, revisions: int) -> None:
        """Put a splice into the lines, and keep the figures about them."""
        lines, row, end = self.lines, splice.start_row, splice.old_end_row
        text = lines[row][: splice.start_col] + splice.new_text + lines[end][splice.old_end_col :]
        count = splice.new_end_row - row + 1
        fresh = [text] if count == 1 else split_lines(text)[:count]
        stale = lines[row : end + 1]
        above = lines[row - 1] if row else None
        below = lines[end + 1] if end + 1 < len(lines) else None
        self.fingerprint += _chained(above, fresh, below) - _chained(above, stale, below)
        limit = self._long_line_chars
        self._long_lines += _count_long(fresh, limit) - _count_long(stale, limit)
        self.size_bytes += byte_length(splice.new_text) - byte_length(splice.old_text)
        self.revision += revisions
        lines[row : end + 1] = fresh


def _count_long(lines: list[str], limit_chars: int) -> int:
    if max(map(len, lines)) <= limit_chars:
        return 0
    return sum(len(line) > limit_chars for line in lines)


def _chained(above: str | None, lines: list[str], below: str | None) -> int:
    """The part of a fingerprint that some lines make: a sum over neighbouring pairs.

    A sum can be kept in step with every splice, and pairs make it depend on the order of lines.
    Squares, because Python's hash of a pair is so nearly the sum of two hashes that the same
    lines in another order would often add up to the same.
    """
    total, previous = 0, above
    for line in [*lines, below]:
        pair = hash((previous, line))
        total += pair * pair
        previous = line
    return total
