"""From the client: for each message, whether it is for the neighbour, for us, for both."""

import enum
from collections.abc import Callable

from zeta_lsp.server.framing import DOCUMENT_MARK, Fault
from zeta_lsp.server.messages import Notification, Request, Response
from zeta_lsp.server.proxy.books import Books, Item, member, peek
from zeta_lsp.server.proxy.learning import Asked, Listener
from zeta_lsp.server.proxy.ours import Ours
from zeta_lsp.server.proxy.routes import INLINE_COMPLETION, SHARED, is_ours


class Way(enum.Flag):
    """Where a message goes."""

    NOWHERE = 0
    THEIRS = enum.auto()
    OURS = enum.auto()
    LOST = enum.auto()  # it may have been a change of a document, which we could not read


class Outbound:
    """Sorts what the client sends. `exiting` is told that it sent ``exit``."""

    def __init__(
        self, books: Books, listener: Listener, ours: Ours, exiting: Callable[[], None]
    ) -> None:
        self._books = books
        self._listener = listener
        self._ours = ours
        self._exiting = exiting

    def way(self, item: Item) -> Way:
        """Where a message goes; what passes to the neighbour is entered into the books."""
        message = peek(item)
        if isinstance(message, Notification):
            return self._notified(message)
        if isinstance(message, Request):
            return self._requested(message, item)
        if isinstance(message, Response):
            return self._answered(message, item)
        if isinstance(item, Fault):
            return Way.OURS
        return Way.THEIRS | Way.LOST if DOCUMENT_MARK in item else Way.THEIRS

    def _notified(self, message: Notification) -> Way:
        method = message.method
        if method in SHARED:
            return self._shared(message)
        if method == "$/cancelRequest":
            name = member(message.params, "id")
            ours = name is not None and name not in self._books.owed and self._ours.knows(name)
            return Way.OURS if ours else Way.THEIRS
        if method == "window/workDoneProgress/cancel":
            token = member(message.params, "token")
            ours = token is not None and self._ours.knows_token(token)
            return Way.OURS if ours else Way.THEIRS
        if self._books.joined and is_ours(method, message.params):
            return Way.OURS
        if method == "exit":
            self._exiting()
        return Way.THEIRS

    def _shared(self, message: Notification) -> Way:
        if message.method in self._books.for_us_alone:
            return Way.OURS
        self._listener.told(message)
        return Way.THEIRS | Way.OURS

    def _requested(self, message: Request, item: Item) -> Way:
        if self._books.joined and is_ours(message.method, message.params):
            return self._requested_of_us(message)
        if message.method == "initialize" and not self._books.joined:
            self._books.beginning = message
        elif message.method == "shutdown" and isinstance(item, bytes):
            self._ours.shut_down(message.id, item)
        self._books.owed[message.id] = self._listener.asked(message)
        return Way.THEIRS

    def _requested_of_us(self, message: Request) -> Way:
        """Ours, and where we fell out the neighbour's, if it answers such requests at all."""
        if self._ours.on:
            self._ours.requested(message)
            return Way.OURS
        if message.method == INLINE_COMPLETION and self._listener.neighbour.offers(message.method):
            self._books.owed[message.id] = Asked(message.method)
            return Way.THEIRS
        self._ours.refuse(message)
        return Way.NOWHERE

    def _answered(self, message: Response, item: Item) -> Way:
        if isinstance(item, bytes) and self._ours.answered(message, item):
            return Way.NOWHERE
        self._books.owing.discard(message.id)
        return Way.THEIRS
