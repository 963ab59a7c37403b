"""From a model's answer to edits of the document.

An `Answer` replaces byte ranges of the cursor excerpt; an editor takes edits by row and column.
Between the two lie four differences that this module removes, so that only what the model changed
is ever touched:

*Final newline.* A region of rows ends before its last newline, most answers end after theirs. Both
sides are compared with one, as Zed does, or without one where the excerpt ends. An answer without
any text deletes the rows whole.

*Line ends.* Excerpts and answers have ``\\n``, whatever the document has; new lines get the
document's line end, kept lines keep theirs.

*Characters that cannot be sent.* A lone surrogate of the document is U+FFFD in the excerpt, at the
same code point. Such characters stay outside all edits while the model keeps as many as it saw.

*Size.* `linediff` reduces a rewritten region to tight edits at word borders.

While an answer still streams, `finished_cluster_of` finds what can be shown already.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from zeta_lsp.core.clusters import clusters_of
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.linediff import Change, changes
from zeta_lsp.core.prompt import Answer, Replacement
from zeta_lsp.core.text import split_lines, without_surrogates


def edits_of(
    answer: Answer, excerpt_text: str, excerpt_start_row: int, newline: str = "\n"
) -> tuple[TextEdit, ...]:
    """The edits that an answer makes in the document of the cursor excerpt.

    Args:
        answer: its replacements must not overlap; those of related excerpts are left out.
        excerpt_text: whole rows that end with ``\\n``, as `cut_excerpt` makes them.
        excerpt_start_row: the row of the document in which the excerpt begins.
        newline: the document's line end, see `newline_of`.

    Returns:
        Edits in document coordinates, sorted and disjoint.

    Raises:
        PositionError: a range lies outside the excerpt or inside a character.
    """
    text = without_surrogates(excerpt_text)
    mine = sorted((r for r in answer.replacements if r.related is None), key=lambda r: r.start)
    edits: list[TextEdit] = []
    for replacement in mine:
        start, end = _code_points(text, replacement)
        line_start = text.rfind("\n", 0, start) + 1
        origin = (excerpt_start_row + text.count("\n", 0, start), start - line_start)
        old, new = text[start:end], _unified(replacement.text)
        if start == line_start:
            old, new = _with_final_newline(old, new, text[end : end + 1])
        edits += _edits(changes(old, new), old, origin, newline)
    return tuple(edits)


def newline_of(text: str) -> str:
    """The line end that most lines of a document's text have; ``\\n`` if there is none to tell."""
    if "\r" not in text:
        return "\n"
    windows, ends = text.count("\r\n"), text.count("\n")
    if not ends:
        return "\r"
    return "\r\n" if windows * 2 > ends else "\n"


def _unified(text: str) -> str:
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_final_newline(old: str, new: str, next_char: str) -> tuple[str, str]:
    """Both sides with the newline that ends the old one, or both without."""
    if not next_char and not old.endswith("\n"):
        return old, new.removesuffix("\n")
    if next_char == "\n" and not old.endswith("\n") and (old or new):
        old += "\n"
    if old.endswith("\n") and new and not new.endswith("\n"):
        new += "\n"
    return old, new


def _code_points(text: str, replacement: Replacement) -> tuple[int, int]:
    """A replaced range in code points of the excerpt."""
    start, end = replacement.start, replacement.end
    if not 0 <= start <= end:
        raise PositionError("a replaced range is reversed")
    if text.isascii():
        size, span = len(text), (start, end)
    else:
        data = text.encode()
        size, span = len(data), (_decoded(data, start), _decoded(data, end))
    if end > size:
        raise PositionError("a replaced range ends after the excerpt")
    return span


def _decoded(data: bytes, end_bytes: int) -> int:
    try:
        return len(data[:end_bytes].decode())
    except UnicodeDecodeError as fault:
        raise PositionError("a replaced range ends inside a character") from fault


def _edits(
    found: Iterable[Change], old: str, origin: tuple[int, int], newline: str
) -> list[TextEdit]:
    """Changes of `old`, which begins at `origin` (row, column), as edits."""
    edits = []
    for change in found:
        text = change.text if newline == "\n" else change.text.replace("\n", newline)
        start, end = _position(old, change.start, origin), _position(old, change.end, origin)
        edits.append(TextEdit(*start, *end, text))
    return edits


