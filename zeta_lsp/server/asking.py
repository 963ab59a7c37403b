"""Our own requests to the client.

Some clients never answer (ALE applies an edit and says nothing), so every request has a time
limit, and an answer that comes later than that is dropped.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import msgspec

from zeta_lsp.server.faults import BadMessage, ClientRefused, Code
from zeta_lsp.server.messages import Id, Part, Response, encode, read

FIRST_ID = 1 << 30
"""A number, because Vim can only answer numbers; far from those that clients count up for their own
requests, because one of them mixes the two up."""


class _Error(msgspec.Struct, frozen=True):
    code: int = int(Code.INTERNAL_ERROR)
    message: str = ""


_any_decoder = msgspec.json.Decoder[Any]()
_error_decoder = msgspec.json.Decoder(_Error)


class Asking:
    """The requests that wait for the client's answer."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._waiting: dict[Id, asyncio.Future[Part]] = {}
        self._numbers = itertools.count(FIRST_ID)

    async def request(self, method: str, params: Any, timeout_s: float) -> Any:
        """Ask, and wait for the result as plain JSON values.

        Raises:
            TimeoutError: no answer came in time.
            RpcError: the client answered with an error (`ClientRefused`), or with no JSON.
            ConnectionError: the connection ended first.
        """
        request_id = next(self._numbers)
        answer = self._waiting[request_id] = asyncio.get_running_loop().create_future()
        try:
            self._send(outgoing(method, params, request_id))
            async with asyncio.timeout(timeout_s):
                return read(await answer, _any_decoder)
        finally:
            del self._waiting[request_id]

    def answered(self, response: Response) -> None:
        """Hand an answer to whoever waits for it."""
        waiting = self._waiting.get(response.id)
        if waiting is None or waiting.done():
            return
        if response.error is None:
            waiting.set_result(response.result)
        else:
            waiting.set_exception(_refusal(response.error))

    def close(self) -> None:
        """The connection ended: nobody will answer."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the client is gone"))


def outgoing(method: str, params: Any, request_id: Id | None = None) -> bytes:
    """The body of a request, or of a notification where there is no id."""
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if request_id is not None:
        message["id"] = request_id
    if params is not None:
        message["params"] = params
    return encode(message)


def _refusal(error: Part) -> ClientRefused:
    try:
        said = read(error, _error_decoder)
    except BadMessage:
        said = _Error()
    return ClientRefused(said.code, said.message)
