"""The store: rows in one private folder, one writer per file, durable once acknowledged.

`Segment` is the file of one writer, `Reading` shows all files as one, `forget` deletes from them
while they are in use. They are imported when they are first named: whoever only wants to know what
`StoreUnavailable` is needs neither SQLite nor zstd.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capture.store.errors import StoreUnavailable
    from capture.store.forgetting import Forgotten, forget
    from capture.store.reading import Reading, StoredPrediction
    from capture.store.retention import Limits
    from capture.store.segment import Segment
    from capture.store.usage import Usage
    from capture.store.wanted import Forgetting

_HOME = {
    "Forgetting": "wanted",
    "Forgotten": "forgetting",
    "Limits": "retention",
    "Reading": "reading",
    "Segment": "segment",
    "StoreUnavailable": "errors",
    "StoredPrediction": "reading",
    "Usage": "usage",
    "forget": "forgetting",
}

__all__ = [
    "Forgetting",
    "Forgotten",
    "Limits",
    "Reading",
    "Segment",
    "StoreUnavailable",
    "StoredPrediction",
    "Usage",
    "forget",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
