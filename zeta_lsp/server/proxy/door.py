"""The language server behind us, as one of the doors that know where names are defined.

It is asked about each name that it has not answered lately in the same line, so that a person who
types on costs it little. An answer may come later than the deadline, which is soon because the
index waits to be asked instead; the next look has it then.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

import msgspec

from zeta_lsp.core.documents import Position
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Identifier, Kind, Place
from zeta_lsp.server.locations import place_of
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.proxy.answers import Silence
from zeta_lsp.server.proxy.diagnostics import PULLED, Diagnostic
from zeta_lsp.server.proxy.neighbour import Neighbour
from zeta_lsp.server.proxy.questions import GIVE_UP_S

DEADLINE_S = 0.25
FRESH_S = 10.0
"""How long an answer about a name in the same line is not asked for again."""
REMEMBERED = 2048

_Key = tuple[str, Kind, int, str]
"""The document, the kind, the name's column and its line: a row may name two things alike."""


class _Known(msgspec.Struct, frozen=True):
    places: tuple[Place, ...]
    answered_s: float


class ProxyDoor:
    """A `core.surroundings.Door`. `clock` counts monotonic seconds."""

    name = "proxy"

    def __init__(
        self, neighbour: Neighbour, files: Mapping[str, OpenFile], clock: Callable[[], float]
    ) -> None:
        self._neighbour = neighbour
        self._files = files
        self._clock = clock
        self._known: OrderedDict[_Key, _Known] = OrderedDict()
        self._learning: dict[_Key, asyncio.Task[None]] = {}

    async def definitions(
        self, uri: str, identifiers: Sequence[Identifier], kind: Kind
    ) -> Sequence[tuple[Place, ...] | None]:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None:
            return [None] * len(identifiers)
        keys = [(uri, kind, one.col, _line(file, one.row)) for one in identifiers]
        coming = {
            self._learn(key, file.document.position(one.row, one.col))
            for key, one in zip(keys, identifiers, strict=True)
            if one.row < len(file.document.lines) and not self._is_fresh(key)
        }
        if coming:
            await asyncio.wait(coming, timeout=DEADLINE_S)
        return [known.places if (known := self._known.get(key)) else None for key in keys]

    async def problems(self, uri: str) -> tuple[Problem, ...] | None:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None:
            return None
        if self._should_pull(uri):
            await self._neighbour.pull(uri, deadline_s=DEADLINE_S)
        if not self._neighbour.has_said(uri):
            return None
        found = (_problem(one, file) for one in self._neighbour.diagnostics(uri))
        return tuple(problem for problem in found if problem is not None)

    def _is_fresh(self, key: _Key) -> bool:
        known = self._known.get(key)
        return known is not None and self._clock() - known.answered_s < FRESH_S

    def _learn(self, key: _Key, position: Position) -> "asyncio.Task[None]":
        """Ask, unless that is being done; the task goes on when nobody waits for it any more."""
        if key not in self._learning:
            task = self._learning[key] = asyncio.ensure_future(self._ask(key, position))
            task.add_done_callback(lambda _: self._learning.pop(key, None))
        return self._learning[key]

    async def _ask(self, key: _Key, position: Position) -> None:
        uri, kind, *_ = key
        limit_s = GIVE_UP_S + 1.0
        (answer,) = await self._neighbour.definitions(uri, [position], kind, deadline_s=limit_s)
        if answer.silence not in (None, Silence.STALE):
            return
        places = (place_of(one.uri, one.range, self._files) for one in answer.locations)
        known = tuple(place for place in places if place is not None)
        self._known[key] = _Known(known, self._clock())
        self._known.move_to_end(key)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _should_pull(self, uri: str) -> bool:
        """Whether the server must be asked for diagnostics; often the client did so just now."""
        said = self._neighbour.said(uri, PULLED)
        return self._neighbour.pulls and (
            said is None or said.version != self._neighbour.version(uri)
        )


def _line(file: OpenFile, row: int) -> str:
    lines = file.document.lines
    return lines[row] if row < len(lines) else ""


def _problem(said: Diagnostic, file: OpenFile) -> Problem | None:
    place = place_of(file.uri, said.range, {file.uri: file})
    if place is None:
        return None
    start, end = (place.start_row, place.start_col), (place.end_row, place.end_col)
    return Problem(said.message, *start, *end, said.severity, said.source or "")
