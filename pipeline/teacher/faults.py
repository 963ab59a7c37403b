"""What goes wrong when a model is asked, and what to do about it.

Three kinds. What passes is tried again (a busy vendor, a cut connection). What is wrong with one
question fails that question. What is wrong with all of them (a key, an account, a model's name)
ends the run, with every answer so far kept.
"""

import email.utils
import math
import time
from collections.abc import Mapping

from zeta_lsp.core.errors import ModelBusy, ModelError, ModelKeyMissing, ModelRefused, ZetaError

_BUSY = frozenset({408, 409, 425, 429})
_HOPELESS = frozenset({401, 402, 403, 404, 405})
RETRY_AFTER_S_MAX = 3600.0


class RunEnded(ZetaError):
    """Nothing more can be asked in this run; what was answered is kept."""

    reason = "run_ended"


class StillWaiting(RunEnded):
    """Batches are being worked on; a later run picks their results up."""

    reason = "still_waiting"


def fault_of(status: int, headers: Mapping[str, str], code: str | None = None) -> ModelError:
    """The fault of an error status; `code` is the vendor's word for it."""
    if code == "insufficient_quota":  # sent as 429, but no waiting helps
        return ModelRefused(402, "the account has no credit left")
    if status in _BUSY or status >= 500:
        return ModelBusy(status, retry_after_s(headers))
    return ModelRefused(status)


def passes(fault: ModelError) -> bool:
    """Whether trying again may help."""
    return isinstance(fault, ModelBusy) or not isinstance(fault, ModelRefused | ModelKeyMissing)


def is_hopeless(fault: ModelError) -> bool:
    """Whether no other question will do any better."""
    if isinstance(fault, ModelKeyMissing):
        return True
    return isinstance(fault, ModelRefused) and fault.status in _HOPELESS


def word_for(fault: ModelError) -> str:
    """A word for drops and counts; never the vendor's text, which may quote the question."""
    return f"{fault.reason}_{fault.status}" if isinstance(fault, ModelRefused) else fault.reason


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long the vendor wants to be left alone; None if it did not say."""
    said = headers.get("retry-after-ms")
    scale = 1000.0 if said else 1.0
    said = said or headers.get("retry-after")
    if not said:
        return None
    try:
        seconds = float(said) / scale
    except ValueError:
        seconds = _until(said)
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_S_MAX)


def _until(date: str) -> float:
    parsed = email.utils.parsedate_tz(date)
    return math.nan if parsed is None else email.utils.mktime_tz(parsed) - time.time()
