"""A model behind HTTP: a dialect spoken over a channel.

`EndpointModel` is the `TextModel` of every networked kind. Pieces leave as they arrive, those that
arrive together as one. The last one carries the finish, and a reply that ends without one is a
fault. Closing the iterator early closes the connection.
"""

from collections.abc import AsyncGenerator

import msgspec

from zeta_lsp.core.errors import ModelRefused, ModelUnnamed
from zeta_lsp.core.ports import Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.channel import Channel
from zeta_lsp.models.dialect import Dialect, Replies

NAMES_SHOWN = 5


class EndpointModel:
    """One model of one endpoint.

    Args:
        name: the model's name as the endpoint knows it; empty asks for its only one, once.
    """

    def __init__(self, name: str, dialect: Dialect, channel: Channel) -> None:
        self.name = name
        self.dialect = dialect
        self.channel = channel
        self._asked = bool(name)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece]:
        """Complete a prompt.

        Raises:
            ModelError: no usable answer, or not a whole one.
        """
        name = await self.known_name()
        body = msgspec.json.encode(self.dialect.body(prompt, name))
        async with self.channel.post(self.dialect.url(prompt), body) as exchange:
            replies = Replies(self.dialect, exchange.content_type)
            while data := await exchange.read():
                piece = _together(replies.feed(data))
                if piece is None:
                    continue
                if piece.finish is not None:
                    exchange.finish()
                yield piece
                if piece.finish is not None:
                    return
            last = replies.end()
            exchange.finish()
            yield last

    async def known_name(self) -> str:
        """The model's name; empty if the endpoint does not say and so does not need it.

        Raises:
            ModelUnnamed: it has several models and none was chosen.
            ModelError: it could not be asked.
        """
        if not self._asked:
            self.name = self._only(await self.names())
            self._asked = True
        return self.name

    async def names(self) -> tuple[str, ...]:
        """The models that the endpoint has; none if it does not say.

        Raises:
            ModelError: it could not be asked.
        """
        document = await self.listing()
        return self.dialect.names(document) if document else ()

    async def listing(self) -> bytes:
        """The document that lists the models; empty if the endpoint has none.

        Raises:
            ModelError: it could not be asked.
        """
        if not self.dialect.models_url:
            return b""
        try:
            async with self.channel.get(self.dialect.models_url) as exchange:
                document = await exchange.whole()
                exchange.finish()
        except ModelRefused as fault:
            if fault.status in (404, 405, 501):
                return b""
            raise
        return document

    async def warm(self) -> None:
        """Have key, connection and the model's name ready. Faults are left to the next request."""
        await self.channel.warm()

    async def aclose(self) -> None:
        """Close all connections."""
        await self.channel.aclose()

    @staticmethod
    def _only(names: tuple[str, ...]) -> str:
        if len(names) > 1:
            shown = ", ".join(names[:NAMES_SHOWN])
            raise ModelUnnamed(f"the endpoint has {len(names)} models: set model to one ({shown})")
        return names[0] if names else ""


def _together(pieces: list[Piece]) -> Piece | None:
    """What one read brought, as one piece; None if it brought nothing."""
    if len(pieces) < 2:
        return pieces[0] if pieces else None
    model = next((piece.model for piece in reversed(pieces) if piece.model), None)
    return Piece("".join([piece.text for piece in pieces]), pieces[-1].finish, model)
