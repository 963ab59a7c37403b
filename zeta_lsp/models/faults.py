"""From httpx's exceptions and HTTP statuses to this project's errors.

Messages say what to do and are made here: nothing that the endpoint wrote is repeated, since it
may quote the prompt, except for a single word that names the kind of fault.
"""

import errno
import re
import socket
import ssl
from typing import Any

import httpx
import msgspec

from zeta_lsp.core.errors import (
    ModelBadReply,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_ADVICE = {
    400: "the endpoint does not accept the request: check model and format",
    401: "the endpoint refuses the key: check api_key_env or api_key_command",
    403: "the endpoint refuses the key: check api_key_env or api_key_command",
    404: "the endpoint does not have this: check url and model",
    405: "the endpoint does not take requests at this url",
    413: "the prompt is too large for the endpoint",
    422: "the endpoint does not accept the request: check model and format",
}


def fault_of(error: httpx.HTTPError) -> ModelError:
    """What an exception of a transport means."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return ModelUnreachable(_no_connection(error))
    if isinstance(error, httpx.TimeoutException):
        return ModelTimeout("the endpoint took too long")
    if isinstance(error, httpx.RemoteProtocolError):
        return ModelBadReply(str(error))
    if isinstance(error, httpx.NetworkError):
        return ModelBadReply("the connection was lost before the end of the reply")
    return ModelBadReply("the request could not be sent")


def _no_connection(error: httpx.HTTPError) -> str:
    """Why there is no connection, in words."""
    cause = _os_error(error)
    match cause:
        case ssl.SSLCertVerificationError():
            return f"the endpoint's certificate is not accepted: {cause.verify_message}"
        case ssl.SSLError():
            return "TLS failed: does the endpoint speak https?"
        case socket.gaierror():
            return "the host name of the endpoint is not known"
        case OSError() if _is_refused(cause):
            return "nothing listens at the endpoint's address: is the server running?"
        case OSError(strerror=str(reason)):
            return f"the endpoint cannot be reached: {reason}"
    return str(error) if isinstance(error, httpx.TimeoutException) else "no connection was made"


def _os_error(error: BaseException | None) -> OSError | None:
    """The operating system's or OpenSSL's error behind an exception."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__ or error.__context__
    return error if not isinstance(error, TimeoutError) else None


def _is_refused(cause: OSError) -> bool:
    # Where a name has several addresses asyncio reports them in one exception without a number.
    return isinstance(cause, ConnectionRefusedError) or f"Errno {errno.ECONNREFUSED}]" in str(cause)


def refusal(status: int, body: bytes, retry_after_s: float | None) -> ModelRefused:
    """What a status other than 2xx means."""
    if status in (429, 503):
        return ModelBusy(status, retry_after_s)
    if 300 <= status < 400:
        return ModelRefused(status, f"the endpoint redirects ({status}): set its final url")
    advice = _ADVICE.get(status, "the endpoint failed" if status >= 500 else "the endpoint refused")
    word = fault_word(body)
    return ModelRefused(status, f"{advice} ({status}{', ' + word if word else ''})")


def fault_word(body: bytes) -> str:
    """The kind of fault that an error body names, such as ``exceed_context_size_error``."""
    try:
        return word_in(msgspec.json.decode(body))
    except (ValueError, RecursionError):
        return ""


def word_in(found: Any) -> str:
    """The kind of fault in a decoded error object, if it is one plain word."""
    if isinstance(found, dict) and isinstance(found.get("error"), dict):
        found = found["error"]
    if not isinstance(found, dict):
        return ""
    words = (found.get("type"), found.get("code"))
    return next((w for w in words if isinstance(w, str) and _WORD.fullmatch(w)), "")
