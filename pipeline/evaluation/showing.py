"""The worst answers, one after the other, for a person to read: what was right, and what was said.

Both are shown as the rows that they change, word by word: what goes and what comes. On a terminal
it has colours; elsewhere `teacher.worddiff`'s brackets say the same.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.evaluation.judging import Judged
from pipeline.teacher.worddiff import word_diff

AROUND_ROWS = 2
_GONE = re.compile(r"\[-(.*?)-\]", re.DOTALL)
_COME = re.compile(r"\{\+(.*?)\+\}", re.DOTALL)
_MARK = re.compile(r"\[-.*?-\]|\{\+.*?\+\}", re.DOTALL)
_RED, _GREEN, _BOLD, _PLAIN = "\x1b[31;9m", "\x1b[32m", "\x1b[1m", "\x1b[0m"


def shown(answers: Iterable[Judged], *, in_colour: bool) -> str:
    """The pages of some answers."""
    return "".join(_page(one, in_colour=in_colour) for one in answers)


def _page(one: Judged, *, in_colour: bool) -> str:
    case = one.case
    rows = [
        "",
        _bold(f"{case.name} - {one.model}", in_colour=in_colour),
        f"{case.row['cursor_path']}, {', '.join(case.tags)}: {_verdict(one)}",
    ]
    reasoning = case.row.get("reasoning")
    rows += [" ".join(str(reasoning).split())] if reasoning else []
    rights = [right for right in case.rights if right != case.before] or [case.before]
    for right in rights:
        rows += ["expected", *_changes(case.before, right, in_colour=in_colour)]
    rows += ["predicted", *_predicted(one, in_colour=in_colour)]
    return "\n".join(rows) + "\n"


def _verdict(one: Judged) -> str:
    figures = one.figures
    right = figures.get("silent")
    said = f"delta-chrF {figures['delta_chr_f']:.1f}" if right is None else f"silent {right:.2f}"
    return f"{said}, reversal ratio {figures['reversal_ratio']:.2f}"


def _predicted(one: Judged, *, in_colour: bool) -> Iterator[str]:
    worst = one.worst
    if worst.error is not None:
        yield f"  (no readable answer: {worst.error})"
    else:
        yield from _changes(one.case.before, worst.after, in_colour=in_colour)


def _changes(old: str, new: str, *, in_colour: bool) -> Iterator[str]:
    if old == new:
        yield "  (nothing)"
        return
    text = word_diff(old, new).removesuffix("\n")
    near = _near(text)
    last = -1
    for number, row in enumerate(_painted(text).split("\n") if in_colour else text.split("\n")):
        if number in near:
            if last >= 0 and number > last + 1:
                yield "  ..."
            yield f"  {row}".rstrip()
            last = number


def _near(text: str) -> set[int]:
    """The rows with a mark in them, and a few around."""
    near: set[int] = set()
    for found in _MARK.finditer(text):
        first, end = text.count("\n", 0, found.start()), text.count("\n", 0, found.end())
        near.update(range(first - AROUND_ROWS, end + AROUND_ROWS + 1))
    return near


def _painted(text: str) -> str:
    """With colours for brackets, row by row: a pager may show any part of it."""
    text = _GONE.sub(lambda found: _by_row(found[1], _RED), text)
    return _COME.sub(lambda found: _by_row(found[1], _GREEN), text)


def _by_row(text: str, colour: str) -> str:
    return "\n".join(f"{colour}{row}{_PLAIN}" if row else row for row in text.split("\n"))


def _bold(text: str, *, in_colour: bool) -> str:
    return f"{_BOLD}{text}{_PLAIN}" if in_colour else text
