"""A record on its way through the stages, and what becomes of one that cannot go on."""

from typing import Any

import msgspec

Row = dict[str, Any]
"""One example: a JSON object, its fields in the order in which they came."""


class Dropped(msgspec.Struct, frozen=True):
    """A record that ends here. `reason` is a word; `detail` helps a person, and holds no text.

    `is_withheld` says that the record must not be written anywhere, not even among the drops.
    """

    reason: str
    detail: str = ""
    is_withheld: bool = False


class Noted(msgspec.Struct, frozen=True):
    """Something about a record that is counted and told at the end, and drops nothing."""

    word: str
