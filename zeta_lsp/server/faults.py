"""What goes wrong between two JSON-RPC peers, with the codes of the specification.

    ZetaError
    └── RpcError           a request that ends in an error reply (`code`)
        ├── BadMessage     bytes that are no message (`id` as far as it could be read)
        └── ClientRefused  the client answered one of our requests with an error

Messages are fixed sentences. They travel to the client and into logs, so they never quote what
the client sent, beyond the name of a method.
"""

import enum

from zeta_lsp.core.errors import ZetaError


class Code(enum.IntEnum):
    """Error codes of JSON-RPC 2.0 and LSP 3.17."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    NOT_INITIALIZED = -32002
    REQUEST_CANCELLED = -32800


class RpcError(ZetaError):
    """The request ends in this error reply."""

    reason = "rpc_error"

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BadMessage(RpcError):
    """The bytes are no message. `id` is the request's, None where it could not be read."""

    reason = "bad_message"

    def __init__(self, code: int, message: str, request_id: int | str | None = None) -> None:
        super().__init__(code, message)
        self.id = request_id


class ClientRefused(RpcError):
    """The client answered one of our requests with an error."""

    reason = "client_refused"


def where(error: BaseException) -> str:
    """Kind and place of an exception, for logs: its own message may hold the user's text."""
    at = error.__traceback__
    if at is None:
        return type(error).__name__
    while at.tb_next is not None:
        at = at.tb_next
    code = at.tb_frame.f_code
    return f"{type(error).__name__} at {code.co_filename}:{at.tb_lineno} in {code.co_name}"
