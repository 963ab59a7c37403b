"""Whole lines inserted, deleted or replaced, again at a place that looks the same.

A hunk of the history fits where its old lines stand (or, if it only inserts, where its neighbours
stand), under one consistent mapping of words. How many of the lines around agree as well is the
evidence. Lines edited in place are the business of `substitution`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.repeat.candidate import Candidate, Facts
from zeta_lsp.core.repeat.changes import Hunk
from zeta_lsp.core.repeat.mapping import Mapping
from zeta_lsp.core.repeat.page import NEVER, Page
from zeta_lsp.core.repeat.words import bucket, indent_of, tokens_of

MAX_HUNKS = 8
PLACES_EACH = 6
NEAR_ROWS = 60


class _Fit(NamedTuple):
    """A hunk's old lines stand from `row` on; so many lines above and below agree as well."""

    hunk: Hunk
    row: int
    mapping: Mapping
    above: int
    below: int


def blocks(page: Page) -> Iterator[Candidate]:
    """The latest hunks made again at the nearest places."""
    kinds: dict[tuple[str, ...], list[Hunk]] = {}
    for hunk in reversed(page.hunks):
        if len(hunk.old) == len(hunk.new) == 1 or not "".join([*hunk.old, *hunk.new]).strip():
            continue
        key = (*map(str.strip, hunk.old), "→", *map(str.strip, hunk.new))
        if key in kinds or len(kinds) < MAX_HUNKS:
            kinds.setdefault(key, []).append(hunk)
    for alike in kinds.values():
        fits = [fit for row in _rows(alike[0], page) if (fit := _fit(alike, row, page))]
        for order, fit in enumerate(fits[:PLACES_EACH]):
            if replaced := _replaced(fit, page):
                facts = _facts(fit, page, len(alike), len(fits), order)
                yield Candidate("block", *replaced, facts)


def _rows(hunk: Hunk, page: Page) -> list[int]:
    """Rows where the hunk could begin, in the order in which a person comes to them."""
    line, offset = _key_line(hunk)
    if not line:
        return []
    rows = [at - offset for at, other in enumerate(page.stripped) if other == line]
    if not rows or hunk.age <= 1:
        rows += _alike_rows(line, page, offset)
    kept = {row for row in rows if row >= 0 and row + len(hunk.old) < len(page.rows)}
    return sorted(kept, key=lambda row: (row < page.row, abs(row - page.row)))


def _key_line(hunk: Hunk) -> tuple[str, int]:
    """A line that must stand at the place, and its distance from where the hunk begins."""
    for at, line in enumerate(hunk.old):
        if line.strip():
            return line.strip(), at
    if hunk.above and hunk.above[-1].strip():
        return hunk.above[-1].strip(), -1
    return (hunk.below[0].strip(), 0) if hunk.below else ("", 0)


def _alike_rows(line: str, page: Page, offset: int) -> Iterator[int]:
    tokens = tokens_of(line)
    low, high = max(0, page.row - NEAR_ROWS), min(len(page.rows), page.row + NEAR_ROWS)
    for row in range(low, high):
        other = page.stripped[row]
        if other and other != line and other[0] == line[0]:
            mapping = Mapping().extended(tokens, page.tokens(row)[0])
            if mapping is not None and mapping.equal >= 2:
                yield row - offset


def _fit(alike: list[Hunk], row: int, page: Page) -> _Fit | None:
    """The hunk among equal ones whose surroundings agree best with the place."""
    fits = [fit for hunk in alike[:4] if (fit := _fit_one(hunk, row, page))]
    return max(fits, key=lambda fit: fit.above + fit.below, default=None)


def _fit_one(hunk: Hunk, row: int, page: Page) -> _Fit | None:
    mapping: Mapping | None = Mapping()
    for at, line in enumerate(hunk.old):
        mapping = mapping and mapping.extended(tokens_of(line.strip()), page.tokens(row + at)[0])
    if mapping is None:
        return None
    above, mapping = _agreeing(hunk.above[::-1], page, range(row - 1, -1, -1), mapping)
    rows = range(row + len(hunk.old), len(page.rows))
    below, mapping = _agreeing(hunk.below[:3], page, rows, mapping)
    return _Fit(hunk, row, mapping, above, below) if hunk.old or above or below else None


def _agreeing(lines: list[str], page: Page, rows: range, mapping: Mapping) -> tuple[int, Mapping]:
    count = 0
    for line, row in zip(lines, rows, strict=False):
        longer = mapping.extended(tokens_of(line.strip()), page.tokens(row)[0])
        if longer is None:
            break
        mapping, count = longer, count + 1
    return count, mapping


def _replaced(fit: _Fit, page: Page) -> tuple[int, int, str] | None:
    """The replacement in the page; None if it is made already, or does not fit the margin."""
    hunk, row = fit.hunk, fit.row
    margin = _margin(fit, page)
    if margin is None:
        return None
    lines = [_adapted(line, margin, fit.mapping) for line in hunk.new]
    made = [line.strip() for line in lines]
    around = page.stripped[max(0, row - len(made)) : row], page.stripped[row : row + len(made)]
    if not hunk.old and made in around:
        return None
    text = "".join(line + "\n" for line in lines)
    start, end = page.starts[row], page.starts[row + len(hunk.old)]
    return None if page.text[start:end] == text else (start, end, text)


def _margin(fit: _Fit, page: Page) -> int | None:
    """How much deeper the place lies than the hunk did; None if that cannot be told."""
    hunk, row = fit.hunk, fit.row
    pairs = [*zip(hunk.old, page.rows[row:], strict=False)]
    if not hunk.old:
        pairs += zip(hunk.above[-1:] if fit.above else [], page.rows[row - 1 :], strict=False)
        pairs += zip(hunk.below[:1] if fit.below else [], page.rows[row:], strict=False)
    return next((indent_of(here) - indent_of(old) for old, here in pairs if old.strip()), None)


def _adapted(line: str, margin: int, mapping: Mapping) -> str:
    if not line.strip():
        return line
    indent = indent_of(line)
    blanks = line[:indent]
    if margin > 0:
        blanks += (blanks[:1] or " ") * margin
    elif margin < 0:
        blanks = blanks[: max(0, indent + margin)]
    return blanks + mapping.adapted(tokens_of(line.strip()))[0] + line[len(line.rstrip()) :]


def _facts(fit: _Fit, page: Page, uses: int, places: int, order: int) -> Facts:
    hunk, row = fit.hunk, fit.row
    kind = f"{bucket(len(hunk.old), (0, 1))} to {bucket(len(hunk.new), (0, 1))}"
    beside = [*hunk.above[-1:]] if fit.above else []
    beside += hunk.below[:1] if fit.below else []
    ages = [page.written(line) for line in page.rows[row : row + len(hunk.old)]]
    age = bucket(hunk.age, (0, 1, 2, 3))
    return {
        "kind, around": f"{kind}: {min(fit.above, 2)}{min(fit.below, 2)}",
        "beside": bucket(max(map(len, beside), default=0), (1, 3, 10, 25)),
        "different": bucket(fit.mapping.different, (0, 1, 2)),
        "places": bucket(places, (1, 2, 3, 5, 10)),
        "order": bucket(order, (0, 1, 2)),
        "direction": "on" if row > page.row else "back",
        "age": f"{age}, uses {bucket(uses, (1, 2, 3))}",
        "written": "never" if min(ages, default=NEVER) == NEVER else "lately",
    }
