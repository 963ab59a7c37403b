"""Responses that are one document. None is to be kept by anybody."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from zeta_lsp.gateway.http.faults import Fault

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def document(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """One JSON document."""
    body = msgspec.json.encode(content)
    return Response(body, status, {**HEADERS, **(headers or {})}, "application/json")


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
