"""Asking one endpoint over HTTP: key, breaker, retry, deadline and limits around a transport.

A `Channel` belongs to one endpoint and lives as long as its settings. `post` opens an `Exchange`,
which is read piece by piece and closed by leaving its ``async with``: after `finish` the connection
is kept for the next request, otherwise it is closed at once, so that the endpoint stops generating.

Faults of any kind leave as `ModelError`s; a retry happens only before the first byte of an answer.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache
from types import TracebackType

import httpx

from zeta_lsp import __version__
from zeta_lsp.core.errors import ModelBadReply, ModelError, ModelPaused, ModelRefused
from zeta_lsp.models import body, retry
from zeta_lsp.models.breaker import Breaker
from zeta_lsp.models.deadline import Deadline, Limits
from zeta_lsp.models.faults import fault_of, refusal
from zeta_lsp.models.keys import Key
from zeta_lsp.models.pool import CONNECT_TIMEOUT_S
from zeta_lsp.models.transport import LeanTransport
from zeta_lsp.models.wire import BYTES_MAX

_HEADERS = {
    "User-Agent": f"zeta-lsp/{__version__}",
    "Content-Type": "application/json",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
_UNCOUNTED = frozenset({400, 413, 422})
"""Statuses that are about one request, not about the endpoint: the breaker does not count them."""


class Channel:
    """One endpoint's HTTP.

    Args:
        url: any URL of the endpoint.
        transport: where requests go.
        limits: how long they may take.
        key: what to sign in with.
        headers: further headers of each request.
        breaker: shared by all channels to the same origin.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: httpx.AsyncBaseTransport,
        limits: Limits,
        key: Key,
        headers: Mapping[str, str],
        breaker: Breaker,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.limits = limits
        self.breaker = breaker
        self._url = url
        self._transport = transport
        self._key = key
        self._headers = httpx.Headers({**_HEADERS, **headers})
        self._timeouts = _timeouts(limits)
        self._chance = chance
        self._lingering: dict[asyncio.Task[None], httpx.Response] = {}

    def post(self, url: str, content: bytes) -> "Exchange":
        """Send a JSON body, once the exchange is entered."""
        return Exchange(self, "POST", url, content)

    def get(self, url: str) -> "Exchange":
        """Ask for a document, once the exchange is entered."""
        return Exchange(self, "GET", url, b"")

    async def warm(self) -> None:
        """Have key and connection ready; failing to is no fault."""
        try:
            await self._key.for_url(self._url)
        except ModelError:
            return
        if isinstance(self._transport, LeanTransport):
            await self._transport.warm()

    async def settled(self) -> None:
        """Wait until what follows finished answers was read and their connections are free."""
        await asyncio.gather(*self._lingering)

    async def aclose(self) -> None:
        """Close all connections."""
        lingering = dict(self._lingering)
        for task in lingering:
            task.cancel()
        await asyncio.gather(*lingering, return_exceptions=True)
        for response in lingering.values():
            await response.aclose()  # a task that is cancelled before it began has closed nothing
        await self._transport.aclose()

    async def open(
        self, method: str, url: str, content: bytes, deadline: Deadline
    ) -> httpx.Response:
        """The head of a good response, at the second try if need be.

        Raises:
            ModelError: the endpoint failed, or is paused and was not asked.
        """
        self._admit()
        retries = 0
        while True:
            try:
                return await self._tried(method, url, content, deadline)
            except ModelError as fault:
                pause_s = retry.pause_s(fault, retries, deadline.left_s, self._chance())
                if pause_s is None:
                    raise
            retries += 1
            await asyncio.sleep(pause_s)

    def report(self, fault: ModelError) -> None:
        """Tell the breaker how a request failed."""
        if isinstance(fault, ModelPaused):
            return
        if isinstance(fault, ModelRefused) and fault.status in _UNCOUNTED:
            self.breaker.succeeded()
            return
        self.breaker.failed(_now_s(), getattr(fault, "retry_after_s", None))

    def linger(self, response: httpx.Response, pieces: AsyncIterator[bytes]) -> None:
        """Read what follows an answer in the background, so that the connection can be kept."""
        task = asyncio.get_running_loop().create_task(body.drain(response, pieces))
        self._lingering[task] = response
        task.add_done_callback(self._lingering.pop)

    def _admit(self) -> None:
        wait_s = self.breaker.wait_s(_now_s())
        if wait_s > 0:
            raise ModelPaused(f"the endpoint failed repeatedly: not asked for {wait_s:.0f} s")

    async def _tried(
        self, method: str, url: str, content: bytes, deadline: Deadline
    ) -> httpx.Response:
        try:
            response = await deadline.first(self._sent(method, url, content))
        except httpx.HTTPError as error:
            raise fault_of(error) from error
        if response.is_success:
            return response
        raise await self._refused(response, deadline)

    async def _sent(self, method: str, url: str, content: bytes) -> httpx.Response:
        headers = self._headers
        key = await self._key.for_url(url)
        if key is not None:
            headers = headers.copy()
            headers["Authorization"] = f"Bearer {key.reveal()}"
        request = httpx.Request(
            method, _parsed(url), headers=headers, content=content, extensions=self._timeouts
        )
        return await self._transport.handle_async_request(request)

    async def _refused(self, response: httpx.Response, deadline: Deadline) -> ModelRefused:
        if response.status_code in (401, 403):
            self._key.forget()
        try:
            said = await body.beginning(response, deadline.left_s)
        finally:
            await response.aclose()
        asked_s = retry.retry_after_s(response.headers.get("retry-after"), time.time())
        return refusal(response.status_code, said, asked_s)


