"""The line after the one just written, if what was written follows a twin line by line.

The line at the cursor and those above it are compared, upwards, with every place that could be a
twin: rows that agree under one consistent mapping of words, lines removed lately, lines written
lately in other files. The deeper the agreement, the more the twin's next line means.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zeta_lsp.core.repeat.candidate import Candidate, Facts
from zeta_lsp.core.repeat.mapping import Mapping
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.words import bucket, indent_of, tokens_of

NEAR_ROWS = 60
MAX_DEPTH = 8


class _Twin(NamedTuple):
    """Lines that a twin is part of; `at` is the one that stands for the line just written."""

    lines: Sequence[str]
    at: int
    source: str
    rows: int


class _Found(NamedTuple):
    text: str
    twin: _Twin
    mapping: Mapping
    mapped: int
    depth: int
    blank: int

    @property
    def rank(self) -> tuple[bool, int, int]:
        return self.twin.source == "removed", self.depth, -self.twin.rows


def next_lines(page: Page) -> Iterator[Candidate]:
    """Lines that could follow the one at the cursor."""
    if page.behind_cursor.strip():
        return
    opened = not page.stripped[page.row]  # the user has already gone to a new line
    row = page.row - opened
    if row < 0 or not page.stripped[row] or page.written(page.rows[row]):
        return
    best: dict[str, _Found] = {}
    votes: dict[str, int] = {}
    for found in _all_found(page, row):
        votes[found.text] = votes.get(found.text, 0) + 1
        if found.text not in best or found.rank > best[found.text].rank:
            best[found.text] = found
    for text, found in best.items():
        facts = _facts(found, page, row)
        facts["votes"] = bucket(votes[text], (1, 2, 4))
        facts["share"] = bucket(100 * votes[text] // sum(votes.values()), (20, 40, 60, 80, 99))
        typed = text.removeprefix("\n")[len(page.line) :] if opened else text
        end = page.cursor + len(page.behind_cursor)
        yield Candidate("next_line", page.cursor, end, typed, facts)


def _all_found(page: Page, row: int) -> Iterator[_Found]:
    below = page.stripped[page.row + 1] if page.row + 1 < len(page.rows) else ""
    for twin in _twins(page, row):
        if (found := _found(twin, page, row)) and found.text.strip() != below:
            yield found


def _twins(page: Page, row: int) -> Iterator[_Twin]:
    line = page.stripped[row]
    for at, other in enumerate(page.stripped[:-1]):
        if at not in (row, page.row) and (other == line or (other and abs(at - row) <= NEAR_ROWS)):
            yield _Twin(page.rows, at, "page", abs(at - row))
    for hunk in page.hunks:
        for lines, source in ((hunk.old, "removed"), (hunk.new, "elsewhere")):
            if source == "removed" or hunk.path != page.path:
                for at, other in enumerate(lines[:-1]):
                    if other.strip() == line:
                        yield _Twin(lines, at, source, 0)


def _found(twin: _Twin, page: Page, row: int) -> _Found | None:
    depth, mapping = _depth(twin, page, row)
    if not depth or mapping is None:
        return None
    following = twin.at + 1
    while following < len(twin.lines) and not twin.lines[following].strip():
        following += 1
    if following == len(twin.lines) or (twin.lines is page.rows and following == row):
        return None
    line = twin.lines[following]
    text, mapped = mapping.adapted(tokens_of(line.strip()))
    indent = indent_of(page.rows[row]) + indent_of(line) - indent_of(twin.lines[twin.at])
    if indent < 0:
        return None
    blank = following - twin.at - 1
    margin = (page.rows[row][:1] if page.rows[row][:1].isspace() else line[:1] or " ") * indent
    return _Found("\n" * (blank + 1) + margin + text, twin, mapping, mapped, depth, blank)


def _depth(twin: _Twin, page: Page, row: int) -> tuple[int, Mapping | None]:
    """How many lines agree, upwards from the two; blank ones do not count."""
    mapping: Mapping | None = None
    depth, at, here = 0, twin.at, row
    while at >= 0 and here >= 0 and depth < MAX_DEPTH:
        on_page = twin.lines is page.rows
        tokens = page.tokens(at)[0] if on_page else tokens_of(twin.lines[at].strip())
        longer = (mapping or Mapping()).extended(tokens, page.tokens(here)[0])
        if longer is None:
            break
        mapping = longer
        depth += bool(tokens)
        at, here = at - 1, here - 1
    return depth, mapping


def _facts(found: _Found, page: Page, row: int) -> Facts:
    twin, mapping = found.twin, found.mapping
    line = found.text.strip()
    return {
        "depth": f"{bucket(found.depth, (1, 2, 3, 4, 6))} lines, {twin.source}",
        "rows": bucket(twin.rows, (0, 1, 3, 8, 20, 50, 100)),
        "different": f"{min(mapping.different, 3)} words, {min(found.mapped, 2)} in the line",
        "equal": bucket(mapping.equal, (1, 3, 6, 12, 25)),
        "length": bucket(len(line), (1, 3, 8, 20, 40)),
        "blank lines": bucket(found.blank, (0, 1)),
    }
