"""The bridge: the client answers from the language servers that it already runs.

A client that says ``experimental.zetaBridge`` is asked for the definitions of all names at once,
and for the diagnostics of the document. It has tens of milliseconds; what it says later than that
is dropped, and its last answer about the same line counts instead.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Identifier, Kind, Place
from zeta_lsp.server.faults import RpcError
from zeta_lsp.server.locations import places_of, problems_of
from zeta_lsp.server.openfile import OpenFile

DEADLINE_S = 0.03
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


class Bridge:
    """The client as a `core.surroundings.Door`."""

    name = "bridge"

    def __init__(self, client: Asker, files: Mapping[str, OpenFile]) -> None:
        self._client = client
        self._files = files
        self._places: OrderedDict[tuple[str, Kind, str, str], tuple[Place, ...]] = OrderedDict()
        self._problems: dict[str, tuple[Problem, ...]] = {}

    async def definitions(
        self, uri: str, identifiers: Sequence[Identifier], kind: Kind
    ) -> Sequence[tuple[Place, ...] | None]:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None or not identifiers:
            return [None] * len(identifiers)
        keys = [(uri, kind, one.text, _line(file, one.row)) for one in identifiers]
        answers = _items(await self._ask(_METHODS[kind], _question(file, identifiers)))
        for key, answer in zip(keys, answers, strict=False):
            places = places_of(answer.get("locations"), self._files)
            if places is not None:
                self._places[key] = places
                self._places.move_to_end(key)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)
        return [self._places.get(key) for key in keys]

    async def problems(self, uri: str) -> tuple[Problem, ...] | None:
        """See `Door`."""
        file = self._files.get(uri)
        if file is None:
            return None
        reply = await self._ask("zeta/diagnostics", {"textDocument": {"uri": uri}})
        found = problems_of(reply.get("items"), file) if isinstance(reply, dict) else None
        if found is not None:
            self._problems[uri] = found
        return self._problems.get(uri)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._problems.pop(uri, None)

    async def _ask(self, method: str, params: Any) -> Any:
        try:
            return await self._client.request(method, params, timeout_s=DEADLINE_S)
        except (TimeoutError, RpcError, ConnectionError):
            return None


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
