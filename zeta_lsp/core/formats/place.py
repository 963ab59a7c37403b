"""Where the cursor is among the related files, for formats that show nothing else."""

import msgspec

from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt
from zeta_lsp.core.text import without_surrogates


class Place(msgspec.Struct, frozen=True):
    """A file, one of its excerpts, and an offset in that excerpt's text in code points."""

    file: int
    excerpt: int
    offset: int


def shown_path(path: str, cursor_path: str) -> str:
    """A related file's path as V0615 prints it.

    The name of the workspace folder stays only if it is the cursor's as well; ``.`` and doubled
    slashes are dropped.
    """
    parts, cursor_parts = _components(path), _components(cursor_path)
    if len(parts) > 1 and not (len(cursor_parts) > 1 and parts[0] == cursor_parts[0]):
        del parts[0]
    return "/".join(parts)


def cursor_place(given: PromptInput) -> Place | None:
    """The first excerpt of the cursor's file that covers the cursor and has its line."""
    if given.excerpt_start_row is None:
        return None
    data = without_surrogates(given.cursor_excerpt).encode()
    before = data[: given.cursor_offset_in_excerpt].decode(errors="ignore")
    rows = before.split("\n")
    row, col = given.excerpt_start_row + len(rows) - 1, len(rows[-1])
    line = without_surrogates(given.cursor_excerpt).split("\n")[len(rows) - 1]
    path = "/".join(_components(given.cursor_path))
    for file_index, file in enumerate(given.related_files or ()):
        if shown_path(file.path, given.cursor_path) != path:
            continue
        for index, excerpt in enumerate(file.excerpts):
            start = _line_start(excerpt, row, line)
            if start is not None:
                return Place(file_index, index, start + col)
    return None


def _line_start(excerpt: RelatedExcerpt, row: int, line: str) -> int | None:
    """Where a file row begins in an excerpt that has it with this text."""
    first, end = excerpt.row_range
    if not first <= row <= end:
        return None
    lines = without_surrogates(excerpt.text).split("\n")
    if row - first >= len(lines) or lines[row - first] != line:
        return None
    return sum(len(above) + 1 for above in lines[: row - first])


def _components(path: str) -> list[str]:
    """The parts of a path; the root is ``/``, and only a leading ``.`` counts."""
    root = ["/"] if path.startswith("/") else []
    parts = [part for part in path.split("/") if part]
    kept = [part for index, part in enumerate(parts) if part != "." or (index == 0 and not root)]
    return root + kept
