"""Faults of the vendors' SDKs, which are built alike, in this project's words.

The SDKs' own retries are off: waiting is done in one place, for all questions together.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from pipeline.teacher.faults import fault_of
from zeta_lsp.core.errors import ModelBadReply, ModelTimeout, ModelUnreachable, UsageError


@contextmanager
def translated(sdk: Any) -> Iterator[None]:
    """Raise `ModelError`s for what an SDK raises, without the vendor's text.

    A connection that is cut while a body is read comes out as it was in the SDK's HTTP client.
    """
    import httpx2

    try:
        yield
    except sdk.APIStatusError as fault:
        code = getattr(fault, "code", None)
        raise fault_of(fault.status_code, fault.response.headers, code) from None
    except (sdk.APITimeoutError, httpx2.TimeoutException):
        raise ModelTimeout("no answer in time") from None
    except (sdk.APIConnectionError, httpx2.TransportError):
        raise ModelUnreachable("the connection failed or was cut") from None
    except (sdk.APIResponseValidationError, json.JSONDecodeError, msgspec.DecodeError):
        raise ModelBadReply("the reply is not what this vendor sends") from None


def missing(package: str) -> UsageError:
    """What to say where an SDK is not installed."""
    return UsageError(f"{package} is not installed: pip install 'zeta-lsp[pipeline]'")
