"""Why a server says less than it could."""

import enum
from collections.abc import Callable


class Trouble(enum.StrEnum):
    """A stable word for each way in which a server fails us."""

    MISSING = "headless_server_missing"  # no such program, or no process to be had
    UNINITIALIZED = "headless_never_initialized"
    ENDED = "headless_server_ended"
    NONSENSE = "headless_not_the_protocol"  # bytes that are no message
    TOO_LARGE = "headless_message_too_large"
    FLOODS = "headless_server_floods"  # says far more than anybody asked
    DEAF = "headless_server_reads_nothing"
    LATE = "headless_late"
    REFUSED = "headless_refused"  # an error, or a result of no known shape
    NOT_OFFERED = "headless_not_offered"
    NOT_READY = "headless_not_ready"  # the time for that passed; it is asked all the same
    OUTSIDE = "headless_outside_the_workspace"


Told = Callable[[Trouble], None]
