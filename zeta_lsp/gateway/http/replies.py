"""Responses. All are JSON, or lines and events of it, and none is to be kept by anybody."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from zeta_lsp.gateway.http.faults import Fault

JSON = "application/json"
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def document(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """One JSON document."""
    return body(msgspec.json.encode(content), JSON, status, headers)


def body(
    content: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Bytes of some media type."""
    return Response(content, status, {**_HEADERS, **(headers or {})}, media_type)


def failed(fault: Fault) -> Response:
    """An error in OpenAI's shape, which the clients of other protocols show as it is."""
    headers = {} if fault.retry_after_s is None else {"retry-after": str(fault.retry_after_s)}
    error = {
        "message": fault.message,
        "type": fault.type,
        "param": None,
        "code": fault.code,
    }
    return document({"error": error}, fault.status, headers)
