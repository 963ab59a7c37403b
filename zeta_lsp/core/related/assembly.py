"""The related files of a prompt: what doors found, as excerpts in the order of their worth.

Zed's rules. A target of more than 128 bytes is not a name but a whole module, and is left out. The
others are widened (`widening`), what lies at most one row apart becomes one excerpt, and its
`order` is the rank of the closest identifier that led there. Files come by their least rank, then
by path. Excerpts of the cursor's file within the rows that are shown anyway are dropped.

The result is bounded: excerpts larger than `EXCERPT_BYTES` are left out, since in a prompt they
would keep out all that come after them, and the rest is taken by rank until the first that no
longer fits `BUDGET_BYTES`, more than any prompt has room for; a format chooses among them.

Targets that the file does not have any more, as its text is now, are left out. Whoever hands in
`outline_of` decides which files may be read at all.
"""

from collections.abc import Callable, Sequence

import msgspec

from zeta_lsp.core.places import text_between
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.related.vocabulary import FileOutline, Found, Place, Receipt
from zeta_lsp.core.related.widening import Rows, Widening, merged
from zeta_lsp.core.text import byte_length, line_length

TARGET_BYTES = 128
EXCERPT_BYTES = 8 << 10
BUDGET_BYTES = 48 << 10
SOURCE = "lsp"
"""Zed's word for excerpts that definitions led to."""

OutlineOf = Callable[[str], FileOutline | None]
Assembled = tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]


class Shown(msgspec.Struct, frozen=True):
    """Rows ``[first_row, end_row)`` of a file that a prompt shows anyway; its absolute path."""

    path: str
    first_row: int
    end_row: int


class _Piece(msgspec.Struct, frozen=True):
    """An excerpt to be; `best` is the best ranked of what led to it."""

    path: str
    file: FileOutline
    rows: Rows
    best: Found

    @property
    def order(self) -> int:
        return self.best.identifier.rank


def related_files(
    found: Sequence[Found],
    outline_of: OutlineOf,
    *,
    shown: Shown | None = None,
    budget_bytes: int = BUDGET_BYTES,
) -> Assembled:
    """The related files, and a receipt for each excerpt in the order of files and excerpts.

    Of doors that found the same, the first in `found` gets the receipt.
    """
    ranked = sorted(found, key=lambda one: one.identifier.rank)
    targets: dict[str, list[tuple[Place, Found]]] = {}
    for one in ranked:
        for place in one.places:
            targets.setdefault(place.path, []).append((place, one))
    pieces = [
        piece
        for path in sorted(targets)
        if (outline := outline_of(path)) is not None
        for piece in _pieces(path, outline, targets[path])
        if not _is_shown(path, piece.rows, shown)
    ]
    return _files(_affordable(pieces, budget_bytes))


def _pieces(
    path: str, outline: FileOutline, targets: Sequence[tuple[Place, Found]]
) -> list[_Piece]:
    """The excerpts of one file; `targets` by rank."""
    widening = Widening(outline)
    seen: dict[Rows, int] = {}
    ranges: list[tuple[Rows, int]] = []
    for index, (place, _) in enumerate(targets):
        target = _target(outline.lines, place)
        if target is not None and seen.setdefault(target, index) == index:
            ranges += [(rows, index) for rows in widening.around(target)]
    return [_Piece(path, outline, rows, targets[index][1]) for rows, index in merged(ranges)]


def _target(lines: Sequence[str], place: Place) -> Rows | None:
    """The rows of a place; None if the file has no such place or it is too large for a name."""
    start_row, end_row = place.start_row, place.end_row
    if not 0 <= start_row <= end_row < len(lines):
        return None
    if not 0 <= place.start_col <= line_length(lines[start_row]):
        return None
    if end_row - start_row > TARGET_BYTES:
        return None
    text = text_between(lines, (start_row, place.start_col), (end_row, place.end_col))
    if byte_length(text) > TARGET_BYTES:
        return None
    ends_before = place.end_col == 0 and end_row > start_row
    return start_row, end_row if ends_before else end_row + 1


def _is_shown(path: str, rows: Rows, shown: Shown | None) -> bool:
    if shown is None or path != shown.path:
        return False
    return shown.first_row <= rows[0] and rows[1] <= shown.end_row


def _affordable(pieces: list[_Piece], left_bytes: int) -> list[_Piece]:
    """The best of the pieces, until the first that does not fit; in their order."""
    taken: set[int] = set()
    by_rank = sorted(range(len(pieces)), key=lambda index: (pieces[index].order, index))
    for index in by_rank:
        size_bytes = byte_length(_text(pieces[index]))
        if size_bytes > EXCERPT_BYTES:
            continue
        left_bytes -= size_bytes
        if left_bytes < 0:
            break
        taken.add(index)
    return [piece for index, piece in enumerate(pieces) if index in taken]


def _files(pieces: Sequence[_Piece]) -> Assembled:
    by_path: dict[str, list[_Piece]] = {}
    for piece in pieces:
        by_path.setdefault(piece.path, []).append(piece)
    ordered = sorted(by_path.values(), key=_file_order)
    files = tuple(map(_file, ordered))
    return files, tuple(_receipt(piece) for own in ordered for piece in own)


def _file_order(pieces: Sequence[_Piece]) -> tuple[int, str, str]:
    return min(piece.order for piece in pieces), pieces[0].file.prompt_path, pieces[0].path


def _file(pieces: Sequence[_Piece]) -> RelatedFile:
    excerpts = tuple(
        RelatedExcerpt(piece.rows, _text(piece), piece.order, SOURCE) for piece in pieces
    )
    return RelatedFile(pieces[0].file.prompt_path, len(pieces[0].file.lines), excerpts)


def _receipt(piece: _Piece) -> Receipt:
    best = piece.best
    return Receipt(piece.file.prompt_path, piece.rows, best.door, piece.order, best.age_s)


def _text(piece: _Piece) -> str:
    return piece.file.text(*piece.rows)
