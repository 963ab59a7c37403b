"""Our own requests to the neighbour, by ids that the client never sees.

The ids are strings with a random part, so they are neither a number that the client counts up to
nor a string that it makes. A reply with such an id is ours, also long after we stopped waiting.

At most `MAX_OPEN` questions are open at a time. One that is not answered within `GIVE_UP_S` is
cancelled, so a server that never answers holds nothing for long.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from zeta_lsp.server.asking import outgoing
from zeta_lsp.server.messages import Id, Part, Response

MAX_OPEN = 64
GIVE_UP_S = 10.0


class Refused(msgspec.Struct, frozen=True):
    """No result: the reason in one word, see `neighbour.Silence`."""

    reason: str


class Questions:
    """The questions that wait for the neighbour's answer. `send` takes the body of a message."""

    def __init__(self, send: Callable[[bytes], None], *, give_up_s: float = GIVE_UP_S) -> None:
        self._send = send
        self._give_up_s = give_up_s
        self._prefix = f"zeta-lsp:{secrets.token_hex(4)}:"
        self._numbers = itertools.count(1)
        self._open: dict[Id, tuple[asyncio.Future[Part | Refused], asyncio.TimerHandle]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, method: str, params: Any) -> "asyncio.Future[Part | Refused]":
        """Ask; the result, or why there is none. The future is always set in the end."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Part | Refused] = loop.create_future()
        if len(self._open) >= MAX_OPEN:
            answer.set_result(Refused("busy"))
            return answer
        name = f"{self._prefix}{next(self._numbers)}"
        self._open[name] = (answer, loop.call_later(self._give_up_s, self._give_up, name))
        self._send(outgoing(method, params, name))
        return answer

    def is_ours(self, name: Id) -> bool:
        """Whether a reply with this id is to one of our questions."""
        return isinstance(name, str) and name.startswith(self._prefix)

    def answered(self, response: Response) -> None:
        """Hand a reply to whoever waits; one that comes after we gave up is dropped."""
        refused = response.error is not None
        self._settle(response.id, Refused("refused") if refused else response.result)

    def close(self) -> None:
        """The neighbour is gone: nobody will answer."""
        for name in list(self._open):
            self._settle(name, Refused("gone"))

    def _give_up(self, name: Id) -> None:
        self._send(outgoing("$/cancelRequest", {"id": name}))
        self._settle(name, Refused("unanswered"))

    def _settle(self, name: Id, result: Part | Refused) -> None:
        answer, timer = self._open.pop(name, (None, None))
        if answer is not None and timer is not None:
            timer.cancel()
            if not answer.done():
                answer.set_result(result)
