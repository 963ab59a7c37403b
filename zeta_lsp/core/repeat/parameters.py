"""A parameter was renamed in the head of a function: its uses in the body.

The body still uses a name that is gone, which the user will mend; so the first renaming is evidence
enough, as soon as the new name looks finished: the cursor has left it, or it is a word of the page,
or made of such words. A leading ``_`` only marks a parameter as unused and says nothing.
"""

from collections.abc import Iterator
from itertools import pairwise

from zeta_lsp.core.repeat.candidate import Candidate
from zeta_lsp.core.repeat.changes import LineEdit
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.places import kind_of_place
from zeta_lsp.core.repeat.roles import role_of
from zeta_lsp.core.repeat.rules import Use, familiarity, touches_cursor
from zeta_lsp.core.repeat.words import bucket, kind_of, occurrences

MAX_AGE = 2
ROWS_EACH = 3
UNFINISHED = "new word"


def parameters(page: Page) -> Iterator[Candidate]:
    """The nearest rows of the body that use a parameter by its old name, mended."""
    for edit in page.edits:
        if edit.age > MAX_AGE or len(edit.runs) != 1 or not _renames_parameter(edit):
            continue
        old, new = edit.old_text(edit.runs[0]), edit.new_text(edit.runs[0])
        side = "done"
        if touches_cursor(Use(edit, edit.runs[0]), page):
            side = familiarity(new, old, page)
        head = page.row_of_edit(edit)
        if side == UNFINISHED or head is None:
            continue
        rows = _rows_of_uses(old, head, page)
        for order, row in enumerate(sorted(rows, key=lambda row: (row < page.row, row))):
            if order == ROWS_EACH:
                break
            start, end = rows[row][0], rows[row][-1] + len(old)
            text = new.join(_between(rows[row], len(old), page.text))
            facts = {
                "new side": side,
                "age": bucket(edit.age, (0, 1)),
                "order": bucket(order, (0, 1)),
                "uses": bucket(len(rows), (1, 2, 4)),
            }
            yield Candidate("parameter", start, end, text, facts)


def _renames_parameter(edit: LineEdit) -> bool:
    run = edit.runs[0]
    sides = edit.before[run.start : run.end], edit.after[run.new_start : run.new_end]
    if [kind_of(side) for side in sides] != ["name", "name"]:
        return False
    return role_of(edit, run) == "parameter" and sides[1][0] != "_" + sides[0][0]


def _rows_of_uses(name: str, head: int, page: Page) -> dict[int, list[int]]:
    """Where the body uses the name, by row."""
    rows: dict[int, list[int]] = {}
    for at in occurrences(page.text, name):
        row = page.row_of(at)
        is_inside = row > head and page.scope(head, row) == "inside"
        if is_inside and kind_of_place(page.text[page.starts[row] : at]) == "code":
            rows.setdefault(row, []).append(at)
    return rows


def _between(places: list[int], size: int, text: str) -> list[str]:
    """What stands before, between and behind the places, within the first and last of them."""
    inner = [text[one + size : other] for one, other in pairwise(places)]
    return ["", *inner, ""]
