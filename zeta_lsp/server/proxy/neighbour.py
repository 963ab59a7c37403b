"""The language server behind us, as our session may use it: definitions and diagnostics.

Its answers are for the store of related context, which asks while nobody waits. `definitions`
comes back within its deadline whatever the server does; what arrives later is kept for the next
call about the same text. A question that is open is not asked twice, and what the person asked
(going to a definition) is learned as well.

Messages keep their order on the pipe, so an answer belongs to the text at the time of the
question. If the document changed meanwhile, the answer says so.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from zeta_lsp.core.documents import Position
from zeta_lsp.server.asking import outgoing
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import Part
from zeta_lsp.server.proxy.answers import Answer, Silence, read_answer
from zeta_lsp.server.proxy.diagnostics import Diagnostic, Diagnostics, Said, key_of
from zeta_lsp.server.proxy.questions import Questions, Refused

DEADLINE_S = 0.5
MAX_KEPT = 512
"""Answers per text."""

DEFINITION, TYPE_DEFINITION = "definition", "typeDefinition"
_PULL = "textDocument/diagnostic"

_About = tuple[str, Position]
"""The kind of definition, and where."""
_Coming = asyncio.Future[Part | Refused]


class _Open:
    """A document that the neighbour knows, and what it said about the text as it is now.

    `asked` and `pulling` are what it has not answered yet.
    """

    __slots__ = ("answers", "asked", "pulling", "revision", "version")

    def __init__(self, version: int | None) -> None:
        self.version = version
        self.revision = 0
        self.answers: dict[_About, Answer] = {}
        self.asked: dict[_About, asyncio.Future[Answer]] = {}
        self.pulling: asyncio.Future[Silence | None] | None = None

    def changed(self, version: int | None) -> None:
        """Its text is another one."""
        self.version = version
        self.revision += 1
        self.answers, self.asked, self.pulling = {}, {}, None

    def keep(self, about: _About, answer: Answer) -> None:
        """Remember a good answer."""
        if answer.silence is None and len(self.answers) < MAX_KEPT:
            self.answers[about] = answer


class Neighbour:
    """A language server that answers our questions. `send` takes the body of a message.

    `name` is how it calls itself. `known` are the diagnostics learned so far. `shadow_mark` is in
    the names of documents that we open for it and that the client knows nothing of.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self.name = ""
        self.known = Diagnostics()
        self.questions = Questions(send)
        self.shadow_mark = f"zeta-shadow-{secrets.token_hex(4)}"
        self._send = send
        self._is_gone = False
        self._offers: set[str] = set()
        self._open: dict[str, _Open] = {}

    def offers(self, method: str) -> bool:
        """Whether the server said that it answers a method."""
        return method in self._offers

    @property
    def pulls(self) -> bool:
        """Whether the server wants to be asked for diagnostics."""
        return self.offers(_PULL)

    async def definitions(
        self,
        uri: str,
        positions: Sequence[Position],
        kind: str = DEFINITION,
        *,
        deadline_s: float = DEADLINE_S,
    ) -> list[Answer]:
        """Where the names at some positions are defined, or their types with `TYPE_DEFINITION`.

        Positions count as the session agreed with the client. One answer for each, in order.
        """
        document = self._open.get(key_of(uri))
        if document is None or not self.offers(f"textDocument/{kind}"):
            silence = Silence.UNOPENED if document is None else Silence.UNSUPPORTED
            return [Answer(silence=silence)] * len(positions)
        asked = [self._ask(uri, document, (kind, position)) for position in positions]
        waiting = {one for one in asked if isinstance(one, asyncio.Future)}
        if waiting:
            await asyncio.wait(waiting, timeout=deadline_s)
        return [_answer_of(one) for one in asked]

    async def pull(self, uri: str, *, deadline_s: float = DEADLINE_S) -> Silence | None:
        """Ask for the diagnostics of a document, for servers that publish none by themselves.

        None once they are among `diagnostics`; those that come too late get there as well.
        """
        document = self._open.get(key_of(uri))
        if document is None or not self.pulls:
            return Silence.UNOPENED if document is None else Silence.UNSUPPORTED
        if document.pulling is None:
            answer = self.questions.ask(_PULL, {"textDocument": {"uri": uri}})
            document.pulling = asyncio.ensure_future(self._pulled(uri, document.version, answer))
        pulling = document.pulling
        done, _ = await asyncio.wait((pulling,), timeout=deadline_s)
        return pulling.result() if done else Silence.LATE

    def tell(self, method: str, params: Any) -> None:
        """Send a notification of our own."""
        if not self._is_gone:
            self._send(outgoing(method, params))

    def diagnostics(self, uri: str) -> list[Diagnostic]:
        """All that is known to be wrong in a document, by range."""
        return self.known.about(uri)

    def has_said(self, uri: str) -> bool:
        """Whether anything was said about a document, and be it that nothing is wrong."""
        return self.known.knows(uri)

    def said(self, uri: str, way: str) -> Said | None:
        """What was ``published``, ``pulled`` or ``carried`` last, with the version it is about."""
        return self.known.said(uri, way)

    def version(self, uri: str) -> int | None:
        """The version of a document that the neighbour has got, None if it does not know it."""
        document = self._open.get(key_of(uri))
        return None if document is None else document.version

    # What follows is for whoever sees the messages pass.

    def introduced(self, name: str, methods: Iterable[str]) -> None:
        """The server said who it is and what it offers."""
        self.name = name
        self._offers.update(methods)

    def registered(self, method: str) -> None:
        """The server offers a method from now on."""
        self._offers.add(method)

    def opened(self, uri: str, version: int | None) -> None:
        """The neighbour got a document."""
        self._open[key_of(uri)] = _Open(version)

    def changed(self, uri: str, version: int | None) -> None:
        """The neighbour got a change."""
        document = self._open.get(key_of(uri))
        if document is not None:
            document.changed(version)
            self.known.changed(uri)

    def closed(self, uri: str) -> None:
        """The document is closed."""
        self._open.pop(key_of(uri), None)

    def revision(self, uri: str) -> int:
        """Grows with each change of an open document; -1 for others."""
        document = self._open.get(key_of(uri))
        return -1 if document is None else document.revision

    def overheard(
        self, uri: str, revision: int, kind: str, position: Position, result: Part
    ) -> None:
        """The server answered a question of the client's about the text of that revision."""
        document = self._open.get(key_of(uri))
        if document is not None and document.revision == revision:
            document.keep((kind, position), read_answer(result))

    def close(self) -> None:
        """The neighbour is gone."""
        self._is_gone = True
        self._offers.clear()
        self._open.clear()
        self.questions.close()

    def _ask(self, uri: str, document: _Open, about: _About) -> "Answer | asyncio.Future[Answer]":
        if (known := document.answers.get(about)) is not None:
            return known
        if about not in document.asked:
            kind, position = about
            params = {"textDocument": {"uri": uri}, "position": position}
            coming = self.questions.ask(f"textDocument/{kind}", params)
            answered = _answered(document, document.revision, about, coming)
            document.asked[about] = asyncio.ensure_future(answered)
        return document.asked[about]

    async def _pulled(self, uri: str, version: int | None, coming: _Coming) -> Silence | None:
        result = await coming
        if isinstance(result, Refused):
            return Silence(result.reason)
        try:
            self.known.pulled(uri, version, result)
        except BadMessage:
            return Silence.UNREADABLE
        return None


async def _answered(document: _Open, revision: int, about: _About, coming: _Coming) -> Answer:
    """The answer once it is there, which the document remembers if its text is still the same."""
    result = await coming
    if isinstance(result, Refused):
        answer = Answer(silence=Silence(result.reason))
    else:
        answer = read_answer(result)
    if document.revision != revision:
        return msgspec.structs.replace(answer, silence=answer.silence or Silence.STALE)
    document.asked.pop(about, None)
    document.keep(about, answer)
    return answer


def _answer_of(asked: "Answer | asyncio.Future[Answer]") -> Answer:
    if isinstance(asked, Answer):
        return asked
    return asked.result() if asked.done() else Answer(silence=Silence.LATE)
