"""Every exception this project raises on purpose.

    ZetaError                     something we promised could not be kept
    ├── UsageError                wrong use of a command; says what to do instead
    ├── PositionError             a position or range that the text does not have
    ├── UnreadableInput           a stored input of a prediction lacks what it must have
    ├── UnparsableAnswer          the model's text is not an answer in the prompt's format
    ├── PromptTooLong         the format's token limit cannot be kept; nothing was asked
    └── ModelError                no usable answer from the endpoint
        ├── ModelUnreachable      no connection, DNS, TLS or proxy failure
        ├── ModelTimeout          the deadline over the whole request passed
        ├── ModelRefused          the endpoint answered with an error status (`status`)
        ├── ModelBusy             429 or 503: asked to wait (`retry_after_s`)
        ├── ModelBadReply         not the promised protocol, cut short, or too large
        ├── ModelPaused           the circuit breaker is open: not asked at all
        ├── ModelKeyMissing       the API key could not be had: not asked at all
        ├── ModelUnnamed          several models, and the settings choose none
        └── ModelUnknown          no prompt format is known for the endpoint's only model

Expected endings (no edit, guarded, superseded) are values, not exceptions; see `lifecycle`.
Messages say what to do next and never hold document text, prompts or keys.
"""


class ZetaError(Exception):
    """Base of everything raised on purpose. `reason` is the stable word shown by `explain`."""

    reason = "error"


class UsageError(ZetaError):
    """Wrong use of a command; the message is one line that says what to do."""

    reason = "usage"


class PositionError(ZetaError):
    """A place outside the text, a reversed range, or a column inside a character (`reason`)."""

    reason = "position_out_of_range"

    def __init__(self, message: str = "", reason: str = reason) -> None:
        super().__init__(message or reason)
        self.reason = reason


class UnreadableInput(ZetaError):
    """A stored input of a prediction is none; the message says what is missing, without text."""

    reason = "unreadable_input"


class UnparsableAnswer(ZetaError):
    """The model's text does not follow the prompt format. `reason` names the fault."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason


class PromptTooLong(ZetaError):
    """The prompt would exceed the format's token limit even without any context."""

    reason = "prompt_too_long"


class ModelError(ZetaError):
    """No usable answer came from the endpoint."""

    reason = "model_error"


class ModelUnreachable(ModelError):
    """No connection could be made."""

    reason = "endpoint_unreachable"


class ModelTimeout(ModelError):
    """The deadline over the whole request passed."""

    reason = "timeout"


class ModelRefused(ModelError):
    """The endpoint answered with an error status."""

    reason = "endpoint_refused"

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message or f"the endpoint answered {status}")
        self.status = status


class ModelBusy(ModelRefused):
    """The endpoint asked for a pause (429, 503)."""

    reason = "endpoint_busy"

    def __init__(self, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(status)
        self.retry_after_s = retry_after_s


class ModelBadReply(ModelError):
    """The reply broke the protocol, ended early, or was too large."""

    reason = "bad_reply"


class ModelPaused(ModelError):
    """The circuit breaker is open: the endpoint failed repeatedly and was not asked."""

    reason = "endpoint_paused"


class ModelKeyMissing(ModelError):
    """The API key that the settings name could not be had; the endpoint was not asked."""

    reason = "api_key_missing"


class ModelUnnamed(ModelError):
    """The endpoint has several models and the settings choose none."""

    reason = "model_not_named"


class ModelUnknown(ModelError):
    """No prompt format is known for the model that the endpoint has."""

    reason = "format_unknown"
