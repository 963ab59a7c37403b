"""The prediction as an entry of the completion menu, for editors that show no ghost text.

The entry replaces the word before the cursor together with what the prediction adds, because
menus filter by that word. Which key takes an entry is the editor's affair, and most menus take the
first one with Enter: there, only what continues the cursor's line is an entry, as any completion
is, and it is never selected by us. Quiet menus select nothing by themselves; they get edits
elsewhere too, as an entry that leaves the cursor alone, and ours comes first.
"""

import re
from typing import Any

from zeta_lsp.core.documents import Document, Position
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.text import split_lines
from zeta_lsp.server.preview import one_line, title, unified
from zeta_lsp.server.shapes import (
    accepted_command,
    inline_item,
    item_start,
    position_of,
    range_of,
)

Json = dict[str, Any]

QUIET_MENUS = frozenset({"helix", "kakoune-lsp"})
"""Clients in whose menus nothing is selected until the person does so: Enter stays a line end."""
DETAIL = "predicted edit"
TEXT = 1
"""LSP's `CompletionItemKind.Text`."""
_SNIPPET = re.compile(r"\$(\{|\d)")
_WORD_BEFORE = re.compile(r"\w*\Z")


def menu_item(
    document: Document,
    cluster: Cluster,
    at: tuple[int, int],
    ident: str,
    *,
    client: str,
    markdown: bool,
    hinted: bool,
) -> Json | None:
    """A `CompletionItem` for a cursor, or None where the cluster should be no entry.

    `client` is the name that the client gave itself, `markdown` whether it draws that, `hinted`
    whether edits elsewhere are drawn where they are: a menu would only lie over them.
    """
    is_quiet = client.lower() in QUIET_MENUS
    item = _here(document, cluster, at, ident) or _around(document, cluster, at, ident)
    if item is None and is_quiet and not hinted:
        item = _elsewhere(document, cluster, at)
    if item is None or not (client or _is_plain(item, document.position(*at))):
        return None
    diff = unified(document, cluster)
    preview = f"```diff\n{diff}\n```" if markdown else diff
    return {
        "kind": TEXT,
        "detail": DETAIL,
        "documentation": {"kind": "markdown" if markdown else "plaintext", "value": preview},
        "sortText": "\x00",
        "preselect": is_quiet,  # there it means "first", nothing more
        "insertTextFormat": 1,
        "command": accepted_command(ident),
        **item,
    }


def _is_plain(item: Json, cursor: Position) -> bool:
    """Whether an entry is right even in a client that only knows the word before the cursor.

    Kate, which does not say its name, replaces that word whatever the range says, and takes every
    text for a snippet.
    """
    edit = item["textEdit"]
    end = edit["range"]["end"]
    is_at_cursor = (end["line"], end["character"]) == (cursor.line, cursor.character)
    return is_at_cursor and not _SNIPPET.search(edit["newText"])


def _here(document: Document, cluster: Cluster, at: tuple[int, int], ident: str) -> Json | None:
    """What makes the entry one that goes on at the cursor, if the cluster does."""
    item = inline_item(document, cluster, at, ident)
    if item is None:
        return None
    row, col = at
    start, word = item_start(document, item), _word_start(document.lines[row], col)
    whole: str = item["insertText"]
    text = whole[word - start :] if start < word else document.lines[row][word:start] + whole
    place = {**item["range"], "start": position_of(document, row, word)}
    return {
        "label": one_line(split_lines(text)),
        "filterText": text,  # one client takes another text than the new one for a snippet
        "textEdit": {"range": place, "newText": text},
    }


def _around(document: Document, cluster: Cluster, at: tuple[int, int], ident: str) -> Json | None:
    """What makes the entry one that goes on at the cursor and changes rows around it, too."""
    row = at[0]
    here = tuple(edit for edit in cluster if edit.start_row == edit.end_row == row)
    item = _here(document, here, at, ident) if here else None
    if item is None:
        return None
    others = tuple(edit for edit in cluster if edit not in here)
    return {**item, "additionalTextEdits": _plain(document, others)}


def _elsewhere(document: Document, cluster: Cluster, at: tuple[int, int]) -> Json | None:
    """What makes the entry one that changes other places and leaves the word as it is."""
    row, col = at
    word = _word_start(document.lines[row], col)
    if any(_touches(edit, (row, word), at) for edit in cluster):
        return None  # the protocol forbids it
    text = document.lines[row][word:col]
    place = {"start": position_of(document, row, word), "end": position_of(document, row, col)}
    label = title(document, cluster, quote="")
    return {
        "label": label,
        "filterText": text or label,
        "textEdit": {"range": place, "newText": text},
        "additionalTextEdits": _plain(document, cluster),
    }


def _touches(edit: TextEdit, start: tuple[int, int], end: tuple[int, int]) -> bool:
    return (edit.start_row, edit.start_col) <= end and (edit.end_row, edit.end_col) >= start


def _plain(document: Document, edits: Cluster) -> list[Json]:
    return [{"range": range_of(document, one), "newText": one.new_text} for one in edits]


def _word_start(line: str, col: int) -> int:
    found = _WORD_BEFORE.search(line[:col])
    assert found is not None, "an empty word is one, too"
    return found.start()
