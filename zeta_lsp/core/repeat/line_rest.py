"""The rest of a line that is being written and has a twin.

Twins are rows of the page that begin as the line does, near rows that do so under a consistent
mapping of words, lines that were removed lately (moved code is typed again more often than one
thinks), and lines written lately in other files.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.repeat.candidate import Candidate, Facts
from zeta_lsp.core.repeat.mapping import Mapping
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.words import bucket, is_word, tokens_of

CLOSERS = frozenset(")]}>'\";,")
"""What an editor may have put behind the cursor by itself."""
NEAR_ROWS = 40
MIN_TYPED = 2


class _Twin(NamedTuple):
    rest: str
    source: str
    rows: int
    mapping: Mapping
    mapped: int
    above: str

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """Which of several twins with one rest is shown as the evidence."""
        likeness = ("different", "alike", "same").index(self.above)
        return self.source == "removed", likeness, self.mapped > 0, -self.rows


def line_rests(page: Page) -> Iterator[Candidate]:
    """What could follow the cursor on its line."""
    typed = page.before_cursor.lstrip()
    behind = page.behind_cursor.strip()
    if len(typed) < MIN_TYPED or page.written(page.line) or len(behind) > 2:
        return
    if not CLOSERS.issuperset(behind):
        return
    best: dict[str, _Twin] = {}
    votes: dict[str, int] = {}
    for twin in _twins(page, typed):
        votes[twin.rest] = votes.get(twin.rest, 0) + 1
        if twin.rest not in best or twin.rank > best[twin.rest].rank:
            best[twin.rest] = twin
    end = page.cursor + (len(page.behind_cursor) if behind else 0)
    for rest, twin in best.items():
        facts = _facts(twin, typed, behind)
        facts["votes"] = bucket(votes[rest], (1, 2, 4))
        facts["share"] = bucket(100 * votes[rest] // sum(votes.values()), (20, 40, 60, 80, 99))
        yield Candidate("line_rest", page.cursor, end, rest, facts)


def _twins(page: Page, typed: str) -> Iterator[_Twin]:
    same = Mapping()
    above = _row_above(page, page.row)
    for row, line in enumerate(page.stripped):
        if line.startswith(typed) and row != page.row and len(line) > len(typed):
            likeness = _likeness(_row_above(page, row), above)
            rows = abs(row - page.row)
            yield _Twin(line[len(typed) :], "page", rows, same, 0, likeness)
    for source, line in _removed_or_elsewhere(page):
        if line.startswith(typed) and len(line) > len(typed):
            yield _Twin(line[len(typed) :], source, 0, same, 0, "different")
    yield from _mapped_twins(page, typed, above)


def _removed_or_elsewhere(page: Page) -> Iterator[tuple[str, str]]:
    for hunk in page.hunks:
        for line in hunk.old:
            yield "removed", line.strip()
        if hunk.path != page.path:
            for line in hunk.new:
                yield "elsewhere", line.strip()


def _mapped_twins(page: Page, typed: str, above: str) -> Iterator[_Twin]:
    tokens = tokens_of(typed)
    whole, cut = (tokens[:-1], tokens[-1]) if is_word(typed[-1]) else (tokens, "")
    first = is_word(typed[0])
    above_tokens = tokens_of(above)
    low, high = max(0, page.row - NEAR_ROWS), min(len(page.rows), page.row + NEAR_ROWS + 1)
    for row in range(low, high):
        line = page.stripped[row]
        if row == page.row or not line or line.startswith(typed) or is_word(line[0]) != first:
            continue
        twin, _ = page.tokens(row)
        mapping = Mapping().extended(twin[: len(whole)], whole)
        if mapping is None or len(twin) <= len(whole):
            continue
        if found := _rest(twin[len(whole) :], mapping, cut):
            before = _row_above(page, row)
            pair = mapping.extended(tokens_of(before), above_tokens) if above else None
            likeness = "same" if pair else "alike" if before[:1] == above[:1] else "different"
            yield _Twin(found[0], "page", abs(row - page.row), mapping, found[1], likeness)


def _rest(tokens: list[str], mapping: Mapping, cut: str) -> tuple[str, int] | None:
    """The tokens adapted, without the half word `cut` that they must begin with."""
    if not mapping.words and not cut:
        return None
    text, mapped = mapping.adapted(tokens)
    if not text.startswith(cut) or len(text) == len(cut) or not mapping.words:
        return None
    return text[len(cut) :], mapped


def _row_above(page: Page, row: int) -> str:
    return next((line for line in page.stripped[max(0, row - 3) : row][::-1] if line), "")


def _likeness(one: str, other: str) -> str:
    if one and one == other:
        return "same"
    return "alike" if one and tokens_of(one)[:1] == tokens_of(other)[:1] else "different"


def _facts(twin: _Twin, typed: str, behind: str) -> Facts:
    middle = is_word(typed[-1]) and is_word(twin.rest[0])
    return {
        "source": f"{twin.source}, {twin.above} line above",
        "rows": bucket(twin.rows, (0, 1, 3, 8, 20, 50, 100)),
        "different": f"{min(twin.mapping.different, 3)} words, {min(twin.mapped, 2)} in the rest",
        "equal": bucket(twin.mapping.equal, (0, 1, 2, 4, 8)) if twin.mapping.words else "all",
        "rest length": bucket(len(twin.rest), (1, 2, 4, 8, 16, 32)),
        "last typed": "in a word" if middle else _sign(typed[-1]),
        "first of rest": _sign(twin.rest[0]),
        "behind": behind if behind in ("", ")") else "other",
    }


def _sign(char: str) -> str:
    if is_word(char):
        return "word"
    return char if char in ")];{},:(. " else "sign"