class Exchange:
    """One request and its answer, as an async context that gives itself."""

    def __init__(self, channel: Channel, method: str, url: str, content: bytes) -> None:
        self._channel = channel
        self._request = (method, url, content)
        self._response: httpx.Response | None = None
        self._finished = False
        self._read_bytes = 0

    async def __aenter__(self) -> "Exchange":
        self._deadline = Deadline(self._channel.limits)
        try:
            response = await self._channel.open(*self._request, self._deadline)
            self._response, self._pieces = response, body.pieces_of(response)
            self._refuse_codings(response)
        except BaseException as fault:
            await self.__aexit__(type(fault), fault, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(fault, ModelError):
            self._channel.report(fault)
        elif not self._finished:
            self._channel.breaker.abandoned()
        if self._response is None:
            return
        if self._finished and not body.has_ended(self._response):
            self._channel.linger(self._response, self._pieces)
        else:
            await self._response.aclose()

    @property
    def content_type(self) -> str:
        """The media type of the answer, lower case, without parameters."""
        assert self._response is not None
        content_type: str = self._response.headers.get("content-type", "")
        return content_type.partition(";")[0].strip().lower()

    async def read(self) -> bytes:
        """The next piece of the answer; empty at its end.

        Raises:
            ModelError: it broke, stalled, came too late or is too large.
        """
        assert self._response is not None
        coming = anext(self._pieces)
        try:
            # What came with the head needs no timer.
            ready = body.is_ready(self._response)
            piece = await (coming if ready else self._deadline.next(coming))
        except StopAsyncIteration:
            return b""
        except httpx.HTTPError as error:
            raise fault_of(error) from error
        self._read_bytes += len(piece)
        if self._read_bytes > BYTES_MAX:
            raise ModelBadReply("the reply is too large")
        return piece

    async def whole(self) -> bytes:
        """All of the answer. Raises as `read` does."""
        pieces = []
        while piece := await self.read():
            pieces.append(piece)
        return b"".join(pieces)

    def finish(self) -> None:
        """The answer is complete and good, whatever still follows on the connection."""
        self._finished = True
        self._channel.breaker.succeeded()

    def _refuse_codings(self, response: httpx.Response) -> None:
        """Compressed bodies are refused unread: they were not asked for, and may be bombs."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise ModelBadReply("the reply is compressed, which was not asked for")


@lru_cache(maxsize=16)
def _parsed(url: str) -> httpx.URL:
    """An address as httpx knows it. An endpoint has a few; to read one takes longer than to ask."""
    return httpx.URL(url)


def _timeouts(limits: Limits) -> dict[str, dict[str, float]]:
    """Limits for httpx's own transport, which times each step by itself."""
    total_s = limits.total_s
    steps = {
        "connect": min(CONNECT_TIMEOUT_S, total_s),
        "read": total_s,
        "write": total_s,
        "pool": total_s,
    }
    return {"timeout": steps}


def _now_s() -> float:
    return time.monotonic()
