"""``score``: measure every prediction of an example against what was expected.

Fills ``score``, parallel to ``predictions``, with the fields and figures of Zed's tools
(`metrics.prediction_score`), and ``zeta.score``, parallel too, with what is ours: whether the patch
applies at all, syntax errors in the text before and after it, and, with ``--project``, the errors
that language servers find in the file with each.

An example is dropped if its input cannot be read, if it does not say what is expected (an empty
list says it: no change), or if an expected patch does not apply.
"""

import argparse
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from pipeline.command import Command, existing
from pipeline.doors import Checker, Doors, OpenChecker, SyntaxErrors
from pipeline.example import given_of, with_ours
from pipeline.metrics.prediction_score import Prediction, Scored, examined
from pipeline.records import Dropped, Row
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.prompt import PromptInput


class Score(msgspec.Struct, frozen=True):
    """The stage. `syntax_errors` counts those of a text by its file's path."""

    syntax_errors: SyntaxErrors | None = None

    name = "score"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The row with its scores."""
        found = measured(row)
        if isinstance(found, Dropped):
            return [found]
        return [found.row_with(self.ours(found))]

    def ours(self, found: "Measured") -> list[Row]:
        """What Zed's score does not say of each prediction."""
        return [
            {"applies": one.applies, **before_and_after("syntax_errors", before, after)}
            for one, (before, after) in zip(found.scored, self._counts(found), strict=True)
        ]

    def _counts(self, found: "Measured") -> Iterator[tuple[int | None, int | None]]:
        count = self.syntax_errors
        path, excerpt = found.given.cursor_path, found.given.cursor_excerpt
        before = count(path, excerpt) if count is not None and found.scored else None
        for one in found.scored:
            is_same = before is None or one.after.cursor_excerpt == excerpt
            after = before if is_same or count is None else count(path, one.after.cursor_excerpt)
            yield before, after


class CheckedScore(msgspec.Struct, frozen=True):
    """The stage with language servers, which run in the checkout of a project."""

    score: Score
    project: Path
    open_checker: OpenChecker

    name = "score"
    version = Score.version

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["_Checking"]:
        """Have language servers ready."""
        async with self.open_checker(self.project) as checker:
            yield _Checking(self.score, checker)


class _Checking:
    """The stage at work."""

    def __init__(self, score: Score, checker: Checker) -> None:
        self._score, self._checker = score, checker

    async def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The row with its scores, errors of language servers included."""
        found = measured(row)
        if isinstance(found, Dropped):
            return [found]
        before, *after = await self._counts(found)
        ours = [
            {**one, **before_and_after("diagnostics", before, count)}
            for one, count in zip(self._score.ours(found), after, strict=True)
        ]
        return [found.row_with(ours)]

    async def _counts(self, found: "Measured") -> Sequence[int | None]:
        excerpt = found.given.cursor_excerpt
        texts = [excerpt, *(one.after.cursor_excerpt for one in found.scored)]
        return await self._checker.error_counts(found.given.cursor_path, excerpt, texts)


class Measured(msgspec.Struct, frozen=True):
    """A row whose predictions are scored."""

    row: Row
    given: PromptInput
    scored: Sequence[Scored]

    def row_with(self, ours: list[Row]) -> Row:
        """The row with Zed's scores and these of ours."""
        scores = [msgspec.to_builtins(one.score) for one in self.scored]
        return with_ours({**self.row, "score": scores}, score=ours)


def measured(row: Row) -> Measured | Dropped:
    """The scores of a row's predictions, in their order."""
    given = given_of(row)
    if isinstance(given, Dropped):
        return given
    try:
        read = msgspec.convert(row, _Judged)
    except msgspec.ValidationError as fault:
        return Dropped("unreadable_example", str(fault))
    if read.expected_patches is None:
        return Dropped("no_expected_patches")
    example = examined(given, read.expected_patches)
    if example is None:
        return Dropped("expected_patch_does_not_apply")
    return Measured(row, given, [example.score(one) for one in read.predictions])


def before_and_after(name: str, before: int | None, after: int | None) -> Row:
    """Two counts as fields, nothing if one is not known."""
    if before is None or after is None:
        return {}
    return {f"{name}_before": before, f"{name}_after": after}


class _Judged(msgspec.Struct, frozen=True):
    """What of an example is needed beside its input."""

    expected_patches: list[str] | None = None
    predictions: list[Prediction] = []


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project",
        type=existing,
        metavar="FOLDER",
        help="a checkout in which language servers count errors before and after each prediction",
    )
    parser.add_argument(
        "--no-syntax", action="store_true", help="do not count syntax errors (a third faster)"
    )


def _make(options: argparse.Namespace, doors: Doors) -> Score | CheckedScore:
    score = Score(None if options.no_syntax else doors.syntax_errors)
    if options.project is None:
        return score
    if doors.checker is None:
        raise UsageError("language servers are not available here")
    return CheckedScore(score, options.project.resolve(), doors.checker)


COMMAND = Command(
    help="Measure predictions against what was expected; fills score[] as Zed's tools do.",
    example="zeta-pipeline score predicted.jsonl -o scored.jsonl",
    configure=_configure,
    make=_make,
)
