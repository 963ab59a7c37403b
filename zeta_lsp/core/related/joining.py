"""Puts glimpses behind the excerpts that definitions led to.

Each gets the next rank after what is there, so that a prompt short of room leaves them out first.
Rows that an excerpt shows already are not shown twice: a glimpse of the same file keeps what is
left of it on either side. No more than `files` files are added or added to.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.related.assembly import Assembled
from zeta_lsp.core.related.glimpses import Glimpse
from zeta_lsp.core.related.vocabulary import Receipt
from zeta_lsp.core.related.widening import Rows

_Piece = tuple[RelatedExcerpt, Receipt]

SOURCES = {"recent": "edit_history", "git": "git_log"}
"""Zed's words for what leads to such excerpts: its tools read no others."""


def joined(assembled: Assembled, glimpses: Iterable[Glimpse], files: int) -> Assembled:
    """The excerpts, and behind them those of the first glimpses that have something to show."""
    related = {file.path: file for file in assembled[0]}
    receipts = iter(assembled[1])
    pieces = {
        path: [(excerpt, next(receipts)) for excerpt in file.excerpts]
        for path, file in related.items()
    }
    rank = max((receipt.rank for receipt in assembled[1]), default=-1) + 1
    for glimpse in glimpses:
        path = glimpse.file.prompt_path
        own = pieces.get(path, [])
        added = [_piece(glimpse, rows, rank) for rows in _unshown(glimpse.rows, own)]
        if added:
            related.setdefault(path, RelatedFile(path, len(glimpse.file.lines), ()))
            pieces[path] = sorted([*own, *added], key=lambda piece: piece[0].row_range)
            rank, files = rank + 1, files - 1
        if not files:
            break
    return (
        tuple(_with(file, pieces[path]) for path, file in related.items()),
        tuple(receipt for path in related for _, receipt in pieces[path]),
    )


def _unshown(rows: Sequence[Rows], pieces: Sequence[_Piece]) -> Iterator[Rows]:
    """What is left of some rows without those of the pieces."""
    shown = sorted(excerpt.row_range for excerpt, _ in pieces)
    for start, end in rows:
        left = start
        for first, behind in shown:
            if left < first < end:
                yield left, first
            if first < end:
                left = max(left, behind)
        if left < end:
            yield left, end


def _piece(glimpse: Glimpse, rows: Rows, rank: int) -> _Piece:
    door, file = glimpse.door, glimpse.file
    excerpt = RelatedExcerpt(rows, file.text(*rows), rank, SOURCES.get(door))
    return excerpt, Receipt(file.prompt_path, rows, door, rank, glimpse.age_s)


def _with(file: RelatedFile, pieces: Sequence[_Piece]) -> RelatedFile:
    return msgspec.structs.replace(file, excerpts=tuple(excerpt for excerpt, _ in pieces))
