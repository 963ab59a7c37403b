"""Between the client and its server: what goes through, what stays here, what is added.

Bodies are passed on as they came. Of each only the envelope is read, and of the few methods that
teach something the parts that count. What one read brought goes out in one write, before anything
of ours sees it. The one body that changes is the reply to `initialize`.

Nothing of ours is between a message and its way: whatever fails here blows the fuse of `ours`, and
the message passes. Bytes that are no message cannot be passed on (nobody could tell where the next
one begins) and are left out; bodies that are no message pass like any other.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from zeta_lsp.server.connection import Application
from zeta_lsp.server.editor import Editor
from zeta_lsp.server.faults import where
from zeta_lsp.server.framing import Fault, frame
from zeta_lsp.server.proxy.books import Books, Item
from zeta_lsp.server.proxy.inbound import Inbound
from zeta_lsp.server.proxy.learning import Listener
from zeta_lsp.server.proxy.neighbour import Neighbour
from zeta_lsp.server.proxy.ours import Ours
from zeta_lsp.server.proxy.outbound import Outbound, Way

log = logging.getLogger(__name__)

MakeBeside = Callable[[Editor, Neighbour], Application]
"""Joins a session to the client, with the language server that runs beside it."""


class Relay:
    """One client and one server.

    The `to_` functions take framed bytes. `exiting` is told that the client sent ``exit``, and
    `introduced` the parameters of its ``initialize`` once they are answered.
    """

    def __init__(
        self,
        make: MakeBeside,
        to_client: Callable[[bytes], None],
        to_neighbour: Callable[[bytes], None],
        *,
        exiting: Callable[[], None],
        introduced: Callable[[dict[str, Any]], None],
    ) -> None:
        self._to_client = to_client
        self._to_neighbour = to_neighbour
        books = Books()
        self.neighbour = Neighbour(lambda body: to_neighbour(frame(body)))
        self.ours = Ours(
            lambda editor: make(editor, self.neighbour),
            lambda body: to_client(frame(body)),
            books.owing.__contains__,
        )
        listener = Listener(self.neighbour)
        self._outbound = Outbound(books, listener, self.ours, exiting)
        self._inbound = Inbound(books, listener, self.ours, introduced)

    def from_client(self, items: Sequence[Item]) -> None:
        """Pass on what one read of the client brought."""
        theirs: list[bytes] = []
        ours: list[Item] = []
        for item in items:
            way = self._way(item)
            if Way.THEIRS in way and isinstance(item, bytes):
                theirs.append(frame(item))
            if Way.OURS in way:
                ours.append(item)
            if Way.LOST in way:
                ours.append(Fault.DOCUMENT_LOST)
        if theirs:
            self._to_neighbour(b"".join(theirs))
            self.ours.prepare()  # while the server starts
        if ours:
            self.ours.receive(ours)

    def from_neighbour(self, items: Sequence[Item]) -> None:
        """Pass on what one read of the neighbour brought."""
        bodies: list[bytes] = []
        for item in items:
            if isinstance(item, Fault):
                log.warning("the language server wrote what is no message: %s", item.value)
            elif (body := self._heard(item)) is not None:
                bodies.append(frame(body))
        if bodies:
            self._to_client(b"".join(bodies))
        self.ours.noticed(len(items))

    async def aclose(self) -> None:
        """The connection is over."""
        self.neighbour.close()
        await self.ours.aclose()

    def _way(self, item: Item) -> Way:
        try:
            return self._outbound.way(item)
        except Exception as error:  # noqa: BLE001 - the edge: what we fail at passes
            self.ours.blow(where(error))
            return Way.THEIRS

    def _heard(self, body: bytes) -> bytes | None:
        try:
            return self._inbound.heard(body)
        except Exception as error:  # noqa: BLE001 - likewise
            self.ours.blow(where(error))
            return body
