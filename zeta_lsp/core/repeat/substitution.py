"""A change of words, made again elsewhere: renamings, changed arguments, wrapped calls.

Where a rule's old side still stands, the line is compared with the lines where the rule was used:
how far both agree to the left and to the right is the best evidence that the change belongs here
too. The other runs of that line edit come along where the line has room for them, so that a
rewritten call is rewritten whole; a name that stands several times in a line is replaced
throughout.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.repeat.candidate import Candidate, Facts
from zeta_lsp.core.repeat.companions import Company, Replaced, company_of
from zeta_lsp.core.repeat.page import NEVER, Page
from zeta_lsp.core.repeat.places import kind_of_place
from zeta_lsp.core.repeat.roles import role_of
from zeta_lsp.core.repeat.rules import (
    Rule,
    Site,
    Use,
    familiarity,
    nearest_sites,
    rules_of,
    touches_cursor,
)
from zeta_lsp.core.repeat.words import bucket, occurrences

SITES_EACH = 6
SITES_IN_ALL = 48
ENOUGH_USES = 12
"""Uses of a rule that a site is compared with."""


class Agreement(NamedTuple):
    """How far a site agrees with a line where the rule was used: visible tokens on both sides.

    `whole` counts the sides that agree up to the end of the line.
    """

    left: int
    right: int
    whole: int
    use: Use


def substitutions(page: Page) -> Iterator[Candidate]:
    """Candidates for every rule, at the nearest places."""
    left = SITES_IN_ALL
    for rule in rules_of(page.edits):
        places = rule.places(page.text)
        facts = _of_rule(rule, page, len(places)) if places else {}
        for site in nearest_sites(rule, places, page, min(left, SITES_EACH)):
            left -= 1
            yield from _at_site(rule, site, page, facts, places)


def _at_site(
    rule: Rule, site: Site, page: Page, known: Facts, places: list[int]
) -> Iterator[Candidate]:
    tokens, offsets = page.tokens(site.row)
    agreement = max(
        (_agreement(use, site, tokens) for use in rule.uses[:ENOUGH_USES]),
        key=lambda one: one.left + one.right + one.whole,
    )
    edit, run = agreement.use
    company = company_of(edit, run, tokens, offsets, (site.first, site.last))
    facts = known | _of_site(site, page, agreement, company)
    facts["name"] = _name(rule, agreement.use, site, page)
    if facts["new side"] == "done":
        facts["new side"] = _new_side(agreement.use, company, page)
    here: Replaced = (site.start, site.end, rule.new)
    again = _again_in_line(rule, site, page, places)
    if company.todo or again:
        every = _joined([here, *company.todo, *again], page.text)
        if every:
            yield _candidate(every, facts | {"extent": "all"})
    if not company.todo:
        yield _candidate(here, facts | {"extent": "one of several" if again else "all"})
    elif company.absent:
        yield _candidate(here, facts | {"extent": "one of several runs"})


def _candidate(replaced: Replaced, facts: Facts) -> Candidate:
    return Candidate("substitution", *replaced, facts)


def _again_in_line(rule: Rule, site: Site, page: Page, places: list[int]) -> list[Replaced]:
    """The other places of a renamed name in the same row."""
    if (rule.old_kind, rule.new_kind) != ("name", "name"):
        return []
    low, high = page.starts[site.row], page.starts[site.row + 1]
    others = (place for place in places if low <= place < high and place != site.start)
    return [(place, place + len(rule.old), rule.new) for place in others]


def _joined(parts: list[Replaced], text: str) -> Replaced | None:
    """Several replacements in one line as one; None if they overlap."""
    ordered = sorted(set(parts))
    start = at = ordered[0][0]
    joined = ""
    for first, last, new in ordered:
        if first < at:
            return None
        joined += text[at:first] + new
        at = last
    return start, at, joined


def _agreement(use: Use, site: Site, tokens: list[str]) -> Agreement:
    edit, run = use
    left, all_left = _common(edit.before[: run.start][::-1], tokens[: site.first][::-1])
    right, all_right = _common(edit.before[run.end :], tokens[site.last :])
    return Agreement(left, right, all_left + all_right, use)


def _common(one: list[str], other: list[str]) -> tuple[int, bool]:
    """Visible tokens that both begin with, and whether that is all of both."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            return count, False
        count += not a.isspace()
    return count, len(one) == len(other)


