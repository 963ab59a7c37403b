"""What became of a prediction, in one line for `zeta-lsp explain`.

An entry never holds code, a prompt or a completion: only names, numbers and reasons. Every ending
has one, those of predictions that were never asked for too.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.related import Receipt
from zeta_lsp.core.text import without_surrogates

MAX_DETAIL_CHARS = 200
MAX_CONTEXT = 16


class JournalEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fate of one prediction. A later entry with the same `id` replaces an earlier one.

    `time_s` is seconds since 1970 of the wall clock and `path` the document's path as prompts name
    it. `ending` is a word of the lifecycle, `reason` the stable word for why. `latency_ms` counts
    from the request to the whole answer, 0 where nothing was asked. `detail` holds numbers and
    names that help a person (`"deletes 40 of 41 lines"`), at most 200 characters. `context` says
    where the first `MAX_CONTEXT` excerpts of other files came from (`context_of`).
    """

    id: str
    time_s: float
    path: str
    ending: str
    reason: str = ""
    model: str = ""
    format: str = ""
    latency_ms: float = 0.0
    detail: str = ""
    context: tuple[str, ...] = ()


def context_of(receipts: Sequence[Receipt]) -> tuple[str, ...]:
    """What an entry says of the excerpts that a prediction could see, rows counted from 1.

    Such as ``bridge project/shop.py:4-9 rank 1``.
    """
    return tuple(
        f"{one.door} {one.path}:{one.row_range[0] + 1}-{one.row_range[1]} rank {one.rank}"
        for one in receipts[:MAX_CONTEXT]
    )


def encode(entry: JournalEntry) -> bytes:
    """One line of the journal, with its end. File names that are no Unicode lose what is not."""
    clean = msgspec.structs.replace(
        entry,
        path=without_surrogates(entry.path),
        model=without_surrogates(entry.model),
        detail=without_surrogates(entry.detail[:MAX_DETAIL_CHARS]),
        context=tuple(
            without_surrogates(one[-MAX_DETAIL_CHARS:]) for one in entry.context[:MAX_CONTEXT]
        ),
    )
    return msgspec.json.encode(clean) + b"\n"


def decode(line: bytes) -> JournalEntry | None:
    """The entry of a line; None for a torn or foreign one."""
    try:
        return msgspec.json.decode(line, type=JournalEntry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def newest(entries: list[JournalEntry], count: int | None = None) -> list[JournalEntry]:
    """The last word on each prediction, newest first."""
    last = {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.time_s)}
    found = sorted(last.values(), key=lambda entry: entry.time_s, reverse=True)
    return found if count is None else found[:count]
