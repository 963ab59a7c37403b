"""The doors outward: what the server asks, and what answers.

`TextModel` is an inference endpoint: prompt in, text out, piece by piece. `Predictor` is anything
that answers a `PromptInput`: an endpoint behind a prompt format, or the embedded model. `Syntax` is
the syntax tree of one document.
"""

import enum
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.events import Splice
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput


class Finish(enum.StrEnum):
    """Why a model stopped."""

    STOP = "stop"  # a stop string or end of sequence
    LENGTH = "length"  # the token limit: the text is cut
    UNKNOWN = "unknown"  # the endpoint did not say


class Piece(msgspec.Struct, frozen=True, gc=False):
    """Some text as it arrives. The last piece of a good stream, and only it, carries `finish`."""

    text: str
    finish: Finish | None = None
    model: str | None = None


class TextModel(Protocol):
    """An inference endpoint."""

    name: str

    def stream(self, prompt: Prompt) -> AsyncIterator[Piece]:
        """Complete a prompt. Closing the iterator closes the connection.

        Raises:
            ModelError: see the tree in `errors`; never anything else for faults of the endpoint.
        """

    async def aclose(self) -> None:
        """Close idle connections."""


class Reply(msgspec.Struct, frozen=True):
    """What a predictor says, once or several times for one request.

    Every reply but the last is `partial`: it holds the first finished cluster only, so that it
    can be shown early. `output` is the model's text as it came; `first_token_ms` and `total_ms`
    count from the call.
    """

    answer: Answer
    prompt: Prompt | None
    finish: Finish
    model: str
    partial: bool = False
    output: str = ""
    first_token_ms: float = 0.0
    total_ms: float = 0.0


class Predictor(Protocol):
    """What answers a prediction request.

    `needs_current_file` says that the cursor excerpt must stand among the related files as well,
    for formats that have no section of its own for it.
    """

    name: str
    needs_current_file: bool

    def predict(self, given: PromptInput) -> AsyncIterator[Reply]:
        """Answer once or more; the last reply is whole.

        Raises:
            ModelError: no usable answer.
            UnparsableAnswer: the text is not an answer in the format.
        """

    async def warm(self) -> None:
        """Have ready what the first prediction will need. Never raises for faults outside."""

    async def aclose(self) -> None:
        """Release connections."""


class Watcher(Protocol):
    """Reports files that change on disk, to whoever made it."""

    def watch(self, folder: Path) -> None:
        """Watch the files of a folder, not those of folders below it, from now on."""

    def close(self) -> None:
        """Watch nothing any more."""


class Syntax(Protocol):
    """The syntax tree around the cursor of one document."""

    def edited(self, splice: Splice) -> None:
        """Follow a splice: positions move, nothing is parsed."""

    def refresh(self, lines: Sequence[str]) -> None:
        """Bring the tree up to date; for moments in which nobody waits."""

    def ancestors(self, lines: Sequence[str], row: int, col: int) -> tuple[Span, ...] | None:
        """The nodes around a place, innermost first; None where there is no tree."""

    def errors_added(self, lines: Sequence[str], edits: Cluster) -> int | None:
        """How many syntax errors edits make in a text that has none there; None if nobody knows.

        Takes a millisecond or two. Edits are sorted and do not overlap.
        """
