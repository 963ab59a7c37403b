"""What an ability proposes, with the evidence for it."""

from typing import NamedTuple

Facts = dict[str, str]
"""Evidence: what was looked at, and the bucket it fell into."""


class Candidate(NamedTuple):
    """Replace ``[start, end)`` of the excerpt by `text`. Offsets count code points."""

    ability: str
    start: int
    end: int
    text: str
    facts: Facts
