"""Writes the outputs of a split, byte for byte the lines that came in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from pipeline.jsonl import Beside, Line, drop_of, lines, row_of
from pipeline.records import Dropped
from pipeline.splitting.shares import NOWHERE

DROPS = "split.drops.jsonl"


def write(
    sources: Sequence[str],
    paths: Sequence[Path],
    placed: Iterator[tuple[int, int]],
    dropped: Mapping[int, str],
) -> Counter[str]:
    """Write each line where it belongs; the drops by reason.

    `placed` gives the number of each line that holds a row, in order, with the index of its path;
    `dropped` says of some lines why they have none. The files appear when all are written, and
    those of an earlier split are gone before the first does: sets of two splits may share rows.
    """
    counts: Counter[str] = Counter()
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    outputs, drops = [Beside(path) for path in paths], Beside(paths[0].parent / DROPS)
    with ExitStack() as stack:
        for output in (*outputs, drops):
            stack.callback(output.discard)
        for output in outputs:
            output.write(b"")
        for line, place in _with_places(sources, placed):
            if place != NOWHERE:
                outputs[place].write(line.data.rstrip(b"\r\n") + b"\n")
                continue
            row = row_of(line)
            why = row if isinstance(row, Dropped) else Dropped(dropped.get(line.number, _BEYOND))
            drops.write(drop_of(line, why))
            counts[why.reason] += 1
        for path in paths:
            path.unlink(missing_ok=True)
        for output in (drops, *outputs):
            output.keep()
    return counts


_BEYOND = "beyond_outputs"


def _with_places(
    sources: Sequence[str], placed: Iterator[tuple[int, int]]
) -> Iterator[tuple[Line, int]]:
    """The lines with their places; a line that holds no row has none."""
    number, place = next(placed, (0, NOWHERE))
    for line in lines(sources):
        if line.number == number:
            yield line, place
            number, place = next(placed, (0, NOWHERE))
        else:
            yield line, NOWHERE
