"""Who is let in: programs of this machine, and none that a web page could steer.

The door listens on loopback alone, but pages in the person's browser reach loopback too. So:

* The ``Host`` must name this machine. A page whose own name was made to point here (DNS rebinding)
  is refused with its name.
* A request that says it comes from a page (``Origin``, ``Sec-Fetch-Site``) is refused, whatever the
  page; there are no CORS headers, so nothing that is answered could be read either.
* With a token, every request but the one for health has to carry it. Other users of the machine can
  connect to the same port.
"""

import hmac
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from zeta_lsp.core.address import is_loopback
from zeta_lsp.gateway.http.faults import Refused, fault_of
from zeta_lsp.gateway.http.replies import failed

HEALTH = "/health"


class Door:
    """The application behind it sees only requests that were let in."""

    def __init__(self, app: ASGIApp, token: str = "") -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        refusal = self._refusal(scope["path"], Headers(scope=scope))
        if refusal is None:
            return await self._app(scope, receive, send)
        return await failed(fault_of(refusal))(scope, receive, send)

    def _refusal(self, path: str, headers: Mapping[str, str]) -> Refused | None:
        if not is_loopback(host_in(headers.get("host", ""))):
            return Refused(403, "wrong_host", "only addressed as this machine: 127.0.0.1")
        if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
            return Refused(403, "from_a_page", "web pages are not served")
        if self._token and path != HEALTH and not self._has_token(headers):
            return Refused(401, "wrong_token", "send the gateway's token as Authorization: Bearer")
        return None

    def _has_token(self, headers: Mapping[str, str]) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        is_same = hmac.compare_digest(given.strip().encode("latin-1"), self._token)
        return scheme.lower() == "bearer" and is_same


def host_in(header: str) -> str:
    """The host of a ``Host`` header without its port; an IPv6 address without brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]
