"""``split``: files for training, validation and test that share no repository and no person.

Rows that have a name in common stay together (`pipeline.splitting`); shares are met as nearly as
that allows. Then the result is looked at again: if a name or nearly the same code is on two sides,
nothing is written, and what leaks is named. ``--check`` looks at files that are there already.

With ``--after`` the test set holds only what is from that day on, and no other does: so that a
model can be tested on what it cannot have seen.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.duplicates.clusters import clusters_of
from pipeline.duplicates.signatures import Signatures
from pipeline.jsonl import STANDARD, Beside, lines, row_of
from pipeline.progress import shown
from pipeline.records import Dropped
from pipeline.running import again
from pipeline.splitting.census import Census
from pipeline.splitting.files import write
from pipeline.splitting.leaks import Leak, crossing_pairs, near_leaks, owner_leaks
from pipeline.splitting.owners import BY
from pipeline.splitting.report import Report, report_of
from pipeline.splitting.shares import NOWHERE, Share, places_of, shares_of
from zeta_lsp.core.errors import UsageError

LEAKED = 1
NEAR = ("fail", "join", "ignore")
STRATA = ("none", "language", "source")
_TEST = "test"


def _act(options: argparse.Namespace, _: Doors) -> int:
    if options.check is not None:
        report = _checked(options)
    elif options.outputs is None:
        raise UsageError("say --outputs train=80% valid=10% test=rest, or --check FILE…")
    else:
        report = _split(options, shares_of(options.outputs))
    _tell(report, options)
    return LEAKED if report.leaks else 0


def _split(options: argparse.Namespace, shares: Sequence[Share]) -> Report:
    since = _since(options.after, shares)
    with again(options.inputs) as sources:
        census = _census(options, sources)
        names = [share.name for share in shares]
        places = _places(census, shares, options)
        dropped = {} if since is None else _by_date(census, places, names.index(_TEST), since)
        leaks = _leaks(census, places, names, options.near_duplicates)
        drops = Counter(dropped.values())
        if not leaks:
            paths = [Path(options.output, share.path) for share in shares]
            placed = zip(census.numbers, places, strict=True)
            drops = write(sources, paths, placed, dropped)
    return report_of(census, places, names, leaks, drops)


def _census(options: argparse.Namespace, sources: Sequence[str]) -> Census:
    signatures = None if options.near_duplicates == "ignore" else Signatures(options.seed)
    census = Census(options.by, options.stratify, signatures)
    with shown("split", sources, is_wanted=not options.quiet) as progress:
        for line in lines(sources):
            progress(line)
            row = row_of(line)
            if not isinstance(row, Dropped):
                census.add(line.number, row)
    return census


def _places(census: Census, shares: Sequence[Share], options: argparse.Namespace) -> list[int]:
    """The output of each row. Near-duplicates that are to stay together do."""
    if options.near_duplicates == "join" and census.signatures is not None:
        clusters = clusters_of(census.signatures)
        for row in range(len(census)):
            census.join(clusters.root(row), row)
    while True:
        groups = places_of(census.groups(), shares, options.seed)
        places = [groups[census.group(row)] for row in range(len(census))]
        if options.near_duplicates != "join" or not (pairs := crossing_pairs(census, places)):
            return places
        for one, other in pairs:
            census.join(one, other)


def _by_date(census: Census, places: list[int], test: int, since: float) -> dict[int, str]:
    """Take rows out that are on the wrong side of a time; their lines, and why."""
    dropped: dict[int, str] = {}
    for row, place in enumerate(places):
        time = census.times[row]
        is_late = time >= since  # not true of what has no time
        if place == test and not is_late:
            reason = "before_date" if time < since else "no_date"
        elif place not in {test, NOWHERE} and is_late:
            reason = "after_date"
        else:
            continue
        places[row], dropped[census.numbers[row]] = NOWHERE, reason
    return dropped


def _since(after: str | None, shares: Sequence[Share]) -> float | None:
    if after is None:
        return None
    if all(share.name != _TEST for share in shares):
        raise UsageError("--after needs an output called test")
    try:
        time = datetime.fromisoformat(after)
    except ValueError:
        raise UsageError(f"a date is written 2026-01-31, not {after}") from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _checked(options: argparse.Namespace) -> Report:
    """Look at files as the outputs of a split."""
    names: list[str] = list(options.check)
    signatures = None if options.near_duplicates == "ignore" else Signatures(options.seed)
    census, places = Census(options.by, "none", signatures), []
    dropped: Counter[str] = Counter()
    for place, name in enumerate(names):
        for line in lines([name]):
            row = row_of(line)
            if isinstance(row, Dropped):
                dropped[row.reason] += 1
                continue
            census.add(line.number, row)
            places.append(place)
    leaks = _leaks(census, places, names, options.near_duplicates)
    return report_of(census, places, names, leaks, dropped)


def _leaks(census: Census, places: Sequence[int], names: Sequence[str], near: str) -> list[Leak]:
    found = owner_leaks(census, places, names)
    return found if near == "ignore" else found + near_leaks(census, places, names)


def _tell(report: Report, options: argparse.Namespace) -> None:
    found = msgspec.to_builtins(report)
    if options.report is not None:
        file = Beside(Path(options.report))
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        file.keep()
    if options.json:
        sys.stderr.write(f"{json.dumps(found)}\n")
    elif not options.quiet or report.leaks:
        sys.stderr.write("".join(f"split: {row}\n" for row in report.lines()))


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="*", default=[STANDARD], metavar="IN.jsonl")
    parser.add_argument("-o", "--output", default=".", metavar="FOLDER", help="for the outputs (.)")
    parser.add_argument(
        "--outputs", nargs="+", metavar="NAME=SHARE", help="80%%, a number of rows, or rest"
    )
    parser.add_argument("--check", nargs="+", metavar="FILE", help="only look for leaks in these")
    parser.add_argument("--by", choices=BY, default=BY[0], help="what must not be split (both)")
    parser.add_argument(
        "--near-duplicates", choices=NEAR, default=NEAR[0],
        help="across outputs: fail, keep them together (join), or do not look (fail)",
    )  # fmt: skip
    parser.add_argument("--stratify", choices=STRATA, default=STRATA[0], help="spread these alike")
    parser.add_argument("--after", metavar="DATE", help="test only on what is from then on")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the lots (0)")
    parser.add_argument("--report", metavar="FILE.json", help="what is where, and what leaks")
    parser.add_argument("--json", action="store_true", help="the report on standard error")
    parser.add_argument("--quiet", action="store_true", help="no progress and no counts")


COMMAND = Command(
    help="Split examples by repository and person, and fail if anything is on two sides.",
    example="zeta-pipeline split edits.jsonl -o data --outputs train=80% valid=10% test=rest",
    configure=_configure,
    act=_act,
)
