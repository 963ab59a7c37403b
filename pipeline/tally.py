"""What a run did, in numbers: for the person at the end, for programs, and for the lock."""

from collections import Counter

import msgspec


class Tally(msgspec.Struct):
    """Lines read, rows written, drops by reason, and what else was worth a note, by word."""

    read: int = 0
    written: int = 0
    dropped: Counter[str] = msgspec.field(default_factory=Counter)
    seconds: float = 0.0
    noted: Counter[str] = msgspec.field(default_factory=Counter)

    def line(self, stage: str, target: str) -> str:
        """One line for a person."""
        drops = sum(self.dropped.values())
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.dropped.most_common())
        lost = f", {drops} dropped ({reasons})" if drops else ""
        notes = "".join(f", {count} {word}" for word, count in self.noted.most_common())
        return (
            f"{stage}: {self.read} read, {self.written} written{lost}{notes}"
            f" in {self.seconds:.1f} s -> {target}"
        )
