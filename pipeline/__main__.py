"""The program ``zeta-pipeline``: joins the stages to the rest of the project.

Exit status: 0, 1 (it failed; one line on stderr says why), 2 (wrong use).
"""

import functools
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command import main as run
from pipeline.doors import Checker, Doors, Looking, Wanted
from pipeline.records import Row
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.ports import Predictor, TextModel

if TYPE_CHECKING:
    from capture.secrets import Scanner
    from zeta_lsp.core.excerpt import Span


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    doors = Doors(
        text_model=_text_model,
        predictor=_predictor,
        captured=_captured,
        syntax_errors=_syntax_errors,
        checker=_checker,
        secret_in=_secret_in,
        spdx_of=_spdx_of,
        syntax_spans=_syntax_spans,
        surroundings=_surroundings,
    )
    return run(given, doors)


def _text_model(endpoint: Endpoint) -> TextModel:
    from zeta_lsp.models.build import Models

    return Models().model(endpoint)


def _predictor(endpoint: Endpoint) -> Predictor:
    from zeta_lsp.models.build import predictor_for

    return predictor_for(endpoint)


def _syntax_errors(path: str, text: str) -> int | None:
    from zeta_lsp.context.faults import syntax_errors

    return syntax_errors(path, text)


def _syntax_spans(path: str, lines: Sequence[str], row: int, col: int) -> "tuple[Span, ...] | None":
    from zeta_lsp.context.enclosing import enclosing_spans

    return enclosing_spans(path, lines, row, col)


def _checker(project: Path) -> AbstractAsyncContextManager[Checker]:
    from zeta_lsp.context.headless.counting import counting

    return counting(project)


def _surroundings(root: Path, wanted: Wanted) -> AbstractAsyncContextManager[Looking]:
    from zeta_lsp.context.headless.around import looking_around
    from zeta_lsp.context.headless.commands import commands_named

    return looking_around(
        root,
        definitions=wanted.definitions,
        diagnostics=wanted.diagnostics,
        commands=commands_named(wanted.servers),
    )


def _secret_in(rows: Sequence[str]) -> str | None:
    found = _scanner().find(rows)
    return found[0].kind if found else None


def _spdx_of(text: str) -> str | None:
    from capture.licence_texts import recognised

    return recognised(text)


@functools.cache
def _scanner() -> "Scanner":
    """One for each process: it remembers what was clean, and rows repeat each other."""
    from capture.secrets import Scanner

    return Scanner()


def _captured(folder: Path) -> Iterator[Row]:
    """What a capture store holds, as ``zeta-lsp capture export`` writes it, and what it cannot."""
    import msgspec

    from capture.export import Dropped, line_of
    from capture.store import Reading

    with Reading(folder) as reading:
        for stored in reading.predictions():
            line = line_of(stored)
            if isinstance(line, Dropped):
                yield {"not_exported": line.reason, "id": stored.snapshot.id}
            else:
                yield msgspec.json.decode(line)
        yield from ({"not_exported": "damaged"} for _ in range(reading.damaged))
        yield from ({"not_exported": problem.reason} for problem in reading.problems)


if __name__ == "__main__":
    sys.exit(main())