def _of_rule(rule: Rule, page: Page, total: int) -> Facts:
    """Evidence that all sites of a rule share."""
    uses, age = len(rule.uses), rule.uses[0].edit.age
    known = 0
    if rule.new.strip():
        known = sum(1 for _ in zip(range(4), occurrences(page.text, rule.new), strict=False))
    return {
        "uses": bucket(uses, (1, 2, 3, 5)),
        "age": f"{bucket(age, (0, 1, 2, 3, 5))}, uses {bucket(uses, (1, 2))}",
        "places": bucket(total, (1, 2, 3, 5, 10, 20)),
        "new side": _typed(rule, page) if rule.being_typed(page) else "done",
        "new seen": f"{rule.new_kind}, {bucket(known, (0, 1, 2))}",
        "file": "this" if any(use.edit.path == page.path for use in rule.uses) else "other",
        "old length": bucket(len(rule.old.strip()), (0, 1, 2, 4, 7)),
    }


def _typed(rule: Rule, page: Page) -> str:
    """What would be repeated may still be half typed; known words rather are finished."""
    return f"typed {rule.new_kind}, {familiarity(rule.new, rule.old, page)}"


def _of_site(site: Site, page: Page, agreement: Agreement, company: Company) -> Facts:
    """Evidence of one place."""
    edit = agreement.use.edit
    rows = site.row - page.row
    above = site.row > 0 and page.stripped[site.row - 1] == edit.above
    below = site.row + 1 < len(page.rows) and page.stripped[site.row + 1] == edit.below
    runs = (bucket(len(edit.runs), (1, 2, 3)), bucket(len(company.todo), (0, 1)))
    return {
        "left": bucket(agreement.left, (0, 1, 2, 3)),
        "right": bucket(agreement.right, (0, 1, 2, 3)),
        "whole": str(agreement.whole),
        "order": bucket(site.order, (0, 1, 2)),
        "direction": "on" if site.start >= page.cursor else "back",
        "rows": bucket(abs(rows), (0, 1, 3, 8, 20, 50, 100)),
        "written": _written(page.written(page.rows[site.row]), rows),
        "blank rows": bucket(page.blank_rows_between(site.row), (0, 1, 2, 4, 8)),
        "around": f"{int(above)}{int(below)}",
        "runs": f"{runs[0]}: {runs[1]} to do, {min(company.done, 2)} done, "
        f"{min(company.absent, 1)} no room",
        "next": _neighbour(page.text[site.end : site.end + 1]),
        "kind of place": _kinds_of_place(agreement.use, site, page),
    }


def _new_side(use: Use, company: Company, page: Page) -> str:
    """Whether the user is still busy with the line whose change would be repeated."""
    if any(touches_cursor(Use(use.edit, run), page) for run in company.runs):
        return "typed together"
    return "same line" if use.edit.line == page.line else "done"


def _written(age: int, rows: int) -> str:
    if age == NEVER:
        return "never"
    if age:
        return "earlier"
    return "now, here" if rows == 0 else "now"


def _name(rule: Rule, use: Use, site: Site, page: Page) -> str:
    """For a renaming: what the name was where it was renamed, and where the site lies then."""
    if (rule.old_kind, rule.new_kind) != ("name", "name"):
        return "no"
    row = page.row_of_edit(use.edit)
    if row is None:
        return "elsewhere"
    place = "same line" if row == site.row else page.scope(row, site.row)
    return f"{role_of(use.edit, use.run)}, {place}"


def _kinds_of_place(use: Use, site: Site, page: Page) -> str:
    """Where the rule was used and where it would be: in text, as a member, or in other code."""
    used = "".join(use.edit.before[: use.run.start])
    return (
        f"{kind_of_place(used)} to {kind_of_place(page.text[page.starts[site.row] : site.start])}"
    )


def _neighbour(char: str) -> str:
    return char if char and char in "(.:=" else "other"
