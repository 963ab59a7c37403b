"""Where a secret stands."""

import msgspec


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A part of one row that may be a secret; columns count code points.

    A secret over several rows gives a finding for each. `kind` names the rule, never the text.
    """

    row: int
    start: int
    end: int
    kind: str


Span = tuple[int, int, str]
"""Start, end and kind within one line."""
