"""What answers behind the door: the embedded model, or one model that is asked in some format.

Which format a model wants is a setting, or follows from its name. Where neither tells, the client
knows: somebody chose it there for this very model.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from zeta_lsp.core import formats
from zeta_lsp.core.errors import ModelUnknown
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.ports import Predictor
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.verbatim import Verbatim

AUTO = "auto"


class NamedModel(Protocol):
    """A model whose name may have to be asked for."""

    name: str

    async def known_name(self) -> str:
        """Its name; empty if the endpoint does not say. Raises `ModelError`."""

    async def warm(self) -> None:
        """Have a connection ready. Never raises for faults outside."""

    async def aclose(self) -> None:
        """Close connections."""


class Question(msgspec.Struct, frozen=True):
    """Who is to be asked what."""

    predictor: Predictor
    given: PromptInput


class Upstream(Protocol):
    """The one source of answers of a gateway."""

    @property
    def label(self) -> str:
        """The model's name as far as it is known without asking."""

    async def question(self, read: ReadPrompt) -> Question:
        """What to ask for a prompt. Raises `ModelError`."""

    async def name(self) -> str:
        """The model's name, for those who list models. Raises `ModelError`."""

    async def warm(self) -> None:
        """Have ready what the first question will need. Never raises for faults outside."""

    async def aclose(self) -> None:
        """Close connections."""


class Embedded:
    """A predictor that needs no prompt."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    @property
    def label(self) -> str:
        """Its name."""
        return self._predictor.name

    async def question(self, read: ReadPrompt) -> Question:
        """Ask about what stands in the prompt."""
        return Question(self._predictor, read.given)

    async def name(self) -> str:
        """Its name."""
        return self._predictor.name

    async def warm(self) -> None:
        """See `Upstream`."""
        await self._predictor.warm()

    async def aclose(self) -> None:
        """See `Upstream`."""
        await self._predictor.aclose()


class Served:
    """A model behind an endpoint.

    Args:
        predictor_in: makes what asks `model` in a format; they share its connections.
        format_name: the format that the settings name, or ``auto``.
        fallback: the format for a model whose name says nothing; empty leaves it to the client.
    """

    def __init__(
        self,
        model: NamedModel,
        predictor_in: Callable[[Format], Predictor],
        format_name: str = AUTO,
        fallback: str = "",
    ) -> None:
        self._model = model
        self._predictor_in = predictor_in
        self._named = format_name
        self._fallback = fallback

    @property
    def label(self) -> str:
        """See `Upstream`."""
        return self._model.name

    async def question(self, read: ReadPrompt) -> Question:
        """Send the prompt as it is, or what was read of it in the format that the model wants.

        Raises:
            ModelUnknown: the request has no prompt, and nothing says which the model wants.
        """
        own = await self._format()
        if read.prompt.text and (own is None or own.name in read.names):
            form = read.form if own is None else own
            return Question(self._predictor_in(Verbatim(form, read.prompt)), read.given)
        if own is None:
            raise ModelUnknown("no prompt format is known for the endpoint's model: set format")
        given = with_current_file(read.given) if own.needs_current_file else read.given
        return Question(self._predictor_in(own), given)

    async def name(self) -> str:
        """The model's name."""
        return await self._model.known_name()

    async def warm(self) -> None:
        """See `Upstream`."""
        await self._model.warm()

    async def aclose(self) -> None:
        """See `Upstream`."""
        await self._model.aclose()

    async def _format(self) -> Format | None:
        if self._named != AUTO:
            return formats.get(self._named)
        name = await self._model.known_name()
        return formats.named(formats.infer(name) or self._fallback)


def with_current_file(given: PromptInput) -> PromptInput:
    """An input whose excerpt stands among the related files too, with rows counted from its own."""
    rows = given.cursor_excerpt.count("\n") + (not given.cursor_excerpt.endswith("\n"))
    shown = RelatedExcerpt((0, rows), given.cursor_excerpt, context_source="current_file")
    own = RelatedFile(given.cursor_path, rows, (shown,))
    others = (file for file in given.related_files or () if file.path != given.cursor_path)
    return msgspec.structs.replace(given, excerpt_start_row=0, related_files=(own, *others))
