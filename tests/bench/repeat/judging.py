"""Is a shown answer the author's own edit, byte for byte?

A cluster is *exact* if applying it gives the very text that some of the author's consecutive
remaining edits give. It is *next* if these begin with the author's very next edit, and *whole* if
the author had nothing more to change in the lines that it touches. A line that the author inserted
in front of others must not be left out.
"""

from typing import NamedTuple

from tests.bench.repeat.authoring import AuthorEdit
from tests.bench.repeat.streams import Asked, Opportunity
from zeta_lsp.core.prompt import Answer

NEAR = 400
"""Code points around a cluster in which the author's edits are tried."""


class Verdict(NamedTuple):
    """How an answer compares with what the author did; all False for a wrong one."""

    exact: bool
    next: bool
    whole: bool


WRONG = Verdict(exact=False, next=False, whole=False)


def judge(opportunity: Opportunity, asked: Asked, answer: Answer) -> Verdict:
    """The verdict on a shown answer: every cluster must pass."""
    verdicts = [_judge(opportunity, cluster) for cluster in clusters(opportunity, asked, answer)]
    return Verdict(
        exact=all(verdict.exact for verdict in verdicts),
        next=any(verdict.next for verdict in verdicts),
        whole=all(verdict.whole for verdict in verdicts),
    )


def clusters(opportunity: Opportunity, asked: Asked, answer: Answer) -> list[AuthorEdit]:
    """The answer as edits of the text; replacements at most one row apart are one."""
    data, found = asked.given.cursor_excerpt.encode(), list[AuthorEdit]()
    for part in sorted(answer.replacements, key=lambda part: part.start):
        start = asked.excerpt_start + len(data[: part.start].decode())
        end = asked.excerpt_start + len(data[: part.end].decode())
        if found and opportunity.text.count("\n", found[-1].end, start) <= 1:
            last = found.pop()
            between = opportunity.text[last.end : start]
            found.append(AuthorEdit(last.start, end, last.text + between + part.text))
        else:
            found.append(AuthorEdit(start, end, part.text))
    return found


def _judge(opportunity: Opportunity, cluster: AuthorEdit) -> Verdict:
    text, edits = opportunity.text, opportunity.remaining
    close = [
        number
        for number, edit in enumerate(edits)
        if edit.end >= cluster.start - NEAR and edit.start <= cluster.end + NEAR
    ]
    for first in close:
        if first and _inserted_together(edits[first - 1], edits[first]):
            continue
        for last in range(first, close[-1] + 1):
            run = edits[first : last + 1]
            if sum(edit.growth for edit in run) == cluster.growth and _same(text, cluster, run):
                others = edits[:first] + edits[last + 1 :]
                return Verdict(
                    exact=True,
                    next=opportunity.next in run,
                    whole=not any(_on_lines(text, cluster, edit) for edit in others),
                )
    return WRONG


def _inserted_together(before: AuthorEdit, edit: AuthorEdit) -> bool:
    return before.start == before.end == edit.start == edit.end


def _same(text: str, cluster: AuthorEdit, run: list[AuthorEdit]) -> bool:
    low = min(cluster.start, run[0].start)
    high = max(cluster.end, run[-1].end)
    return _applied(text, [cluster], low, high) == _applied(text, run, low, high)


def _applied(text: str, edits: list[AuthorEdit], low: int, high: int) -> str:
    parts = []
    for edit in edits:
        parts += [text[low : edit.start], edit.text]
        low = edit.end
    return "".join([*parts, text[low:high]])


def _on_lines(text: str, cluster: AuthorEdit, edit: AuthorEdit) -> bool:
    """Whether an edit changes a line that the cluster touches; new lines around it do not."""
    first = text.rfind("\n", 0, cluster.start) + 1
    last = text.find("\n", cluster.end)
    last = len(text) if last < 0 else last
    if edit.start == edit.end and edit.text.endswith("\n") and edit.start in (first, last + 1):
        return False
    return edit.start <= last and edit.end >= first
