"""What the latest edits suggest: which words become which, and where they still stand.

Every changed run of an edited line is a `Rule`. A rule that was also made the other way round is
none: the user is toggling or undoing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.repeat.changes import LineEdit, Run
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.words import (
    indent_of,
    is_word,
    kind_of,
    occurrences,
    parts_of,
    tokens_of,
)

MAX_RULES = 20
MAX_RUNS = 6
"""More runs in one line, and it was rewritten rather than changed."""
MAX_ANCHORS = 4
MIN_PART = 3
"""Letters of a part of a word below which it says nothing that it stands elsewhere."""


class Use(NamedTuple):
    """Where a rule was applied: one run of an edited line."""

    edit: LineEdit
    run: Run


class Rule:
    """`old` became `new`, at least once. The latest use comes first."""

    __slots__ = ("new", "new_kind", "old", "old_kind", "uses")

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.old_kind, self.new_kind = kind_of(tokens_of(old)), kind_of(tokens_of(new))
        self.uses: list[Use] = []

    def places(self, text: str) -> list[int]:
        """Where the old side stands. What holds no word is looked for between its neighbours."""
        if self.old_kind not in ("none", "signs"):
            return list(occurrences(text, self.old))
        found: set[int] = set()
        for edit, run in self.uses[:MAX_ANCHORS]:
            left, right = _anchors(edit, run)
            if (left + right).strip():
                around = left + self.old + right
                found.update(at + len(left) for at in occurrences(text, around))
        return sorted(found)

    def being_typed(self, page: Page) -> bool:
        """Whether the cursor touches the new side where it was made."""
        return any(touches_cursor(use, page) for use in self.uses)


class Site(NamedTuple):
    """A place where an old side stands: tokens ``[first, last)`` of a row.

    `order` counts the places of the same rule that lie nearer in the same direction.
    """

    start: int
    end: int
    row: int
    first: int
    last: int
    order: int


def rules_of(edits: list[LineEdit]) -> list[Rule]:
    """The rules that the edits suggest, those of the latest edit first."""
    rules: dict[tuple[str, str], Rule] = {}
    for edit in edits:
        if len(edit.runs) > MAX_RUNS:
            continue
        for run in edit.runs:
            key = edit.old_text(run), edit.new_text(run)
            if key in rules or len(rules) < MAX_RULES:
                rules.setdefault(key, Rule(*key)).uses.append(Use(edit, run))
    return [rule for (old, new), rule in rules.items() if (new, old) not in rules]


def nearest_sites(rule: Rule, places: list[int], page: Page, most: int) -> Iterator[Site]:
    """The places in the order in which a person comes to them: onwards first, then back."""
    after = [place for place in places if place >= page.cursor]
    before = [place for place in reversed(places) if place < page.cursor]
    onwards = after[: max(most - len(before), most - 2)]
    for order, start in [*enumerate(onwards), *enumerate(before[: most - len(onwards)])]:
        row = page.row_of(start)
        _, offsets = page.tokens(row)
        end = start + len(rule.old)
        if start in offsets and end in offsets:
            yield Site(start, end, row, offsets.index(start), offsets.index(end), order)


def touches_cursor(use: Use, page: Page) -> bool:
    """Whether the cursor stands in or next to what the run has become: it may be unfinished."""
    if use.edit.line != page.line:
        return False
    start = start_of(use)
    return start <= len(page.before_cursor) <= start + len(use.edit.new_text(use.run))


def start_of(use: Use) -> int:
    """The column where the new side begins in the line as it is now."""
    return indent_of(use.edit.line) + len("".join(use.edit.after[: use.run.new_start]))


def familiarity(new: str, old: str, page: Page) -> str:
    """Whether the last word of `new` is a word of the page, made of such words, or new to it.

    `new` stands on the page once, at least: where it was typed.
    """
    words = [token for token in tokens_of(new) if is_word(token)]
    if not words:
        return "no word"
    word = words[-1]
    if sum(1 for _ in zip(range(2), occurrences(page.text, word), strict=False)) > 1:
        return "known word"
    others = page.text.replace(word, " ") + " " + old
    parts = [part for part in parts_of(word) if part.isalpha()]
    known = all(len(part) >= MIN_PART and _stands_in(part, others) for part in parts)
    return "known parts" if known else "new word"


def _stands_in(part: str, text: str) -> bool:
    """Whether a part stands in a text as a part of some word, in any case."""
    wanted, lowered = part.lower(), text.lower()
    at = lowered.find(wanted)
    while at >= 0:
        found, following = text[at : at + len(part)], text[at + len(part) : at + len(part) + 1]
        begins = not lowered[at - 1 : at].isalpha() or found[0].isupper()
        goes_on = following.islower() or (following.isalpha() and found.isupper())
        if begins and not goes_on:
            return True
        at = lowered.find(wanted, at + 1)
    return False


def _anchors(edit: LineEdit, run: Run) -> tuple[str, str]:
    """The visible token next to a run on both sides, with the blanks between."""
    left, right = edit.before[: run.start], edit.before[run.end :]
    reach_left = 2 if left and left[-1].isspace() else 1
    reach_right = 2 if right and right[0].isspace() else 1
    return "".join(left[-reach_left:]), "".join(right[:reach_right])
