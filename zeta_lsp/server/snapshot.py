"""The complete input of a prediction, taken from an open file in one moment.

Taking it is on the keystroke path: it cuts a window, renders the recent edits, and asks the syntax
tree as it stands. Nothing is parsed, read or awaited.
"""

import msgspec

from zeta_lsp.core.events import Source
from zeta_lsp.core.excerpt import Excerpt, cut_excerpt, syntax_ranges_in
from zeta_lsp.core.gathering import with_current_file as with_current
from zeta_lsp.core.prompt import PromptInput, RelatedFile
from zeta_lsp.core.related import Receipt
from zeta_lsp.server.openfile import OpenFile


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """An input, and where in which text it was taken.

    `sources` are those of each of the input's events, `receipts` those of the related excerpts.
    `revision` is the document's, for moving an answer to the text as it is later.
    """

    given: PromptInput
    sources: tuple[tuple[Source, ...], ...]
    receipts: tuple[Receipt, ...]
    excerpt: Excerpt
    revision: int
    row: int
    col: int


def take_snapshot(file: OpenFile, row: int, col: int, *, with_current_file: bool) -> Snapshot:
    """The input of a prediction at a place of an open, synced file.

    `with_current_file` puts the excerpt among the related files too (`Predictor` says when).
    """
    lines = file.document.lines
    excerpt = cut_excerpt(lines, row, col)
    spans = file.syntax.ancestors(lines, row, col) if file.syntax is not None else None
    path, around = file.place.prompt_path, file.surroundings
    events = file.history.events()
    given = PromptInput(
        cursor_path=path,
        cursor_excerpt=excerpt.text,
        cursor_offset_in_excerpt=excerpt.cursor_offset,
        excerpt_start_row=excerpt.start_row,
        events=tuple(event.change for event in events),
        related_files=_related(file, excerpt, with_current_file=with_current_file),
        active_buffer_diagnostics=around.diagnostics if around.row_count == len(lines) else (),
        syntax_ranges=None if spans is None else syntax_ranges_in(excerpt, spans),
    )
    sources = tuple(event.sources for event in events)
    return Snapshot(given, sources, around.receipts, excerpt, file.document.revision, row, col)


def _related(
    file: OpenFile, excerpt: Excerpt, *, with_current_file: bool
) -> tuple[RelatedFile, ...] | None:
    """What was gathered of other files, and of this one what the format wants."""
    found = file.surroundings.files
    if not with_current_file:
        return found or None
    lines = file.document.lines
    return with_current(found, file.place.prompt_path, excerpt, len(lines))
