"""Predictions in the shapes that clients take: pure translation from core to LSP's JSON.

What each client does with them is the reason for most choices here. Inline completion gets one
item whose range stays on the cursor's line. The next-edit method gets whole lines with the latest
version the client named, because clients compare it with their buffer's; several edits only when
the request carries a `context`, since the others show the first alone. `zeta/nextEdit` gets the
exact edits.
"""

from collections.abc import Sequence
from typing import Any

from zeta_lsp.core.clusters import end_of, inline_edit, rewritten, whole_line_edit
from zeta_lsp.core.cursor import Place
from zeta_lsp.core.documents import Document, Position
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.jumps import FAR_ROWS, Jump
from zeta_lsp.core.text import split_lines, units_of_index
from zeta_lsp.server.params import SelectedCompletion

Json = dict[str, Any]

TITLE = "Accept prediction"


def inline_item(
    document: Document,
    cluster: Cluster,
    at: tuple[int, int],
    ident: str,
    selected: SelectedCompletion | None = None,
) -> Json | None:
    """An `InlineCompletionItem`, or None where the cluster cannot be one.

    `selected` is the entry of the completion menu that the item has to continue.
    """
    edit = inline_edit(cluster, *at, document.lines)
    if edit is not None and selected is not None:
        edit = _continuing(selected, edit, document)
    if edit is None:
        return None
    return {
        "insertText": edit.new_text,
        "range": range_of(document, edit),
        "command": accepted_command(ident),
    }


def _continuing(
    selected: SelectedCompletion, edit: TextEdit, document: Document
) -> TextEdit | None:
    """The same change made in the range of the menu's entry; None if it does not continue that."""
    try:
        start, end = document.point(selected.range.start), document.point(selected.range.end)
    except PositionError:
        return None
    row, line = edit.start_row, document.lines[edit.start_row]
    if (start[0], end[0]) != (row, row) or start > end:
        return None
    head, tail = line[: start[1]], line[end[1] :]
    new = line[: edit.start_col] + edit.new_text + line[edit.end_col :]
    text = new[len(head) : len(new) - len(tail)]
    if head + text + tail != new or not text.startswith(selected.text) or text == selected.text:
        return None
    return TextEdit(*start, *end, text)


def inline_edits(document: Document, clusters: Sequence[Cluster], ident: str) -> list[Json]:
    """The `edits` of a `copilotInlineEdit` reply."""
    target = {"uri": document.uri, "version": document.version}
    return [
        {
            "text": edit.new_text,
            "textDocument": target,
            "range": range_of(document, edit),
            "command": accepted_command(ident),
        }
        for edit in (whole_line_edit(cluster, document.lines) for cluster in clusters)
    ]


def exact_edits(document: Document, cluster: Cluster) -> list[Json]:
    """The `edits` of a `zeta/nextEdit` reply."""
    target = {"uri": document.uri, "version": document.version}
    return [
        {"textDocument": target, "range": range_of(document, edit), "newText": edit.new_text}
        for edit in cluster
    ]


def workspace_edit(document: Document, edits: Sequence[TextEdit], *, versioned: bool) -> Json:
    """A `WorkspaceEdit`; `versioned` where the client understands `documentChanges`."""
    changes = [{"range": range_of(document, edit), "newText": edit.new_text} for edit in edits]
    if not versioned:
        return {"changes": {document.uri: changes}}
    target = {"uri": document.uri, "version": document.version}
    return {"documentChanges": [{"textDocument": target, "edits": changes}]}


def item_start(document: Document, item: Json) -> int:
    """Code-point column in which an item's range begins."""
    start = item["range"]["start"]
    return document.point(Position(start["line"], start["character"]))[1]


def jump_reply(target: Json, position: Json, jump: Jump, ident: str, latency_ms: float = 0) -> Json:
    """A jump without edits, as `zeta/nextEdit` gives it."""
    return {
        "id": ident,
        "edits": [],
        "cursor": None,
        "jump": {"textDocument": target, "position": position},
        "reason": None,
        "model": jump.model,
        "latencyMs": round(latency_ms, 1),
    }


def is_far(cluster: Cluster, row: int) -> bool:
    """Whether the prediction lies so far from the cursor that it is offered as a jump."""
    return cluster[0].start_row - row > FAR_ROWS or row - cluster[-1].end_row > FAR_ROWS


def range_of(document: Document, edit: TextEdit) -> Json:
    """An edit's range as the client counts."""
    return {
        "start": position_of(document, edit.start_row, edit.start_col),
        "end": position_of(document, edit.end_row, edit.end_col),
    }


def position_of(document: Document, row: int, col: int) -> Json:
    """A place as the client counts. A row just past the end is where whole-line ranges end."""
    if row >= len(document.lines):
        return {"line": row, "character": 0}
    position = document.position(row, col)
    return {"line": position.line, "character": position.character}


def cursor_after(document: Document, cluster: Cluster, place: Place | None = None) -> Json:
    """Where the cursor goes once a cluster is applied, as the client counts then.

    `place` is where the model put it, a row that the cluster leaves; else it is behind the edits.
    """
    lines = document.lines
    if place is None:
        row, before = end_of(cluster, lines)
    else:
        first, last = cluster[0].start_row, min(cluster[-1].end_row, len(lines) - 1)
        row, col = place
        before = split_lines(rewritten(cluster, lines, first, last))[row - first][:col]
    return {"line": row, "character": units_of_index(before, len(before), document.encoding)}


def accepted_command(ident: str) -> Json:
    """What a client runs after it inserted a prediction: it confirms, it changes nothing."""
    return {"title": TITLE, "command": "zeta.accept", "arguments": [{"id": ident}]}
