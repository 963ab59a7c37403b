"""``dedupe``: of examples that are the same, or nearly so, keep a few.

The same: the same moment, by `pipeline.example.key_of`; the first stays. Nearly: clusters of code
that has half of its token 5-grams in common (the measures of Zed's ``--max-duplicates``), of which
those stay that are least like each other. Memory: some 900 bytes a row, whatever its size.
"""

import argparse
from array import array
from collections.abc import Iterable, Iterator

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.duplicates.clusters import THRESHOLD, clusters_of, most_diverse
from pipeline.duplicates.signatures import Signatures, text_of
from pipeline.example import key_of
from pipeline.records import Dropped, Row

EXACT, NEAR = Dropped("exact_duplicate"), Dropped("near_duplicate")


class Dedupe(msgspec.Struct, frozen=True):
    """The stage. A `threshold` of 1 or more leaves near-duplicates alone."""

    duplicates_max: int = 1
    threshold: float = THRESHOLD
    seed: int = 0

    name = "dedupe"
    version = 1

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> "Deduped":
        """Find out which lines go."""
        dropped: dict[int, Dropped] = {}
        seen: set[bytes] = set()
        signatures = Signatures(self.seed) if self.threshold < 1 else None
        numbers = array("Q")
        for number, row in rows:
            key = bytes.fromhex(key_of(row))
            if key in seen:
                dropped[number] = EXACT
                continue
            seen.add(key)
            if signatures is not None:
                signatures.add(text_of(row))
                numbers.append(number)
        if signatures is not None:
            dropped.update((numbers[one], NEAR) for one in self._near(signatures))
        return Deduped(dropped)

    def _near(self, signatures: Signatures) -> Iterator[int]:
        for members in clusters_of(signatures, self.threshold).sets().values():
            if len(members) > self.duplicates_max:
                kept = set(most_diverse(signatures, members, self.duplicates_max))
                yield from (one for one in members if one not in kept)


class Deduped(msgspec.Struct, frozen=True):
    """Which lines go, and why."""

    dropped: dict[int, Dropped]

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped]:
        """The row of a line, or why not."""
        return [self.dropped.get(number, row)]


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-duplicates", type=_positive, default=1, metavar="N", help="kept of a cluster (1)"
    )
    parser.add_argument(
        "--threshold", type=float, default=THRESHOLD, metavar="J",
        help="share of 5-grams in common that makes a near-duplicate (0.5)",
    )  # fmt: skip
    parser.add_argument("--exact", action="store_true", help="drop the very same only")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the hashes (0)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _make(options: argparse.Namespace, _: Doors) -> Dedupe:
    threshold = 1.0 if options.exact else options.threshold
    return Dedupe(options.max_duplicates, threshold, options.seed)


COMMAND = Command(
    help="Drop examples that are the same, and all but a few of those that are nearly the same.",
    example="zeta-pipeline dedupe edits.jsonl -o different.jsonl --max-duplicates 2",
    configure=_configure,
    make=_make,
)
