"""Changes that only move blanks about.

A trailing blank, another empty line, one row a little further in: nobody wants to be shown that.
Two changes of blanks alone do say something. Words that were apart and are one now, or the other
way round, are other words. And a block of rows moved in or out as one belongs to a new ``if`` above
it or to one that went; in some languages it is the change itself.
"""

import re

_WORD = re.compile(r"\w+|[^\w\s]")
BLOCK_ROWS = 2
"""Rows that move together are a block; one row is a slip."""


def is_churn(old: str, new: str) -> bool:
    """Whether two different texts differ in nothing but blanks that say nothing."""
    if _bare(old) != _bare(new) or _WORD.findall(old) != _WORD.findall(new):
        return False
    return not _is_block_moved(old.split("\n"), new.split("\n"))


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_block_moved(old: list[str], new: list[str]) -> bool:
    """Whether neighbouring rows moved in or out by the same text, and nothing else changed."""
    if len(old) != len(new):
        return False
    changed = [row for row, line in enumerate(old) if line != new[row]]
    if len(changed) < BLOCK_ROWS or any(_stays(old[row], new[row]) for row in _span(changed)):
        return False
    moves = {_move(old[row], new[row]) for row in changed}
    return len(moves) == 1 and None not in moves


def _span(rows: list[int]) -> range:
    return range(rows[0], rows[-1] + 1)


def _stays(old: str, new: str) -> bool:
    return bool(old.strip()) and old == new


def _move(old: str, new: str) -> tuple[bool, str] | None:
    """Whether a row moved in, and by what; None if more than its indentation changed."""
    shorter, longer = sorted((old, new), key=len)
    by = longer.removesuffix(shorter)
    if by.strip() or not shorter.strip() or not longer.endswith(shorter):
        return None
    return longer is new, by
