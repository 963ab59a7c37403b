"""What a model's answer must pass before anything of it is shown.

`guard` looks for the first fault, in the order of `CHECKS`; each has a name that `explain` shows:

``missing_end_marker``  the format has an end and the answer does not reach it
``truncated``           the token limit cut the answer
``answer_too_large``    more text than a rewrite of its region can need
``outside_editable``    a replacement outside the editable range, or in another file
``leaked_marker``       text that belongs to prompts and chats
``unsafe_characters``   new characters that cannot be seen
``deletes_region``      deletes nearly everything
``reverses_typing``     takes back what was just done
``whitespace_only``     moves blanks about
``no_change``           changes nothing

An answer that was cut is no fault where what is missing is kept as it was: predictors make such
answers of the part that was certain (`parse.finished_cluster_of`).

A hit holds numbers, never text. That an answer fits the document as it is by now is not looked at
here; neither is whether it is any good.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property

import msgspec

from zeta_lsp.core.characters import unsafe_added
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.leaks import is_fenced, leaked
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.replacement import shared_tail
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.text import byte_length
from zeta_lsp.core.undoing import undone
from zeta_lsp.core.whitespace import is_churn

BYTES_MAX = 16 << 10
TIMES_REGION_MAX = 4
BYTES_ALWAYS = 2 << 10
"""What any answer may have, since an insertion replaces nothing."""

ROWS_RESUMED = 2
"""Rows of the old text at the end of a cut answer that show that the rest was kept."""

DELETION_ROWS = 10
"""Smaller texts are deleted on purpose often enough: a function, an import block."""
DELETED_SHARE = 0.8
"""Of the old rows' characters; a person who deletes more selects it and needs no model."""
COMPARABLE_SHARE = 0.5
"""New text of this share of what was deleted makes it a rewrite."""

UNDONE_SHARE = 0.9
"""Of what the prediction changes. An undo with another blank is still an undo."""
TAKEN_BACK_SHARE = 0.3
"""Of what the person changed. A doubled letter removed from a word takes back less."""


class GuardHit(msgspec.Struct, frozen=True):
    """A fault of an answer. `detail` has numbers only, never text."""

    name: str
    detail: str = ""


def guard(reply: Reply, given: PromptInput, fmt: Format | None) -> GuardHit | None:
    """The first fault of a reply, None if it may be shown.

    Args:
        given: what the predictor was asked.
        fmt: the format of the reply's prompt, None for the embedded model.
    """
    return next(_hits(reply, given, fmt), None)


def all_hits(reply: Reply, given: PromptInput, fmt: Format | None) -> tuple[GuardHit, ...]:
    """Every fault of a reply, in the order of `CHECKS`."""
    return tuple(_hits(reply, given, fmt))


def _hits(reply: Reply, given: PromptInput, fmt: Format | None) -> Iterator[GuardHit]:
    case = Case(reply, given, fmt)
    for name, check in CHECKS.items():
        detail = check(case)
        if detail is not None:
            yield GuardHit(name, detail)


class Case:
    """One reply under examination, with what several checks look at."""

    def __init__(self, reply: Reply, given: PromptInput, fmt: Format | None) -> None:
        self.reply = reply
        self.answer = reply.answer
        self.given = given
        self.format = fmt
        try:
            self.rewrites = rewrites_of(reply.answer, given)
            self.is_placed = _within_editable(reply)
        except PositionError:
            self.rewrites, self.is_placed = (), False

    @cached_property
    def editable_bytes(self) -> int:
        """Size of what may be rewritten."""
        if self.reply.prompt is None:
            return byte_length(self.given.cursor_excerpt)
        start, end = self.reply.prompt.editable
        return end - start

    @cached_property
    def changed_rows(self) -> tuple[Rewrite, ...]:
        """The rows that change. What stays need not be searched: it was there before."""
        trimmed = filter(None, (rewrite.trimmed() for rewrite in self.rewrites))
        return tuple(rewrite.in_rows() for rewrite in trimmed)

    @cached_property
    def old(self) -> str:
        """All replaced texts."""
        return "".join(rewrite.old for rewrite in self.rewrites)

    @cached_property
    def new(self) -> str:
        """All new texts."""
        return "".join(rewrite.new for rewrite in self.rewrites)

    @property
    def is_cut(self) -> bool:
        """Whether a whole answer lacks its end, and more than what stays as it was."""
        if self.reply.partial or self.answer.complete:
            return False
        return not self.rewrites or not all(map(_resumes, self.rewrites))


def _within_editable(reply: Reply) -> bool:
    if reply.prompt is None:
        return True
    first, last = reply.prompt.editable
    mine = (one for one in reply.answer.replacements if one.related is None)
    return all(first <= one.start and one.end <= last for one in mine)


def _resumes(rewrite: Rewrite) -> bool:
    """Whether the new text goes over into the old one, down to its end."""
    old = rewrite.old
    kept = old[len(old) - shared_tail(old, rewrite.new) :].partition("\n")[2]
    rows = kept.removesuffix("\n").count("\n") + bool(kept)
    return rows >= ROWS_RESUMED and any(map(str.isalnum, kept))


def _missing_end_marker(case: Case) -> str | None:
    return "" if case.format is not None and case.format.needs_end and case.is_cut else None


def _truncated(case: Case) -> str | None:
    return "" if case.reply.finish is Finish.LENGTH and case.is_cut else None


def _answer_too_large(case: Case) -> str | None:
    size_bytes = sum(byte_length(one.text) for one in case.answer.replacements)
    limit_bytes = min(BYTES_MAX, max(BYTES_ALWAYS, TIMES_REGION_MAX * case.editable_bytes))
    return f"{size_bytes}>{limit_bytes}" if size_bytes > limit_bytes else None


def _outside_editable(case: Case) -> str | None:
    return None if case.is_placed else ""


def _leaked_marker(case: Case) -> str | None:
    markers = case.format.markers if case.format is not None else ()
    count = sum(leaked(one.new, case.given, markers) for one in case.changed_rows)
    path = case.given.cursor_path
    count += sum(is_fenced(one.old, one.new, path) for one in case.rewrites)
    return f"{count}" if count else None


def _unsafe_characters(case: Case) -> str | None:
    count = sum(unsafe_added(one.old, one.new, one.text) for one in case.changed_rows)
    return f"{count}" if count else None


def _deletes_region(case: Case) -> str | None:
    old, new = case.old, case.new
    if not old.strip():
        return None
    if not new.strip() and case.format is not None and len(old.encode()) >= case.editable_bytes:
        return "1.00"
    if len(new) > len(old) * (1 - DELETED_SHARE * COMPARABLE_SHARE):
        return None  # too much is left for what follows to be true
    return _deleted_share(old, new)


def _deleted_share(old: str, new: str) -> str | None:
    before, after = _rows(old), _rows(new)
    if before.total() < DELETION_ROWS:
        return None
    gone, total = _size(before - after), _size(before)
    share = gone / total
    rewritten = _size(after - before) >= gone * COMPARABLE_SHARE
    return None if share <= DELETED_SHARE or rewritten else f"{share:.2f}"


def _rows(text: str) -> Counter[str]:
    """Rows that are not blank, without their indentation."""
    return Counter(filter(None, map(str.strip, text.split("\n"))))


def _size(rows: Counter[str]) -> int:
    return sum(len(row) * count for row, count in rows.items())


def _reverses_typing(case: Case) -> str | None:
    of_prediction, of_event = undone(case.rewrites, case.given, at_least=UNDONE_SHARE)
    if of_prediction < UNDONE_SHARE or of_event < TAKEN_BACK_SHARE:
        return None
    return f"{of_prediction:.2f}"


def _whitespace_only(case: Case) -> str | None:
    changed = case.changed_rows
    return "" if changed and all(is_churn(one.old, one.new) for one in changed) else None


def _no_change(case: Case) -> str | None:
    return "" if case.is_placed and all(one.old == one.new for one in case.rewrites) else None


CHECKS: dict[str, Callable[[Case], str | None]] = {
    "missing_end_marker": _missing_end_marker,
    "truncated": _truncated,
    "answer_too_large": _answer_too_large,
    "outside_editable": _outside_editable,
    "leaked_marker": _leaked_marker,
    "unsafe_characters": _unsafe_characters,
    "deletes_region": _deletes_region,
    "reverses_typing": _reverses_typing,
    "whitespace_only": _whitespace_only,
    "no_change": _no_change,
}
"""Each gives a detail where it finds a fault, None where it finds none."""
