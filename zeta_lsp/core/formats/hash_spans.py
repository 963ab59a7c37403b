"""Answers of V0615: spans between named borders, in any of the shown excerpts.

Tags come in pairs; the text of each pair replaces what stands between its two borders, which may
lie in neighbouring excerpts that touch. `NO_EDITS` alone means no edit.

A span that ends early would delete what follows, so one that only leaves out old lines at its end
is refused if more than three of them hold text. Of two spans about the same rows the first counts.
Marks of the cursor and marker text of the user's own are treated as in `spans`.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import msgspec

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.cursor_mark import without_mark
from zeta_lsp.core.formats.hashed import HASH_TAG, hashed_excerpts
from zeta_lsp.core.formats.region import is_same_region
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import with_newline
from zeta_lsp.core.formats.seed import END_OF_SENTENCE
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedFile, Replacement
from zeta_lsp.core.text import byte_length, without_surrogates

NO_EDITS = "NO_EDITS"
LOST_LINES_MAX = 3


class HashSpanAnswers:
    """Reads answers about hashed excerpts."""

    def __init__(self, reserved: ReservedLines) -> None:
        self._reserved = reserved

    def parse(self, output: str, given: PromptInput) -> Answer:
        """Read a finished output; the replacement that holds the cursor comes first.

        Raises:
            UnparsableAnswer: ``no_markers``, ``unclosed_span``, ``marker_out_of_range``,
                ``markers_reversed``, ``span_too_wide``, ``span_cut_short`` or ``leaked_marker``.
        """
        text, end, _ = output.partition(END_OF_SENTENCE)
        if text.strip() == NO_EDITS:
            return Answer()
        parts = HASH_TAG.split(text)
        names, texts, rest = parts[1::2], parts[2::2], parts[-1]
        if len(names) < 2:
            raise UnparsableAnswer("unclosed_span" if names else "no_markers")
        complete = len(names) % 2 == 0 and (bool(end) or END_OF_SENTENCE.startswith(rest.strip()))
        excerpts = _Excerpts(given.related_files or ())
        found: list[_Rewrite] = []
        for first, last, body in zip(names[::2], names[1::2], texts[::2], strict=False):
            rewrite = self._rewrite(first, last, body, excerpts)
            if rewrite.replacements and not any(map(rewrite.overlaps, found)):
                found.append(rewrite)
        found.sort(key=lambda one: (one.cursor is None, one.file, one.first_row))
        replacements = tuple(piece for one in found for piece in one.replacements)
        return Answer(replacements, found[0].cursor if found else None, complete)

    def partial(self, output: str, given: PromptInput) -> Replacement | None:
        """The first span once both its tags are there, if it lies in one excerpt."""
        parts = HASH_TAG.split(output)
        if len(parts) < 5:
            return None
        excerpts = _Excerpts(given.related_files or ())
        try:
            rewrite = self._rewrite(parts[1], parts[3], parts[2], excerpts)
        except UnparsableAnswer:
            return None
        return rewrite.replacements[0] if len(rewrite.replacements) == 1 else None

    def _rewrite(self, first: str, last: str, body: str, excerpts: "_Excerpts") -> "_Rewrite":
        pieces = excerpts.between(first, last)
        old = "".join(piece.text for piece in pieces)
        body = without_surrogates(body).removeprefix("\n")
        text, cursor = without_mark(body, self._reserved)
        text = with_newline(text) if text else ""
        if _lost_lines(old, text) > LOST_LINES_MAX:
            raise UnparsableAnswer("span_cut_short", "a rewritten block ends before its end")
        texts = [text, *("" for _ in pieces[1:])]
        changed = () if is_same_region(old, text) else tuple(map(_Piece.replaced_by, pieces, texts))
        rows = (excerpts.row(pieces[0].start), excerpts.row(pieces[-1].end))
        return _Rewrite(pieces[0].start.file, *rows, changed, cursor)


class _Border(msgspec.Struct, frozen=True, order=True):
    """A place in code points of an excerpt."""

    file: int
    excerpt: int
    offset: int


class _Piece(msgspec.Struct, frozen=True):
    """What stands between two places of one excerpt."""

    start: _Border
    end: _Border
    text: str
    start_bytes: int

    def replaced_by(self, text: str) -> Replacement:
        """Another text at its place."""
        end_bytes = self.start_bytes + byte_length(self.text)
        return Replacement(self.start_bytes, end_bytes, text, (self.start.file, self.start.excerpt))


class _Rewrite(msgspec.Struct, frozen=True):
    """One span: rows ``[first_row, end_row)`` of a file, and replacements if it changes them."""

    file: int
    first_row: int
    end_row: int
    replacements: tuple[Replacement, ...]
    cursor: int | None

    def overlaps(self, other: "_Rewrite") -> bool:
        """Whether both are about the same rows, or begin at the same one."""
        if self.file != other.file:
            return False
        if self.first_row == other.first_row:
            return True
        return self.first_row < other.end_row and other.first_row < self.end_row


class _Excerpts:
    """The excerpts of an input, and their borders by name."""

    def __init__(self, files: Sequence[RelatedFile]) -> None:
        self._files = files
        self._hashed = hashed_excerpts(files)
        self._borders = {
            name: _Border(file_index, index, offset)
            for file_index, excerpts in enumerate(self._hashed)
            for index, hashed in enumerate(excerpts)
            for name, offset in zip(hashed.names, hashed.borders, strict=True)
        }

    def between(self, first: str, last: str) -> list[_Piece]:
        """What stands between two borders, by excerpt."""
        start, end = self._border(first), self._border(last)
        if start.file != end.file or not self._touching(start, end):
            raise UnparsableAnswer("span_too_wide", "a rewritten block spans separate excerpts")
        if end < start:
            raise UnparsableAnswer("markers_reversed", "the answer ends before it begins")
        return [self._piece(start, end, index) for index in range(start.excerpt, end.excerpt + 1)]

    def row(self, border: _Border) -> int:
        """The row of the file in which a border lies."""
        first_row = self._files[border.file].excerpts[border.excerpt].row_range[0]
        text = self._hashed[border.file][border.excerpt].text
        return first_row + text.count("\n", 0, border.offset)

    def _border(self, name: str) -> _Border:
        border = self._borders.get(name)
        if border is None:
            raise UnparsableAnswer("marker_out_of_range", "the answer names an unknown block")
        return border

    def _touching(self, start: _Border, end: _Border) -> bool:
        excerpts = self._files[start.file].excerpts[start.excerpt : end.excerpt + 1]
        return all(one.row_range[1] == then.row_range[0] for one, then in pairwise(excerpts))

    def _piece(self, start: _Border, end: _Border, index: int) -> _Piece:
        text = self._hashed[start.file][index].text
        first = start.offset if index == start.excerpt else 0
        last = end.offset if index == end.excerpt else len(text)
        return _Piece(
            _Border(start.file, index, first),
            _Border(start.file, index, last),
            text[first:last],
            byte_length(text[:first]),
        )


def _lost_lines(old: str, new: str) -> int:
    """Old lines with text behind the last one that the new text still has, if it ends there."""
    if not new:
        return 0
    lines = old.removesuffix("\n").split("\n")
    matcher = SequenceMatcher(None, lines, new.removesuffix("\n").split("\n"), autojunk=False)
    kind, start, end, _, _ = matcher.get_opcodes()[-1]
    if kind != "delete":
        return 0
    return sum(1 for line in lines[start:end] if line.strip())
