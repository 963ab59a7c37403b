"""Where the person is, as a command's argument says it.

Most editors send LSP's ``{textDocument, position}``. One whose keys can only name a place in its
own terms sends ``{"buffer": "src/shop.py", "line": 3, "column": 10}``: the name that it shows for
the file, line and column counted from 1, in characters.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from zeta_lsp.core.text import line_length
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import PositionRequest
from zeta_lsp.server.shapes import position_of


class Shown(msgspec.Struct, frozen=True):
    """A place as an editor shows it."""

    buffer: str
    line: int
    column: int = 1


def here(argument: Any, files: Mapping[str, OpenFile]) -> PositionRequest | None:
    """The place that an argument names, None if it names none."""
    try:
        return msgspec.convert(argument, PositionRequest)
    except (msgspec.ValidationError, UnicodeEncodeError):  # it cannot quote half a character
        pass
    try:
        shown = msgspec.convert(argument, Shown)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return None
    file = next((one for one in files.values() if _is_called(one, shown.buffer)), None)
    return None if file is None else _at(file, shown)


def at(file: OpenFile, row: int, col: int) -> PositionRequest:
    """A place in an open file."""
    place = {"textDocument": {"uri": file.uri}, "position": position_of(file.document, row, col)}
    return msgspec.convert(place, PositionRequest)


def _at(file: OpenFile, shown: Shown) -> PositionRequest:
    lines = file.document.lines
    row = min(max(shown.line - 1, 0), len(lines) - 1)
    return at(file, row, min(max(shown.column - 1, 0), line_length(lines[row])))


def _is_called(file: OpenFile, name: str) -> bool:
    """Whether an editor may show a file by this name: relative to somewhere above it."""
    parts = [part for part in PurePath(name).parts if part not in ("..", "~", "/")]
    path = file.place.path
    return bool(parts) and path is not None and path.parts[-len(parts) :] == tuple(parts)
