"""What is wrong with a prediction, as far as it can be measured or a judge has said it.

Each failing has a word, which is counted and kept, and a sentence for the model that is to mend it.
The measures are Zed's where there are any: the reversal ratio, a first hunk that begins with three
deleted rows (a model that answers about another region does that), and sizes in words and signs.
"""

from collections.abc import Iterator

import msgspec

from pipeline.example import expected_patches
from pipeline.records import Row
from pipeline.teacher.case import Case
from pipeline.teacher.judge import Verdict
from pipeline.teacher.patched import region_of_patch
from pipeline.teacher.worddiff import changed_units
from zeta_lsp.core.kept import kept
from zeta_lsp.core.reversal import reversal_ratio

_LEADING_DELETIONS = 3


class Bounds(msgspec.Struct, frozen=True):
    """From where on a prediction counts as failed.

    `reversal` is a share of the prediction; `confidence` the judge's highest that still fails;
    `units_max` words and signs that come or go; `discarded_bytes` what is added and not kept in the
    expected text, `surplus_rows` the rows that nobody expected (both have to be passed).
    """

    reversal: float = 0.9
    confidence: int = 2
    units_max: int = 100
    discarded_bytes: int = 80
    surplus_rows: int = 5


class Failing(msgspec.Struct, frozen=True):
    """A word for it, and what to tell the model."""

    word: str
    told: str


def failings(
    case: Case, row: Row, region: str, verdict: Verdict | None, bounds: Bounds
) -> list[Failing]:
    """All that is wrong with a prediction for the region; nothing, if it may stay."""
    return [
        *measured(case, row, region, bounds),
        *(judged(verdict, bounds) if verdict is not None else ()),
    ]


def measured(case: Case, row: Row, region: str, bounds: Bounds) -> Iterator[Failing]:
    """What can be said without asking anybody."""
    if reverts(case, region) > bounds.reversal:
        yield Failing("reverts_user", "It takes back what the programmer has just done.")
    if crosses(case, region):
        yield Failing(
            "crosses_region",
            "It holds rows that lie outside the region, or drops rows of its beginning. Answer with"
            " the rows between the marks, all of them and no others.",
        )
    gone, come = changed_units(case.region, region)
    if _is_too_large(case, row, region, gone, come, bounds):
        yield Failing(
            "too_large",
            f"It changes too much: {gone} words and signs go and {come} come. Keep to what follows"
            " from the latest edits.",
        )
    if region != case.region and not gone and not come:
        yield Failing("too_small", "It changes nothing but white space.")
    elif _misses(case, row, region):
        yield Failing("too_small", "It changes nothing, but an edit does follow from the latest.")


def judged(verdict: Verdict, bounds: Bounds) -> Iterator[Failing]:
    """What a judge found."""
    reason = " ".join(verdict.reasoning.split())
    if verdict.reverts_edits:
        yield Failing("judged_reverting", f"A reviewer says that it takes edits back: {reason}")
    elif verdict.confidence <= bounds.confidence:
        yield Failing("judged_unlikely", f"A reviewer does not believe in it: {reason}")


def reverts(case: Case, region: str) -> float:
    """The share of a prediction that undoes the latest edit of the file."""
    given = case.given
    new = case.with_region(region)
    start = given.excerpt_start_row
    return reversal_ratio(given.events, given.cursor_path, case.excerpt, new, start)


def crosses(case: Case, region: str) -> bool:
    """Whether it was written for other rows than those of the region.

    Either rows around the region were written into it, or the first hunk begins with deletions.
    """
    return _repeats_surroundings(case, region) or _begins_with_deletions(case.patch(region))


def _begins_with_deletions(patch: str) -> bool:
    _, hunk, body = patch.partition("\n@@ ")
    rows = body.split("\n")[1 : 1 + _LEADING_DELETIONS]
    return bool(hunk) and len(rows) == _LEADING_DELETIONS and all(r[:1] == "-" for r in rows)


def _repeats_surroundings(case: Case, region: str) -> bool:
    """Whether two rows right above or below the region were written into its edge as well."""
    data, (start, end) = case.excerpt.encode(), case.prompt.editable
    above = data[:start].decode().splitlines()[-2:]
    below = data[end:].decode().lstrip("\n").splitlines()[:2]
    old, new = case.region.splitlines(), region.splitlines()
    at_top = _tells(above) and new[:2] == above and old[:2] != above
    at_bottom = _tells(below) and new[-2:] == below and old[-2:] != below
    return at_top or at_bottom


def _tells(rows: list[str]) -> bool:
    """Whether rows are not such as stand everywhere."""
    return len(rows) == 2 and sum(char.isalnum() for row in rows for char in row) >= 8


def _is_too_large(case: Case, row: Row, region: str, gone: int, come: int, bounds: Bounds) -> bool:
    expected = _expected(case, row)
    if not expected:
        return gone > bounds.units_max or come > bounds.units_max
    return all(_exceeds(case.region, region, wanted, bounds) for wanted in expected)


def _exceeds(old: str, region: str, wanted: str, bounds: Bounds) -> bool:
    if kept(old, region, wanted).discarded <= bounds.discarded_bytes:
        return False
    known = {*old.splitlines(), *wanted.splitlines()}
    surplus = sum(one not in known for one in region.splitlines())
    return surplus > bounds.surplus_rows


def _misses(case: Case, row: Row, region: str) -> bool:
    """Whether it does nothing where every expected answer does something."""
    expected = _expected(case, row)
    return region == case.region and bool(expected) and case.region not in expected


def _expected(case: Case, row: Row) -> list[str]:
    found = (region_of_patch(case, patch) for patch in expected_patches(row))
    return [region for region in found if region is not None]
