"""One vendor's published key format, as data."""

import msgspec


class Format(msgspec.Struct, frozen=True):
    """How a kind of key looks.

    `pattern` is a regex without nested quantifiers; it is tried only where one of `anchors`, plain
    text that every such key or its surroundings hold, occurs. With `folded`, anchors are lower-case
    and the pattern ignores case. `reference` is where the vendor describes the format.

    Least lengths are far below those of whole keys: a key that is being typed is one already.
    """

    kind: str
    pattern: str
    anchors: tuple[str, ...]
    reference: str
    folded: bool = False


def prefixed(kind: str, prefixes: str, tail: str, reference: str) -> Format:
    """Keys that begin with one of some prefixes (separated by spaces) and end in a `tail`."""
    anchors = tuple(prefixes.split())
    choices = "|".join(anchor.replace(".", r"\.").replace("$", r"\$") for anchor in anchors)
    return Format(kind, rf"(?<![A-Za-z0-9])(?:{choices}){tail}", anchors, reference)
