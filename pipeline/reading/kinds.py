"""Every kind of record that can be read, by the word that names it on the command line.

The order matters: a record is of the first kind whose fields it has.
"""

from collections.abc import Callable, Mapping

import msgspec

from pipeline.reading import captured, commitpackft, instinct, markdown, nep, zed, zeta1
from pipeline.records import Dropped, Row


class Kind(msgspec.Struct, frozen=True):
    """How to tell records of a kind, and the importer."""

    is_like: Callable[[Row], bool]
    example_of: Callable[[Row], Row | Dropped]


KINDS: Mapping[str, Kind] = {
    name: Kind(module.is_like, module.example_of)
    for name, module in (
        ("capture", captured),
        ("zed", zed),
        ("markdown", markdown),
        ("zeta1", zeta1),
        ("instinct", instinct),
        ("nep", nep),
        ("commitpackft", commitpackft),
    )
}


def kind_of(record: Row) -> Kind | None:
    """The kind of a record by its fields."""
    return next((kind for kind in KINDS.values() if kind.is_like(record)), None)
