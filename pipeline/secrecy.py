"""The texts of an example in which a secret may stand.

All of them, in whatever field, because a field that is new may hold code too; only what is known to
name things (digests, revisions, ids) is left out, as it looks like a key. Diffs are given as the
code that they hold, without their signs.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.records import Row

_NAMES = frozenset(
    {
        "name", "revision", "id", "request_id", "device_id", "session", "project", "receipt",
        "prompt_digest", "digest", "key", "tags", "provider", "model", "model_version", "format",
        "licence", "time", "outcome", "editor", "server_version", "zed_version", "commit", "split",
    }
)  # fmt: skip
"""Fields whose values name something and never hold code."""
_DIFFS = frozenset(
    {"diff", "edit_history", "uncommitted_diff", "expected_patches", "rejected_patch",
     "actual_patch"}
)  # fmt: skip


def texts_of(row: Row) -> Iterator[list[str]]:
    """Each text as its rows."""
    waiting: list[tuple[str, Any]] = [("", row)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str):
            yield _rows(name, value)
        elif isinstance(value, list):
            waiting += [(name, one) for one in value]
        elif isinstance(value, dict):
            waiting += [(key, one) for key, one in value.items() if key not in _NAMES]


def _rows(name: str, text: str) -> list[str]:
    rows = text.split("\n")
    if name not in _DIFFS:
        return rows
    return [row[1:] if row[:1] in {"+", "-", " "} else row for row in rows]
