"""What the played lines amount to, by language."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.bench.context.playing import Played, Seen
from tests.bench.repeat.figures import percentile


class Shares(NamedTuple):
    """How many of the definitions were in a prompt: by the server's door, by the index's.

    `kept` counts those of the server's that were in the index's prompt too.
    """

    names: int
    server: int
    index: int
    kept: int


class Figures(NamedTuple):
    """One language. `found` and `first` count `names`, which the server finds in other files.

    `inside` and `inside_found` are names that are defined in the same file. `strays` are answers of
    the index for names that the server knows nowhere in the project; `late` are questions that the
    index did not answer in time, of three for each line. Times are (median, 99th percentile) in
    milliseconds.
    """

    projects: tuple[str, ...]
    lines: int
    names: int
    found: int
    first: int
    at_line: Shares
    before_line: Shares
    inside: int
    inside_found: int
    strays: int
    late: int
    gather_ms: tuple[float, float]
    without_ms: tuple[float, float]
    with_ms: tuple[float, float]
    added_ms: tuple[float, float]


def by_language(played: Sequence[Played]) -> dict[str, Figures]:
    """The figures of each language."""
    languages = sorted({one.language for one in played})
    return {name: figures([p for p in played if p.language == name]) for name in languages}


def figures(played: Sequence[Played]) -> Figures:
    """The figures of some lines."""
    wanted = [one for line in played for one in line.wanted]
    requests = [one for line in played for one in line.requests]
    return Figures(
        tuple(sorted({line.project for line in played})),
        len(played),
        len(wanted),
        sum(one.is_found for one in wanted),
        sum(one.is_first for one in wanted),
        _shares(seen for line in played for seen in line.at_line),
        _shares(seen for line in played for seen in line.before_line),
        sum(line.inside[0] for line in played),
        sum(line.inside[1] for line in played),
        sum(line.strays for line in played),
        sum(line.late for line in played),
        _times(ms for line in played for ms in line.gather_ms),
        _times(ms for one in requests for ms in one.without),
        _times(ms for one in requests for ms in one.with_files),
        _times(one.added_ms for one in requests),
    )


def _shares(seen: Iterable[Seen]) -> Shares:
    all_seen = list(seen)
    return Shares(
        len(all_seen),
        sum(one.server for one in all_seen),
        sum(one.index for one in all_seen),
        sum(one.server and one.index for one in all_seen),
    )


def _times(values: Iterable[float]) -> tuple[float, float]:
    known = sorted(values) or [0.0]
    return percentile(known, 0.5), percentile(known, 0.99)
