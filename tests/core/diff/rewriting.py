"""Texts that are versions of each other, as people and models make them."""

import difflib

from hypothesis import strategies as st

PLAIN = ("a", "b", "", "x y", "zz", "if (a_b) {", "}", "    return fooBar(1)", "日本 = é")
CONFUSING = ("--x", "-- k", "++i", "++ k", "@@ x", "\\ z", "@@ -1 +1 @@")
"""Lines that look like parts of a diff once a sign stands before them."""


def documents(lines: tuple[str, ...], max_lines: int = 20) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(lines), max_size=max_lines)


@st.composite
def versions(
    draw: st.DrawFn, count: int, lines: tuple[str, ...], max_lines: int = 20
) -> list[list[str]]:
    """Some lines, and further versions each of which comes from one before it."""
    found = [draw(documents(lines, max_lines))]
    while len(found) < count:
        found.append(_rewritten(draw, draw(st.sampled_from(found)), lines))
    return found


def _rewritten(draw: st.DrawFn, before: list[str], lines: tuple[str, ...]) -> list[str]:
    after = list(before)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(after)))
        removed = draw(st.integers(0, 3))
        added = draw(st.lists(st.sampled_from(lines), max_size=3))
        if removed and at < len(after) and draw(st.booleans()):
            added.append(_retyped(draw, after[at], lines))
        after[at : at + removed] = added
    return after


def _retyped(draw: st.DrawFn, line: str, lines: tuple[str, ...]) -> str:
    start = draw(st.integers(0, len(line)))
    end = draw(st.integers(start, len(line)))
    return line[:start] + draw(st.sampled_from(lines))[:4] + line[end:]


def joined(lines: list[str], *, ends: bool = True, newline: str = "\n") -> str:
    text = newline.join(lines)
    return text + newline if lines and ends else text


def hunks_between(before: str, after: str, context: int = 3) -> str:
    """A unified diff without file headers, as git prints it."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = list(difflib.unified_diff(old, new, n=context))[2:]
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )
