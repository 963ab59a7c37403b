"""An edited line among its like: the same edit on rows of the same build.

In ``add("pear", 1)``, ``add("plum", 2)``, … nothing around a changed place need be equal. Rows that
agree with the line before its edit, word by word under one consistent mapping, get the edit too,
with the words that the mapping names.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.repeat.candidate import Candidate, Facts
from zeta_lsp.core.repeat.changes import LineEdit
from zeta_lsp.core.repeat.mapping import Mapping
from zeta_lsp.core.repeat.page import NEVER, Page
from zeta_lsp.core.repeat.rules import Use, familiarity, touches_cursor
from zeta_lsp.core.repeat.words import bucket

MAX_EDITS = 5
ROWS_EACH = 4
NEAR_ROWS = 40
MIN_EQUAL = 2


class _Sibling(NamedTuple):
    edit: LineEdit
    row: int
    mapping: Mapping


def siblings(page: Page) -> Iterator[Candidate]:
    """The latest line edits made again on rows of the same build."""
    for edit in page.edits[:MAX_EDITS]:
        found = _siblings(edit, page)
        first, last = edit.runs[0], edit.runs[-1]
        for sibling in found[:ROWS_EACH]:
            _, offsets = page.tokens(sibling.row)
            text, _ = sibling.mapping.adapted(edit.after[first.new_start : last.new_end])
            facts = _facts(sibling, page)
            facts["rows alike"] = bucket(len(found), (1, 2, 4, 8))
            yield Candidate("sibling", offsets[first.start], offsets[last.end], text, facts)


def _siblings(edit: LineEdit, page: Page) -> list[_Sibling]:
    """Rows alike but not equal, in the order in which a person comes to them."""
    low, high = max(0, page.row - NEAR_ROWS), min(len(page.rows), page.row + NEAR_ROWS + 1)
    found = []
    for row in range(low, high):
        tokens, _ = page.tokens(row)
        if row != page.row and len(tokens) == len(edit.before) and tokens != edit.before:
            mapping = Mapping().extended(edit.before, tokens)
            if mapping is not None and mapping.equal >= MIN_EQUAL:
                found.append(_Sibling(edit, row, mapping))
    return sorted(found, key=lambda one: (one.row < page.row, abs(one.row - page.row)))


def _facts(sibling: _Sibling, page: Page) -> Facts:
    edit, row, mapping = sibling
    uses = sum(_same_change(edit, other) for other in page.edits)
    changed = {token for run in edit.runs for token in edit.before[run.start : run.end]}
    above = row > 0 and page.stripped[row - 1] == edit.above
    below = row + 1 < len(page.rows) and page.stripped[row + 1] == edit.below
    return {
        "different": bucket(mapping.different, (1, 2)),
        "changed differs": "yes" if changed & mapping.words.keys() else "no",
        "age": f"{bucket(edit.age, (0, 1, 2, 3))}, uses {bucket(uses, (1, 2, 3))}",
        "new side": _new_side(edit, page),
        "direction": "on" if row > page.row else "back",
        "written": "never" if page.written(page.rows[row]) == NEVER else "lately",
        "around": f"{int(above)}{int(below)}",
    }


def _same_change(one: LineEdit, other: LineEdit) -> bool:
    if len(one.runs) != len(other.runs):
        return False
    return all(
        one.old_text(a) == other.old_text(b) and one.new_text(a) == other.new_text(b)
        for a, b in zip(one.runs, other.runs, strict=True)
    )


def _new_side(edit: LineEdit, page: Page) -> str:
    """Whether what would be repeated may still be half typed."""
    for run in edit.runs:
        if touches_cursor(Use(edit, run), page):
            new = edit.new_text(run)
            return f"typed, {familiarity(new, edit.old_text(run), page)}"
    return "same line" if edit.line == page.line else "done"
