"""What stages need of the rest of the project, handed in by `pipeline.__main__`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from pipeline.records import Row
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.gathering import Standing
from zeta_lsp.core.ports import Predictor, TextModel
from zeta_lsp.core.surroundings import Surroundings

SyntaxErrors = Callable[[str, str], int | None]
"""Syntax errors of a text, by its file's path; None if nobody can say. Goes to worker processes."""

SecretIn = Callable[[Sequence[str]], str | None]
"""What kind of secret stands in the rows of a text, None in a clean one. Goes to workers too."""


SyntaxSpans = Callable[[str, Sequence[str], int, int], tuple[Span, ...] | None]
"""What encloses a place, innermost first: by the path, the lines with their ends, row and column.

Columns of places count code points. None without a grammar. Goes to worker processes.
"""


class Checker(Protocol):
    """Language servers at work in a project."""

    async def error_counts(
        self, path: str, excerpt: str, texts: Sequence[str]
    ) -> Sequence[int | None]:
        """Errors in a file with each text in place of an excerpt of it; None if nobody can say.

        `path` is relative to the project. An excerpt that is not in the file is all of it.
        """


OpenChecker = Callable[[Path], AbstractAsyncContextManager[Checker]]
"""Language servers for a project's folder, until the context is left."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be gathered around places. `servers` are the names of those that may be started.

    None: whichever are here.
    """

    definitions: bool = True
    diagnostics: bool = True
    servers: tuple[str, ...] | None = None


class Looking(Protocol):
    """A folder in which one can look around, as a session there would."""

    async def around(self, standing: Standing) -> tuple[Surroundings, frozenset[str]]:
        """What is known around a place, and words for why that is less than it could be."""


OpenSurroundings = Callable[[Path, Wanted], AbstractAsyncContextManager[Looking]]
"""Language servers and index for a folder, until the context is left.

The folder's path is absolute, its name is what prompts call it. Raises `UsageError` for a server
that nobody knows.
"""


class Doors(msgspec.Struct, frozen=True):
    """The doors outward.

    `text_model` asks an endpoint with finished prompts, `predictor` asks one about a `PromptInput`;
    `captured` reads the examples of a capture store (a folder), and ``{not_exported: reason}`` for
    each prediction that can be none. `syntax_errors` and `checker` judge the texts that predictions
    make, `secret_in` finds secrets, `spdx_of` names the licence that a text is, `syntax_spans` says
    what encloses a place, `surroundings` what a session would gather; None where they are not to
    be had.
    """

    text_model: Callable[[Endpoint], TextModel]
    predictor: Callable[[Endpoint], Predictor]
    captured: Callable[[Path], Iterator[Row]]
    syntax_errors: SyntaxErrors | None = None
    checker: OpenChecker | None = None
    secret_in: SecretIn | None = None
    spdx_of: Callable[[str], str | None] | None = None
    syntax_spans: SyntaxSpans | None = None
    surroundings: OpenSurroundings | None = None
