"""httpx's own transport, for the endpoints that a user reaches through a proxy.

Slower than ours and rarely needed, but it knows tunnels. The proxy is the one in the user's
settings; proxy variables of the environment are never read.
"""

import ssl

import httpx

from zeta_lsp.models.pool import IDLE_MAX, KEEP_ALIVE_S
from zeta_lsp.models.tls import Tls


class ProxiedTransport(httpx.AsyncBaseTransport):
    """Made when first used, since it needs the TLS context."""

    def __init__(self, proxy: str, tls: Tls) -> None:
        self._proxy = proxy
        self._tls = tls
        self._inner: httpx.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the proxy. Raises what httpx raises."""
        if self._inner is None:
            try:
                self._inner = self._made(await self._tls())
            except OSError as fault:
                raise httpx.ConnectError(str(fault)) from fault
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._inner is not None:
            await self._inner.aclose()

    def _made(self, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
        limits = httpx.Limits(max_keepalive_connections=IDLE_MAX, keepalive_expiry=KEEP_ALIVE_S)
        proxy = httpx.Proxy(self._proxy)
        if proxy.url.scheme == "https":
            proxy.ssl_context = context
        return httpx.AsyncHTTPTransport(
            verify=context, trust_env=False, http2=False, limits=limits, proxy=proxy
        )
