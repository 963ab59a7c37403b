"""What was counted in all inputs, filled record by record.

Memory grows by a few numbers for each example and each score, whatever their size.
"""

from collections import Counter

import msgspec

from pipeline.records import Row
from pipeline.reporting.board import Board
from pipeline.reporting.census import Census
from pipeline.reporting.documents import Documents
from pipeline.reporting.kinds import Kind
from pipeline.reporting.sharing import Sharing
from pipeline.reporting.worst import Place, Worst


class Flow(msgspec.Struct):
    """One stage of the yield: rows that a file holds, and those dropped on the way to it."""

    name: str
    kept: int = 0
    dropped: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def given(self) -> int:
        """Rows that came in."""
        return self.kept + self.dropped.total()


class Facts:
    """Everything of a report, filled record by record."""

    def __init__(self, sharing: Sharing, worst_count: int) -> None:
        self.sharing = sharing
        self.census = Census(sharing)
        self.board = Board(sharing)
        self.worst = Worst(worst_count if sharing.has_code else 0)
        self.documents = Documents()
        self.dropped: Counter[str] = Counter()
        self.secrets: Counter[str] = Counter()
        self.flows: dict[str, Flow] = {}
        self._dropped_here: Counter[str] = Counter()

    def add(self, kind: Kind, record: Row, place: Place) -> None:
        """Take one record in."""
        if kind is Kind.EXAMPLE:
            self.census.add(record)
            self.board.add(record, place.file)
            self.worst.add(record, place)
        elif kind is Kind.DROP:
            self._add_drop(record)
        else:
            self.documents.add(kind, record, place.file)

    def _add_drop(self, record: Row) -> None:
        reason = self.sharing.reason(record["reason"])
        self.dropped[reason] += 1
        self._dropped_here[reason] += 1
        if record["reason"] == "secret_found":
            self.secrets[self.sharing.secret(record.get("detail"))] += 1

    def file_done(self, name: str, examples: int, drops: int) -> None:
        """A file is read. One of drops belongs to the output of its name: ``OUT.drops.jsonl``."""
        if examples or drops:
            flow = self.flows.setdefault(_output_of(name), Flow(_output_of(name)))
            flow.kept += examples
            flow.dropped += self._dropped_here
        self._dropped_here = Counter()
        self.census.file_done()


def _output_of(name: str) -> str:
    """The output that a drops file stands beside."""
    for packing in (".gz", ".zst"):
        name = name.removesuffix(packing)
    return f"{name.removesuffix('.drops.jsonl').removesuffix('.jsonl')}.jsonl"
