"""The smallest replacement that has the same effect.

Editors often send more than changed: a whole word for one letter, the whole text for one key. What
both texts share at their ends is left alone, so that a typed character looks like one whoever
sends it. No end of a replacement may lie inside a ``\\r\\n`` pair, neither in the text before nor
in the text after: such a place is no position, and lines would be counted wrongly. There the
replacement takes in one character more instead.
"""

from zeta_lsp.core.text import split_lines


def kept_ends(old: str, new: str, before: str, after: str) -> tuple[int, int]:
    """How many characters at the head and at the tail of `old` and `new` can stay.

    `before` and `after` are the characters around the replacement, empty at the text's ends. -1
    says that the character there has to be replaced as well, by itself.
    """
    head = shared_head(old, new)
    tail = shared_tail(old[head:], new[head:])
    left = old[head - 1] if head else before
    right = old[len(old) - tail] if tail else after
    old_core, new_core = old[head : len(old) - tail], new[head : len(new) - tail]
    if left == "\r" and "\n" in ((old_core + right)[:1], (new_core + right)[:1]):
        head -= 1
    if right == "\n" and "\r" in ((left + old_core)[-1:], (left + new_core)[-1:]):
        tail -= 1
    return head, tail


def shared_head(one: str, other: str) -> int:
    """Number of equal characters at the start; compares slices, so that long texts are no loop."""
    high = min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def shared_tail(one: str, other: str) -> int:
    """Number of equal characters at the end."""
    return shared_head(one[::-1], other[::-1])


def advanced(row: int, col: int, text: str) -> tuple[int, int]:
    """Where text that starts at a position ends."""
    if "\n" not in text and "\r" not in text:
        return row, col + len(text)
    lines = split_lines(text)
    return row + len(lines) - 1, len(lines[-1])
