"""What a model should answer in V0615, so that the editable range becomes another text.

Changes more than six lines apart are hunks of their own, as in a unified diff, and each becomes the
smallest run of blocks that holds it. Hunks whose runs share a block become one run: where Zed would
write the block once for each hunk, and the second would undo the first.

Only what lies in the excerpt that holds the cursor can be said; other changes are left out.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.hash_spans import NO_EDITS
from zeta_lsp.core.formats.hashed import HashedExcerpt, hash_tag, hashed_excerpts
from zeta_lsp.core.formats.place import cursor_place
from zeta_lsp.core.formats.region import rewritten_text
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.sections import with_newline
from zeta_lsp.core.formats.seed import END_OF_SENTENCE
from zeta_lsp.core.formats.span_target import Change
from zeta_lsp.core.formats.view import marked
from zeta_lsp.core.prompt import Prompt, PromptInput
from zeta_lsp.core.text import byte_length, without_surrogates

_CONTEXT_LINES = 3


class Hunk(msgspec.Struct, frozen=True):
    """Lines ``[start, end)`` of an excerpt that become `lines`; `cursor` is a byte offset there."""

    start: int
    end: int
    lines: list[str]
    cursor: int | None


def hash_target(
    given: PromptInput,
    prompt: Prompt,
    new_region: str | None,
    cursor: int | None,
    reserved: Reserved,
) -> str:
    """The spans of all changes, one below the other."""
    place = cursor_place(given)
    files = given.related_files or ()
    if new_region is None or place is None:
        return NO_EDITS + END_OF_SENTENCE
    old, new = _lines(rewritten_text(given, prompt)), _lines(without_surrogates(new_region))
    first_row = _first_row(given, prompt) - files[place.file].excerpts[place.excerpt].row_range[0]
    excerpt = _Excerpt(hashed_excerpts(files)[place.file][place.excerpt], reserved)
    hunks = _hunks(old, new, cursor, excerpt.same_rows_outside(first_row, old, new), first_row)
    spans = [excerpt.span(group) for group in excerpt.grouped(hunks)]
    return ("\n".join(spans) or NO_EDITS) + END_OF_SENTENCE


def _first_row(given: PromptInput, prompt: Prompt) -> int:
    """The file row in which the editable range begins."""
    data = without_surrogates(given.cursor_excerpt).encode()
    return (given.excerpt_start_row or 0) + data.count(b"\n", 0, prompt.editable[0])


def _hunks(
    old: list[str], new: list[str], cursor: int | None, shared: tuple[int, int], first_row: int
) -> list[Hunk]:
    """The changes as rows, which count from the excerpt's first.

    `shared` are numbers of rows at both ends that are known to be the same.
    """
    head, tail = shared
    old_rows, new_rows = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, old_rows, new_rows, autojunk=False)
    hunks = []
    for group in matcher.get_grouped_opcodes(_CONTEXT_LINES):
        changes = [code for code in group if code[0] != "equal"]
        start, new_start = head + changes[0][1], head + changes[0][3]
        end, new_end = head + changes[-1][2], head + changes[-1][4]
        lines = new[new_start:new_end]
        at = None if cursor is None else cursor - byte_length("".join(new[:new_start]))
        if at is not None and not 0 <= at <= byte_length("".join(lines)):
            at = None
        cursor = cursor if at is None else None
        hunks.append(Hunk(first_row + start, first_row + end, lines, at))
    return hunks


class _Excerpt:
    """The excerpt that holds the cursor, as lines and as blocks."""

    def __init__(self, hashed: HashedExcerpt, reserved: Reserved) -> None:
        self._lines = _lines(hashed.text)
        self._old = "".join(self._lines)
        offsets = [byte_length(hashed.text[:border]) for border in hashed.borders]
        self._borders = [*offsets[:-1], byte_length(self._old)]
        self._names = hashed.names
        self._reserved = reserved

    def same_rows_outside(self, first_row: int, old: list[str], new: list[str]) -> tuple[int, int]:
        """Equal rows above and below the excerpt, so that no change is looked for out there."""
        above = max(0, -first_row)
        below = max(0, first_row + len(old) - len(self._lines))
        same_above = old[:above] == new[:above]
        same_below = old[len(old) - below :] == new[len(new) - below :]
        fits = above + below <= min(len(old), len(new))
        return (above, below) if same_above and same_below and fits else (0, 0)

    def grouped(self, hunks: Sequence[Hunk]) -> list[list[Hunk]]:
        """The hunks that lie in the excerpt; those that share a block come together."""
        groups: list[list[Hunk]] = []
        for hunk in hunks:
            if not 0 <= hunk.start <= hunk.end <= len(self._lines):
                continue
            if groups and self._blocks(groups[-1])[1] > self._blocks([hunk])[0]:
                groups[-1].append(hunk)
            else:
                groups.append([hunk])
        return groups

    def span(self, hunks: Sequence[Hunk]) -> str:
        """The blocks around some hunks, anew, between their tags."""
        first, last = self._blocks(hunks)
        change = self._change(hunks)
        start, end = self._borders[first], change.after(self._borders[last])
        cursor = self._cursor(hunks)
        body = change.new[start:end].decode()
        at = None if cursor is None else cursor - start
        body = marked(body, at, CURSOR, self._reserved)
        opening, closing = (hash_tag(self._names[index]) for index in (first, last))
        return f"{opening}\n{with_newline(body) if body else ''}{closing}"

    def _blocks(self, hunks: Sequence[Hunk]) -> tuple[int, int]:
        return self._change(hunks).blocks(self._borders)

    def _change(self, hunks: Sequence[Hunk]) -> Change:
        return Change(self._old.encode(), "".join(self._rewritten(hunks)).encode())

    def _rewritten(self, hunks: Sequence[Hunk]) -> list[str]:
        lines = list(self._lines)
        for hunk in reversed(hunks):
            lines[hunk.start : hunk.end] = hunk.lines
        return lines

    def _cursor(self, hunks: Sequence[Hunk]) -> int | None:
        """The byte offset of the cursor in the rewritten excerpt."""
        moved_rows = 0
        for hunk in hunks:
            if hunk.cursor is not None:
                above = self._rewritten(hunks)[: hunk.start + moved_rows]
                return byte_length("".join(above)) + hunk.cursor
            moved_rows += len(hunk.lines) - (hunk.end - hunk.start)
        return None


def _lines(text: str) -> list[str]:
    """Lines with their newlines, the last one as well."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []
