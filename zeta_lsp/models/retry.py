"""Whether a request is worth a second try, and when.

Only failures that a second try can mend: no connection, and the four statuses by which servers
and proxies say "not now". Once, within the same deadline, after a random pause or the one that
the endpoint asked for. Never after a byte of the answer was handed on; the caller sees to that.
"""

from email.utils import parsedate_to_datetime

from zeta_lsp.core.errors import ModelBusy, ModelError, ModelRefused, ModelUnreachable

RETRIES_MAX = 1
PAUSE_S_MAX = 0.2
RETRY_AFTER_S_MAX = 60.0
STATUSES = frozenset({429, 502, 503, 504})


def pause_s(fault: ModelError, retries: int, left_s: float, chance: float) -> float | None:
    """Seconds to wait before trying again; None if there is to be no other try.

    Args:
        fault: how the request failed.
        retries: how often it was tried again already.
        left_s: what is left of the deadline.
        chance: a random number in [0, 1).
    """
    if retries >= RETRIES_MAX or not _can_mend(fault):
        return None
    asked_s = fault.retry_after_s if isinstance(fault, ModelBusy) else None
    pause = chance * PAUSE_S_MAX if asked_s is None else asked_s
    return pause if pause < left_s else None


def _can_mend(fault: ModelError) -> bool:
    if isinstance(fault, ModelRefused):
        return fault.status in STATUSES
    return isinstance(fault, ModelUnreachable)


def retry_after_s(value: str | None, now_s: float) -> float | None:
    """A ``Retry-After`` header as seconds from now, at most a minute (RFC 9110, section 10.2.3).

    Args:
        value: whole seconds or an HTTP date; anything else counts as no header.
        now_s: seconds since the epoch.
    """
    if value is None:
        return None
    try:
        seconds = float(value) if value.isascii() and value.isdigit() else _date_s(value) - now_s
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_S_MAX)


def _date_s(value: str) -> float:
    return parsedate_to_datetime(value).timestamp()
