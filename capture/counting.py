"""Numbers without text: how often what happened in a project, by day."""

from collections import Counter
from datetime import UTC, datetime

from capture.rows import Count


class Counting:
    """What was counted since it was last written down."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        """Everything counted so far, for the editor's status."""

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        self._counts[name] += number
        self.totals[name] += number

    @property
    def is_empty(self) -> bool:
        """Whether nothing new was counted."""
        return not self._counts

    def row(self, session: str, seq: int, time: float, project: str) -> Count:
        """What is new, as a row; it counts as written down then."""
        counts, self._counts = dict(sorted(self._counts.items())), Counter()
        return Count(session, seq, time, project, day_of(time), counts)


def day_of(time: float) -> str:
    """The day of a moment, UTC. A clock that is out of all bounds is put at their nearest end."""
    return datetime.fromtimestamp(min(max(time, 0.0), 253402300799.0), UTC).date().isoformat()
