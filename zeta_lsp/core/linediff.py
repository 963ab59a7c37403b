"""What a rewrite changed, as few tight changes: lines first, words inside the changed lines.

A model rewrites whole regions; a person wants to see what is different. `changes` compares two
texts in two stages: lines are aligned by an insert/delete distance, then the words of each changed
group of lines are aligned the same way. Changes therefore begin and end at the borders of words,
except that a common beginning or end is trimmed off each: a half typed ``resu`` that became
``result`` is the insertion of ``lt``.

Groups that were mostly replaced, or are larger than `WORD_CHARS` or `WORD_LINES`, stay one change,
as in Zed (512 bytes, 8 lines there); groups of as many new as old lines are compared line by line
first, so that a renaming in twenty lines is twenty small changes.

Line ends are ``\\n`` here; the caller translates. U+FFFD stands for characters that cannot be sent
to a model: where both texts hold equally many, each of them stays outside all changes.
"""

import re
from itertools import accumulate

import msgspec
from rapidfuzz.distance import Indel

from zeta_lsp.core.text import split_lines

WORD_CHARS = 512
WORD_LINES = 8
REPLACEMENT_CHAR = "\ufffd"

_TOKEN = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
_Gap = tuple[int, int, int, int]  # [a, b) of the old became [c, d) of the new


class Change(msgspec.Struct, frozen=True, gc=False):
    """Replace code points ``[start, end)`` of the old text by `text`."""

    start: int
    end: int
    text: str


def changes(old: str, new: str) -> list[Change]:
    """What turns `old` into `new`: sorted, disjoint, none empty, each trimmed at both ends."""
    if old == new:
        return []
    found: list[Change] = []
    if REPLACEMENT_CHAR in old and old.count(REPLACEMENT_CHAR) == new.count(REPLACEMENT_CHAR):
        _around_marks(old, new, found)
    else:
        _by_lines(old, new, 0, found)
    return found


def _around_marks(old: str, new: str, found: list[Change]) -> None:
    start = 0
    for before, after in zip(old.split(REPLACEMENT_CHAR), new.split(REPLACEMENT_CHAR), strict=True):
        _by_lines(before, after, start, found)
        start += len(before) + 1


def _by_lines(old: str, new: str, start: int, found: list[Change]) -> None:
    if old == new:
        return
    before, after = split_lines(old), split_lines(new)
    ends = [0, *accumulate(map(len, before))]
    for a, b, c, d in _gaps(before, after):
        if b - a == d - c:
            for row in range(b - a):
                line, rewritten = before[a + row], after[c + row]
                _by_words(line, rewritten, start + ends[a + row], found)
        else:
            _by_words("".join(before[a:b]), "".join(after[c:d]), start + ends[a], found)


def _by_words(old: str, new: str, start: int, found: list[Change]) -> None:
    if not _worth_words(old, new):
        _add(old, new, start, found)
        return
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    gaps = _gaps(before, after)
    if len(gaps) > 1 and _mostly_replaced(before, gaps):
        _add(old, new, start, found)
        return
    ends = [0, *accumulate(map(len, before))]
    for a, b, c, d in gaps:
        _add(old[ends[a] : ends[b]], "".join(after[c:d]), start + ends[a], found)


def _worth_words(old: str, new: str) -> bool:
    if not old or not new:
        return False
    if len(old) > WORD_CHARS or len(new) > WORD_CHARS:
        return False
    return old.count("\n") <= WORD_LINES and new.count("\n") <= WORD_LINES


def _mostly_replaced(before: list[str], gaps: list[_Gap]) -> bool:
    """Whether fewer than a third of the letters in old words survive."""
    total = sum([len(token) for token in before if token.isidentifier()])
    lost = sum([len(t) for a, b, _, _ in gaps for t in before[a:b] if t.isidentifier()])
    return (total - lost) * 3 < total


def _gaps(before: list[str], after: list[str]) -> list[_Gap]:
    """Runs of two sequences that differ, by alignment of their items.

    The matcher compares items by their 64-bit hash: numbering them first would cost five times as
    much as the alignment itself.
    """
    head, tail = _common_ends(before, after)
    x, y = before[head : len(before) - tail], after[head : len(after) - tail]
    if not x or not y:
        return [(head, head + len(x), head, head + len(y))] if x or y else []
    gaps: list[_Gap] = []
    a = c = 0
    for block in Indel.editops(x, y).as_matching_blocks():
        if block.a > a or block.b > c:
            gaps.append((head + a, head + block.a, head + c, head + block.b))
        a, c = block.a + block.size, block.b + block.size
    return gaps


def _common_ends(before: list[str], after: list[str]) -> tuple[int, int]:
    limit = min(len(before), len(after))
    head = 0
    while head < limit and before[head] == after[head]:
        head += 1
    tail, limit = 0, limit - head
    while tail < limit and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, tail


def _add(old: str, new: str, start: int, found: list[Change]) -> None:
    """Append one change without what its two sides share at their ends."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail, limit = 0, limit - head
    while tail < limit and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    stop = len(old) - tail
    if stop > head or len(new) - tail > head:
        text = new[head : len(new) - tail]
        found.append(Change(start=start + head, end=start + stop, text=text))
