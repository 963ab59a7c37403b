"""``filter``: keep the examples that training wants, and say of each other why not.

By the language of the cursor's file, the licence, the size of what is expected, who made the edits,
and what became of the prediction. What an example does not say (a licence in a record of another
program) counts as not known, and passes only where nothing is asked.
"""

import argparse
from collections.abc import Iterable

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.example import changed_rows, expected_patches, language_of, licence_of, ours
from pipeline.records import Dropped, Row


class Filter(msgspec.Struct, frozen=True):
    """The stage. Empty conditions let everything through."""

    languages: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    rows_min: int = 0
    rows_max: int | None = None

    name = "filter"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The row, or the first condition that it does not meet."""
        reason = self._reason(row)
        return [row if reason is None else Dropped(reason)]

    def _reason(self, row: Row) -> str | None:
        if not _is_among(language_of(row), self.languages):
            return "other_language"
        if not _is_among(licence_of(row), self.licences):
            return "other_licence"
        if not _is_among(_ending_of(row), self.outcomes):
            return "other_outcome"
        if self.sources and not _sources_of(row) <= self.sources:
            return "other_source"
        return self._size_reason(row)

    def _size_reason(self, row: Row) -> str | None:
        if not self.rows_min and self.rows_max is None:
            return None
        sizes = [changed_rows(patch) for patch in expected_patches(row)]
        if not sizes or max(sizes) < self.rows_min:
            return "too_small"
        return "too_large" if self.rows_max is not None and min(sizes) > self.rows_max else None


def _ending_of(row: Row) -> str | None:
    outcome = ours(row).get("outcome")
    return outcome.get("ending") if isinstance(outcome, dict) else None


def _sources_of(row: Row) -> set[str]:
    """Who made the edits of its history; "unknown" where nobody said."""
    found = ours(row).get("edit_sources")
    if not isinstance(found, list):
        return {"unknown"}
    return {str(one) for event in found for one in (event if isinstance(event, list) else [event])}


def _is_among(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or str(value).lower() in wanted


def _configure(parser: argparse.ArgumentParser) -> None:
    for option, metavar, meaning in (
        ("--language", "EXT", "py, rs, ts … by the file's name (again for more)"),
        ("--licence", "SPDX", "MIT, Apache-2.0 …"),
        ("--outcome", "WORD", "accepted, rejected …"),
        ("--source", "WORD", "examples with edits of these sources and no other: typed …"),
    ):
        parser.add_argument(
            option, metavar=metavar, help=meaning, action="append", default=[], type=str.lower
        )
    parser.add_argument(
        "--min-rows", type=int, default=0, metavar="N", help="changed by an expected patch"
    )
    parser.add_argument("--max-rows", type=int, metavar="N", help="likewise, at most")


def _make(options: argparse.Namespace, _: Doors) -> Filter:
    return Filter(
        frozenset(options.language),
        frozenset(options.licence),
        frozenset(options.outcome),
        frozenset(options.source),
        options.min_rows,
        options.max_rows,
    )


COMMAND = Command(
    help="Keep the examples of some languages, licences, sizes, sources and outcomes.",
    example="zeta-pipeline filter edits.jsonl -o python.jsonl --language py --max-rows 40",
    configure=_configure,
    make=_make,
)
