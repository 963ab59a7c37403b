"""What a capture store holds: examples, and predictions that cannot be one.

A store's examples are those of its export. For a prediction that cannot be exported the store says
why instead, ``{not_exported: reason}``, so that it is counted like everything else.
"""

from pipeline.example import ours
from pipeline.reading import zed
from pipeline.records import Dropped, Row

MISSING = "not_exported"


def is_like(record: Row) -> bool:
    """Whether a record came from a store: it carries what became of the prediction."""
    return MISSING in record or (zed.is_like(record) and "schema_version" in ours(record))


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    if MISSING in record:
        return Dropped(str(record[MISSING]))
    return zed.example_of(record) if is_like(record) else Dropped("not_captured")
