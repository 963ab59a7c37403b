"""Edits between two texts: by line, and by token inside small changed hunks.

The diff that Zed's metrics take apart histories and predictions with. Lines end at ``\\n`` alone.
Offsets count code points.
"""

import re
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.diff.tokens import tokenize
from zeta_lsp.core.text import byte_length

_MAX_TOKEN_DIFF_BYTES = 512
_MAX_TOKEN_DIFF_LINES = 8
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class OffsetEdit(msgspec.Struct, frozen=True, gc=False):
    """``[start, end)`` of the old text becomes `new_text`."""

    start: int
    end: int
    new_text: str


def text_edits(old: str, new: str) -> list[OffsetEdit]:
    """Edits that turn `old` into `new`, in order; unchanged text lies between any two."""
    old_lines, new_lines = _LINE.findall(old), _LINE.findall(new)
    old_at, new_at = _offsets(old_lines), _offsets(new_lines)
    edits: list[OffsetEdit] = []
    for hunk in histogram_diff(old_lines, new_lines):
        start, end = old_at[hunk.before_start], old_at[hunk.before_end]
        old_part = old[start:end]
        new_part = new[new_at[hunk.after_start] : new_at[hunk.after_end]]
        if _is_small(hunk, old_part, new_part):
            edits += sequence_edits(tokenize(old_part), tokenize(new_part), start)
        else:
            edits.append(OffsetEdit(start, end, new_part))
    return edits


def sequence_edits(old: Sequence[str], new: Sequence[str], offset: int = 0) -> list[OffsetEdit]:
    """Edits between two texts given as tokens, or as strings of characters.

    `offset` is where the first old token stands.
    """
    at = _offsets(old)
    return [
        OffsetEdit(
            offset + at[change.before_start],
            offset + at[change.before_end],
            "".join(new[change.after_start : change.after_end]),
        )
        for change in histogram_diff(old, new)
    ]


def _is_small(hunk: Change, old: str, new: str) -> bool:
    """Whether both sides exist and are short enough to compare token by token."""
    return (
        0 < byte_length(old) <= _MAX_TOKEN_DIFF_BYTES
        and 0 < byte_length(new) <= _MAX_TOKEN_DIFF_BYTES
        and hunk.before_end - hunk.before_start <= _MAX_TOKEN_DIFF_LINES
        and hunk.after_end - hunk.after_start <= _MAX_TOKEN_DIFF_LINES
    )


def _offsets(tokens: Sequence[str]) -> list[int]:
    """Where each token starts, and where the last one ends."""
    return list(accumulate(map(len, tokens), initial=0))
