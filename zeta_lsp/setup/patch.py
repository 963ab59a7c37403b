"""Taking a change back out of a file that has been edited since.

The change is what turned `before` into `after`, in lines. Each stretch that it put in is looked for
with the lines around it, and taken back only where it stands unaltered and in one place.
"""

import difflib
import itertools
from collections.abc import Iterator, Sequence

import msgspec

CONTEXT_LINES = 3


class Stretch(msgspec.Struct, frozen=True):
    """Lines that were put in, the lines that were there instead, and those around them."""

    lead: tuple[bytes, ...]
    new: tuple[bytes, ...]
    old: tuple[bytes, ...]
    tail: tuple[bytes, ...]


def taken_back(before: bytes, after: bytes, current: bytes) -> bytes | None:
    """`current` without what turned `before` into `after`; None if that cannot be told for sure."""
    lines = _lines(current)
    places: list[tuple[int, Stretch]] = []
    for stretch in _stretches(_lines(before), _lines(after)):
        place = _place_of(stretch, lines)
        if place is None:
            return None
        places.append((place, stretch))
    places.sort(key=lambda each: each[0])
    if any(at + len(one.new) > then for (at, one), (then, _) in itertools.pairwise(places)):
        return None
    for place, stretch in reversed(places):
        lines[place : place + len(stretch.new)] = stretch.old
    return b"".join(_joined(lines))


def _stretches(before: list[bytes], after: list[bytes]) -> Iterator[Stretch]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield Stretch(
                tuple(after[max(0, new - CONTEXT_LINES) : new]),
                tuple(after[new:new_end]),
                tuple(before[old:old_end]),
                tuple(after[new_end : new_end + CONTEXT_LINES]),
            )


def _place_of(stretch: Stretch, lines: list[bytes]) -> int | None:
    """The row where a stretch stands; the more lines around it agree, the better."""
    for context in range(CONTEXT_LINES, -1, -1):
        lead = stretch.lead[max(0, len(stretch.lead) - context) :]
        wanted = (*lead, *stretch.new, *stretch.tail[:context])
        if not b"".join(wanted).strip():
            return None
        rows = _found(wanted, lines)
        if len(rows) == 1:
            return rows[0] + len(lead)
        if rows:
            return None
    return None


def _found(wanted: Sequence[bytes], lines: list[bytes]) -> list[int]:
    length = len(wanted)
    return [
        row
        for row in range(len(lines) - length + 1)
        if lines[row] == wanted[0] and tuple(lines[row : row + length]) == wanted
    ]


def _joined(lines: list[bytes]) -> Iterator[bytes]:
    """The lines, with an end for one that is no longer the last."""
    end = b"\r\n" if sum(line.endswith(b"\r\n") for line in lines) * 2 > len(lines) else b"\n"
    for row, line in enumerate(lines):
        is_last = row == len(lines) - 1
        yield line if is_last or line.endswith(b"\n") else line + end


def _lines(content: bytes) -> list[bytes]:
    """Lines as they end with a line feed; splitlines would also end them at a lone return."""
    parts = content.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
