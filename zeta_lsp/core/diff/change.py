"""One difference between two sequences, and the edges two sequences share."""

from collections.abc import Sequence

import msgspec


class Change(msgspec.Struct, frozen=True, gc=False):
    """Tokens ``[before_start, before_end)`` became ``[after_start, after_end)``."""

    before_start: int
    before_end: int
    after_start: int
    after_end: int

    def shifted(self, before: int, after: int) -> "Change":
        """The same change in sequences that have that many tokens more at their start."""
        return Change(
            self.before_start + before,
            self.before_end + before,
            self.after_start + after,
            self.after_end + after,
        )


def common_prefix(before: Sequence[str], after: Sequence[str]) -> int:
    """Number of equal tokens at the start."""
    length = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        length += 1
    return length


def common_suffix(before: Sequence[str], after: Sequence[str]) -> int:
    """Number of equal tokens at the end."""
    length = 0
    for one, other in zip(reversed(before), reversed(after), strict=False):
        if one != other:
            break
        length += 1
    return length