def _position(text: str, offset: int, origin: tuple[int, int]) -> tuple[int, int]:
    row, col = origin
    below = text.count("\n", 0, offset)
    if not below:
        return row, col + offset
    return row + below, offset - text.rfind("\n", 0, offset) - 1


def finished_cluster_of(
    partial: Replacement, excerpt_text: str, excerpt_start_row: int, newline: str = "\n"
) -> Cluster | None:
    """The first finished cluster of a format's `partial`, in document coordinates.

    Takes and raises what `edits_of` does, for the promise see `first_finished_cluster`. A
    replacement that begins inside a row never has one: only rows are compared.
    """
    rows = replaced_rows(partial, without_surrogates(excerpt_text))
    if rows is None:
        return None
    row, old = rows
    return first_finished_cluster(old, partial.text, excerpt_start_row + row, newline)


def replaced_rows(replacement: Replacement, text: str) -> tuple[int, str] | None:
    """What is replaced of an excerpt, and its first row; None if it begins inside a row.

    Raises:
        PositionError: a range lies outside the excerpt or inside a character.
    """
    start, end = _code_points(text, replacement)
    if start != text.rfind("\n", 0, start) + 1:
        return None
    return text.count("\n", 0, start), text[start:end]


def first_finished_cluster(
    old_region: str, new_prefix: str, start_row: int = 0, newline: str = "\n"
) -> Cluster | None:
    """The first cluster of a streaming rewrite that later text can no longer change.

    Args:
        old_region: whole rows, beginning at column 0 of `start_row`.
        new_prefix: the rewrite as far as it is certain.
        newline: the document's line end.

    A change counts as finished when its rows are followed by at least two rows that equal old rows,
    of which one holds a word, and the run of them occurs only once in the old rows not yet passed.

    Returns:
        The cluster, or None while nothing is finished. What it promises, whatever follows: the
        final text begins with the old region as this cluster leaves it, up to and including the
        cluster's last row; and no longer prefix of the same rewrite gives another answer. A later
        comparison may still describe the change differently (rows that were replaced here can
        reappear further down), but never undo it.
    """
    old, new = _old_rows(old_region), _rows(new_prefix)[:-1]
    first = _rows_shared(old, new)
    places: dict[str, list[int]] = {}
    for index in range(first, len(old)):
        places.setdefault(old[index], []).append(index)
    for resumed in range(first, len(new) - 1):
        place = _resumed_at(places.get(new[resumed], []), old, new, resumed)
        if place == _UNDECIDED:
            return None
        if place is not None:
            origin = (start_row + first, 0)
            return _first_cluster(old[first:place], new[first:resumed], origin, newline)
    return None


_UNDECIDED = -1


def _resumed_at(candidates: list[int], old: Sequence[str], new: list[str], row: int) -> int | None:
    """Where in `old` the rewrite goes on from its `row`: an index, None for nowhere, or undecided.

    Looks only as far as needed to decide, so that more text never changes the decision.
    """
    says_something = _has_word(new[row])
    for length in range(1, len(new) - row):
        line = new[row + length]
        candidates = [c for c in candidates if c + length < len(old) and old[c + length] == line]
        if not candidates:
            return None
        says_something = says_something or _has_word(line)
        if len(candidates) == 1 and says_something:
            return candidates[0]
    return _UNDECIDED


def _first_cluster(
    before: Sequence[str], after: Sequence[str], origin: tuple[int, int], newline: str
) -> Cluster:
    old, new = ("".join([f"{row}\n" for row in rows]) for rows in (before, after))
    return clusters_of(_edits(changes(old, new), old, origin, newline))[0]


def _rows_shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many rows both begin with."""
    limit = min(len(old), len(new))
    return next((row for row in range(limit) if old[row] != new[row]), limit)


def _has_word(line: str) -> bool:
    return any(map(str.isalnum, line))


@lru_cache(maxsize=4)
def _old_rows(region: str) -> tuple[str, ...]:
    """The rows of a region that is asked about again and again while its rewrite streams."""
    return tuple(_rows(region))


def _rows(text: str) -> list[str]:
    """Lines without their terminators."""
    return [line.rstrip("\r\n") for line in split_lines(text)]
