"""A parameter was renamed in the head of a function: its uses in the body.

The body still uses a name that is gone, which the user will mend; so the first renaming is evidence
enough, as soon as the new name looks finished: the cursor has left it, or it is a word of the page,
or made of such words. A leading ``_`` only marks a parameter as unused and says nothing. Whoever
has gone on to edit something else has seen the body and left it: then nothing is proposed.
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

ROWS_EACH = 3
UNFINISHED = "new word"


def parameters(page: Page) -> Iterator[Candidate]:
    """The nearest rows of the body that use a parameter by its old name, mended."""
    for edit in page.edits:
        if len(edit.runs) == 1 and _renames_parameter(edit):
            yield from _mended(edit, page)


def _mended(edit: LineEdit, page: Page) -> Iterator[Candidate]:
    old, new = edit.old_text(edit.runs[0]), edit.new_text(edit.runs[0])
    side, made, head = _new_side(edit, page), _made(edit, page), page.row_of_edit(edit)
    if side == UNFINISHED or not made or head is None:
        return
    rows = _rows_of_uses(old, head, page)
    nearest = sorted(rows, key=lambda row: (row < page.row, row))
    for order, row in enumerate(nearest[:ROWS_EACH]):
        places = rows[row]
        between = [page.text[one + len(old) : other] for one, other in pairwise(places)]
        facts = {
            "new side": side,
            "made": bucket(made, (1, 2)),
            "order": bucket(order, (0, 1)),
            "uses": bucket(len(rows), (1, 2, 4)),
        }
        text = new.join(["", *between, ""])
        yield Candidate("parameter", places[0], places[-1] + len(old), text, facts)


def _new_side(edit: LineEdit, page: Page) -> str:
    """Whether the new name is finished, as far as can be told."""
    run = edit.runs[0]
    if not touches_cursor(Use(edit, run), page):
        return "done"
    return familiarity(edit.new_text(run), edit.old_text(run), page)


def _made(edit: LineEdit, page: Page) -> int:
    """How often the name was replaced so far; 0 if that is not what the user did last."""
    change = edit.old_text(edit.runs[0]), edit.new_text(edit.runs[0])
    ages = [
        other.age
        for other in page.edits
        if change in [(other.old_text(run), other.new_text(run)) for run in other.runs]
    ]
    return 0 if min(ages) else len(ages)


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
