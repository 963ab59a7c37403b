"""The client's requests while they are being answered: one reply each, whatever happens.

A `Call` is the obligation. The first of result, error and cancellation becomes the reply and
everything after it is dropped, so neither a handler that ends after it was cancelled nor one that
fails while it ends can answer twice. `Calls` knows the open ones by id and owns the tasks that
work on them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from zeta_lsp.server.faults import Code, RpcError, where
from zeta_lsp.server.messages import Id, encode

log = logging.getLogger(__name__)


class Call:
    """One request that is owed a reply."""

    __slots__ = ("_send", "answered", "id", "method", "task")

    def __init__(self, request_id: Id, method: str, send: Callable[[bytes], None]) -> None:
        self.id = request_id
        self.method = method
        self.answered = False
        self.task: asyncio.Future[Any] | None = None
        self._send = send

    def answer(self, result: Any) -> None:
        """Reply with a result: builtins, msgspec structs, or ready JSON as `msgspec.Raw`."""
        if self.answered:
            return
        try:
            body = encode({"jsonrpc": "2.0", "id": self.id, "result": result})
        except (TypeError, ValueError, RecursionError) as error:
            self.fail_with(error)
            return
        self.answered = True
        self._send(body)

    def fail(self, code: int, message: str) -> None:
        """Reply with an error."""
        if self.answered:
            return
        self.answered = True
        self._send(error_reply(self.id, code, message))

    def fail_with(self, error: BaseException) -> None:
        """Reply with what an exception means. Only `RpcError`s may say something of their own."""
        if isinstance(error, RpcError):
            self.fail(error.code, error.message)
        elif isinstance(error, asyncio.CancelledError):
            self.fail(Code.REQUEST_CANCELLED, "cancelled")
        else:
            log.error("%s failed: %s", self.method, where(error))
            self.fail(Code.INTERNAL_ERROR, f"internal error ({type(error).__name__})")


class Calls:
    """The open requests of one client."""

    def __init__(self) -> None:
        self._open: dict[Id, Call] = {}
        self._tasks: set[asyncio.Future[Any]] = set()

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, request_id: Id) -> bool:
        return request_id in self._open

    def work(self, call: Call, work: Awaitable[Any]) -> None:
        """Answer a call with what an awaitable gives."""
        call.task = asyncio.ensure_future(work)
        self._open[call.id] = call
        self._tasks.add(call.task)
        call.task.add_done_callback(lambda task: self._worked(call, task))

    def run(self, work: Awaitable[Any], failed: Callable[[BaseException], None]) -> None:
        """Await something that nobody is owed a reply for."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)

        def done(task: asyncio.Future[Any]) -> None:
            self._tasks.discard(task)
            error = None if task.cancelled() else task.exception()
            if error is not None:
                failed(error)

        task.add_done_callback(done)

    def cancel(self, request_id: Id) -> None:
        """Reply that a call was cancelled, and stop the work on it. Unknown ids mean nothing."""
        call = self._open.pop(request_id, None)
        if call is None:
            return
        call.fail(Code.REQUEST_CANCELLED, "cancelled")
        if call.task is not None:
            call.task.cancel()

    def close(self) -> None:
        """Cancel everything."""
        for request_id in list(self._open):
            self.cancel(request_id)
        for task in self._tasks:
            task.cancel()

    def _worked(self, call: Call, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if self._open.get(call.id) is call:
            del self._open[call.id]
        if task.cancelled():
            call.fail(Code.REQUEST_CANCELLED, "cancelled")
        elif (error := task.exception()) is not None:
            call.fail_with(error)
        else:
            call.answer(task.result())


def error_reply(request_id: Id | None, code: int, message: str) -> bytes:
    """The body of an error reply."""
    error = {"code": int(code), "message": message}
    return encode({"jsonrpc": "2.0", "id": request_id, "error": error})
