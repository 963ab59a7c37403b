"""How many tokens a patch adds and removes: the size of an edit as a reader sees it.

Rows that are changed together are compared as token sequences (`core.diff.tokens`), so a renamed
variable counts as one token and not as the row that it stands in.
"""

from collections.abc import Iterator, Sequence

import msgspec
from rapidfuzz.distance import LCSseq

from pipeline.metrics.patch_rows import rows_of
from zeta_lsp.core.diff.tokens import tokenize


class TokenChanges(msgspec.Struct, frozen=True):
    """Tokens that a patch adds and removes."""

    inserted: int
    deleted: int


def token_changes(patch: str) -> TokenChanges:
    """Count what a shortest edit of the tokens inserts and deletes."""
    inserted = deleted = 0
    for old, new in _groups(patch):
        before, after = tokenize(old), tokenize(new)
        shared = _shared(before, after) if before and after else 0
        inserted += len(after) - shared
        deleted += len(before) - shared
    return TokenChanges(inserted, deleted)


def _groups(patch: str) -> Iterator[tuple[str, str]]:
    """The old and the new text of each run of changed rows."""
    old: list[str] = []
    new: list[str] = []
    for row in [*rows_of(patch), ""]:
        if row.startswith("+") and not row.startswith("+++"):
            new.append(row[1:])
        elif row.startswith("-") and not row.startswith("---"):
            old.append(row[1:])
        elif old or new:
            yield "\n".join(old), "\n".join(new)
            old, new = [], []


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """Length of a longest common subsequence. Numbers for tokens, so that nothing but equal is."""
    numbers: dict[str, int] = {}
    return LCSseq.similarity(
        [numbers.setdefault(token, len(numbers)) for token in before],
        [numbers.setdefault(token, len(numbers)) for token in after],
    )
