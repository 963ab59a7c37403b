"""The bridge: the client answers from the language servers that it already runs.

A client that says ``experimental.zetaBridge`` is asked for the definitions of all names at once,
and for the diagnostics of the document. It has tens of milliseconds. What it says later than that
counts from the next question on: its last answer about a line stands for those that are not there
yet. Real servers take longer at first, and are quick once they have looked.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Identifier, Kind, Place
from zeta_lsp.server.faults import RpcError
from zeta_lsp.server.locations import places_of, problems_of
from zeta_lsp.server.openfile import OpenFile

DEADLINE_S = 0.03
LATE_S = 5.0
"""What comes later than this is dropped."""
OPEN_MAX = 8
"""A client that owes so many answers is not asked any more until some have come or are dropped."""
REMEMBERED = 2048
_METHODS: dict[Kind, str] = {
    "definition": "zeta/definitions",
    "typeDefinition": "zeta/typeDefinitions",
}


class Asker(Protocol):
    """The client, as far as it can be asked."""

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """Send a request; its result."""


def has_bridge(capabilities: Any) -> bool:
    """Whether a client offers the bridge."""
    experimental = capabilities.get("experimental") if isinstance(capabilities, dict) else None
    return isinstance(experimental, dict) and experimental.get("zetaBridge") is True


_Key = tuple[str, Kind, int, str]
"""The document, the kind, the name's column and its line: a row may name two things alike."""


class Bridge:
    """The client as a `core.surroundings.Door`."""

    name = "bridge"

    def __init__(self, client: Asker, files: Mapping[str, OpenFile]) -> None:
        self._client = client
        self._files = files
        self._places: OrderedDict[_Key, tuple[Place, ...]] = OrderedDict()
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def definitions(
        self, uri: str, identifiers: Sequence[Identifier], kind: Kind
    ) -> Sequence[tuple[Place, ...] | None]:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None or not identifiers:
            return [None] * len(identifiers)
        keys = [(uri, kind, one.col, _line(file, one.row)) for one in identifiers]

        def take(reply: Any) -> None:
            for key, answer in zip(keys, _items(reply), strict=False):
                places = places_of(answer.get("locations"), self._files)
                if places is not None:
                    self._remember(key, places)

        await self._ask(_METHODS[kind], _question(file, identifiers), take)
        return [self._places.get(key) for key in keys]

    async def problems(self, uri: str) -> tuple[Problem, ...] | None:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None:
            return None

        def take(reply: Any) -> None:
            found = problems_of(reply.get("items"), file) if isinstance(reply, dict) else None
            if found is not None and self._files.get(uri) is file:
                still_open = {
                    one: known for one, known in self._problems.items() if one in self._files
                }
                self._problems = still_open | {uri: found}

        await self._ask("zeta/diagnostics", {"textDocument": {"uri": uri}}, take)
        return self._problems.get(uri)

    async def _ask(self, method: str, params: Any, take: Callable[[Any], None]) -> None:
        """Ask, and wait for the answer as long as the deadline allows; `take` may get it later."""
        if len(self._asking) >= OPEN_MAX:
            return
        asking = asyncio.get_running_loop().create_task(self._answered(method, params, take))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        await asyncio.wait({asking}, timeout=DEADLINE_S)

    async def _answered(self, method: str, params: Any, take: Callable[[Any], None]) -> None:
        try:
            reply = await self._client.request(method, params, timeout_s=LATE_S)
        except (TimeoutError, RpcError, ConnectionError):
            return
        take(reply)

    def _remember(self, key: _Key, places: tuple[Place, ...]) -> None:
        self._places[key] = places
        self._places.move_to_end(key)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)


def _question(file: OpenFile, identifiers: Sequence[Identifier]) -> dict[str, Any]:
    document = {"uri": file.uri}
    places = (file.document.position(one.row, one.col) for one in identifiers)
    return {
        "items": [
            {
                "textDocument": document,
                "position": {"line": place.line, "character": place.character},
            }
            for place in places
        ]
    }


def _line(file: OpenFile, row: int) -> str:
    lines = file.document.lines
    return lines[row] if row < len(lines) else ""


def _items(reply: Any) -> list[dict[str, Any]]:
    items = reply.get("items") if isinstance(reply, dict) else None
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, dict) else {} for item in items]
