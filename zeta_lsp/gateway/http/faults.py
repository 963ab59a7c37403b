"""Requests that end in an error, and what clients are told about it.

Messages are fixed sentences or those of `core.errors`; they never quote what was sent.
"""

import msgspec

from zeta_lsp.core.errors import (
    ModelBusy,
    ModelError,
    ModelPaused,
    ModelTimeout,
    ZetaError,
)
from zeta_lsp.gateway.crowd import TooMany

RETRY_AFTER_S = 1


class Refused(ZetaError):
    """The request is not answered. `status` is HTTP's, `reason` a stable word."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class Fault(msgspec.Struct, frozen=True):
    """An error as a client gets it. `type` is one of OpenAI's words, `code` one of ours."""

    status: int
    message: str
    type: str
    code: str
    retry_after_s: int | None = None


def fault_of(error: ZetaError) -> Fault:
    """What a client is told about an error."""
    status, retry_after_s = _status_of(error)
    kind = "invalid_request_error" if status < 500 else "server_error"
    kind = "rate_limit_error" if status == 429 else kind
    return Fault(status, str(error), kind, error.reason, retry_after_s)


def _status_of(error: ZetaError) -> tuple[int, int | None]:
    match error:
        case Refused():
            return error.status, None
        case TooMany():
            return 429, RETRY_AFTER_S
        case ModelBusy():
            return 429, max(RETRY_AFTER_S, round(error.retry_after_s or 0))
        case ModelPaused():
            return 503, RETRY_AFTER_S
        case ModelTimeout():
            return 504, None
        case ModelError():
            return 502, None
    return 500, None
