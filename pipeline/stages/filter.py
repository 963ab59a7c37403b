"""``filter``: keep the examples that training wants, and say of each other why not.

By the language of the cursor's file, the licence, the size of what is expected, who made the edits,
and what became of the prediction. What an example does not say (a licence in a record of another
program) counts as not known, and passes only where nothing is asked.
"""

import argparse
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.records import Dropped, Row


class Filter(msgspec.Struct, frozen=True):
    """The stage. Empty conditions let everything through."""

    languages: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    lines_min: int = 0
    lines_max: int | None = None

    name = "filter"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The row, or the first condition that it does not meet."""
        reason = self._reason(row)
        return [row if reason is None else Dropped(reason)]

    def _reason(self, row: Row) -> str | None:
        ours = row.get("zeta") or {}
        licence = (ours.get("licence") or {}).get("spdx")
        outcome = (ours.get("outcome") or {}).get("ending")
        if not _is_among(language_of(row), self.languages):
            return "other_language"
        if not _is_among(licence, self.licences):
            return "other_licence"
        if not _is_among(outcome, self.outcomes):
            return "other_outcome"
        if self.sources and not set(ours.get("edit_sources") or ()) <= self.sources:
            return "other_source"
        return self._size_reason(row)

    def _size_reason(self, row: Row) -> str | None:
        if not self.lines_min and self.lines_max is None:
            return None
        sizes = [changed_lines(patch) for patch in row.get("expected_patches") or ()]
        if not sizes or max(sizes) < self.lines_min:
            return "too_small"
        if self.lines_max is not None and min(sizes) > self.lines_max:
            return "too_large"
        return None


def changed_lines(patch: str) -> int:
    """Rows that a patch adds or takes away."""
    rows = patch.splitlines()
    return sum(row[:1] in {"+", "-"} and row[:3] not in {"+++", "---"} for row in rows)


def language_of(row: Row) -> str:
    """The cursor's file's language by its name: what stands behind the last dot, in lower case."""
    path = PurePosixPath(str(row.get("cursor_path") or ""))
    return (path.suffix[1:] or path.name).lower()


def _is_among(value: Any, wanted: frozenset[str]) -> bool:
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
        "--min-lines", type=int, default=0, metavar="N", help="changed by an expected patch"
    )
    parser.add_argument("--max-lines", type=int, metavar="N", help="likewise, at most")


def _make(options: argparse.Namespace, _: Doors) -> Filter:
    return Filter(
        frozenset(options.language),
        frozenset(options.licence),
        frozenset(options.outcome),
        frozenset(options.source),
        options.min_lines,
        options.max_lines,
    )


COMMAND = Command(
    help="Keep the examples of some languages, licences, sizes, sources and outcomes.",
    example="zeta-pipeline filter edits.jsonl -o python.jsonl --language py --max-lines 40",
    configure=_configure,
    make=_make,
)
