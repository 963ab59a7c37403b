"""``filter``: keep the examples that training wants, and say of each other why not.

By the language of the cursor's file, the licence, tags, the size of what is expected, who made the
edits, what became of the prediction, whether the code is private, and whether a secret stands in
it. What an example does not say (a licence in a record of another program) counts as not known, and
passes only where nothing is asked.

Secrets were looked for before anything was recorded; here again, since rules improve and not every
record is ours. Such a record is withheld: the drops say of what kind the secret is, and no more.
"""

import argparse
from collections.abc import Iterable

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors, SecretIn
from pipeline.example import (
    changed_rows,
    expected_patches,
    is_private,
    language_of,
    licence_of,
    ours,
    tags_of,
)
from pipeline.records import Dropped, Row
from pipeline.secrecy import texts_of
from zeta_lsp.core.errors import UsageError


class Filter(msgspec.Struct, frozen=True):
    """The stage. Empty conditions let everything through; `secret_in` finds secrets."""

    languages: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    rows_min: int = 0
    rows_max: int | None = None
    tags: frozenset[str] = frozenset()
    unwanted_tags: frozenset[str] = frozenset()
    lets_private: bool = True
    secret_in: SecretIn | None = None

    name = "filter"
    version = 2

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The row, or the first condition that it does not meet."""
        reason = self._reason(row)
        if reason is not None:
            return [Dropped(reason)]
        kind = self._secret(row)
        return [row if kind is None else Dropped("secret_found", kind, is_withheld=True)]

    def _secret(self, row: Row) -> str | None:
        """The kind of a secret in it."""
        if self.secret_in is None:
            return None
        return next(filter(None, map(self.secret_in, texts_of(row))), None)

    def _reason(self, row: Row) -> str | None:
        if not _is_among(language_of(row), self.languages):
            return "other_language"
        if not _is_among(licence_of(row), self.licences):
            return "other_licence"
        if not _is_among(_ending_of(row), self.outcomes):
            return "other_outcome"
        if self.sources and not _sources_of(row) <= self.sources:
            return "other_source"
        if self.tags and not self.tags & tags_of(row):
            return "other_tag"
        if self.unwanted_tags & tags_of(row):
            return "unwanted_tag"
        if not self.lets_private and is_private(row):
            return "private"
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
        ("--tag", "WORD", "examples with one of these tags"),
        ("--without-tag", "WORD", "examples with none of these tags: no-history …"),
    ):
        parser.add_argument(
            option, metavar=metavar, help=meaning, action="append", default=[], type=str.lower
        )
    parser.add_argument(
        "--min-rows", type=int, default=0, metavar="N", help="changed by an expected patch"
    )
    parser.add_argument("--max-rows", type=int, metavar="N", help="likewise, at most")
    parser.add_argument("--no-private", action="store_true", help="no code under closed licences")
    parser.add_argument("--secrets", action="store_true", help="no example with a secret in it")


def _make(options: argparse.Namespace, doors: Doors) -> Filter:
    if options.secrets and doors.secret_in is None:
        raise UsageError("nothing is installed that finds secrets")
    return Filter(
        languages=frozenset(options.language),
        licences=frozenset(options.licence),
        outcomes=frozenset(options.outcome),
        sources=frozenset(options.source),
        rows_min=options.min_rows,
        rows_max=options.max_rows,
        tags=frozenset(options.tag),
        unwanted_tags=frozenset(options.without_tag),
        lets_private=not options.no_private,
        secret_in=doors.secret_in if options.secrets else None,
    )


COMMAND = Command(
    help="Keep the examples of some languages, licences, sizes, sources and outcomes,"
    " and none with a secret.",
    example="zeta-pipeline filter edits.jsonl -o python.jsonl --language py --max-rows 40",
    configure=_configure,
    make=_make,
)
