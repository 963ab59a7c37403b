"""Completing the address of an endpoint.

Users write the whole address or only where the server is. A path that ends like one of the known
ones is used as it stands; after a version segment (``/v1``) only the rest is added.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

_VERSION = re.compile(r"/v[0-9][0-9a-z]*$")


def completed(url: str, known: Sequence[str], tail: str) -> str:
    """`url` itself if its path ends with one of `known`, else with `tail` added to its root."""
    path = urlsplit(url).path.rstrip("/")
    return url if path.endswith(tuple(known)) else beside(url, known, tail)


def beside(url: str, known: Sequence[str], tail: str) -> str:
    """Another path of the same server: `tail` in the place of a known path, without the query.

    Where both the root and `tail` have a version segment, the root's stays.
    """
    parts = urlsplit(url)
    root = parts.path.rstrip("/")
    for ending in sorted(known, key=len, reverse=True):
        root = root.removesuffix(ending)
    if _VERSION.search(root):
        tail = tail.removeprefix("/v1")
    return urlunsplit((parts.scheme, parts.netloc, root + tail, "", ""))
