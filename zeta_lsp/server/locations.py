"""Places of other files, as clients and language servers name them.

A location names a file by its URI and a range in units of the agreed encoding. Only files of the
workspace count, since nothing else may stand in a prompt. The columns of a file that is not open
are taken for code points: they are off by one for each astral character before a name, and rows,
which is what excerpts are made of, never are.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zeta_lsp.core.documents import Position, Range
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Place
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.workspace import path_of_uri

PLACES_MAX = 8
"""More places for one name than these are a namesake's."""
PROBLEMS_MAX = 500


class Location(msgspec.Struct, frozen=True):
    """LSP's `Location`."""

    uri: str
    range: Range


class Diagnostic(msgspec.Struct, frozen=True):
    """LSP's `Diagnostic`, as far as it is used."""

    range: Range
    message: str
    severity: int | None = None
    source: str | None = None


def places_of(locations: Any, files: Mapping[str, OpenFile]) -> tuple[Place, ...] | None:
    """The places of a list of locations; None if it is none."""
    try:
        found = msgspec.convert(locations, list[Location])
    except (msgspec.ValidationError, UnicodeEncodeError):  # it cannot quote half a character
        return None
    places = (place_of(location.uri, location.range, files) for location in found[:PLACES_MAX])
    return tuple(place for place in places if place is not None)


def place_of(uri: str, where: Range, files: Mapping[str, OpenFile]) -> Place | None:
    """A place of a file on this machine; None if it is elsewhere, or nowhere."""
    path = path_of_uri(uri)
    if path is None:
        return None
    start, end = (_point(uri, place, files) for place in (where.start, where.end))
    return Place(str(path), *start, *end)


def problems_of(diagnostics: Any, file: OpenFile) -> tuple[Problem, ...] | None:
    """What is wrong in an open file by a list of diagnostics; None if it is none."""
    try:
        found = msgspec.convert(diagnostics, list[Diagnostic])
    except (msgspec.ValidationError, UnicodeEncodeError):  # it cannot quote half a character
        return None
    return tuple(
        Problem(
            one.message,
            *_point(file.uri, one.range.start, {file.uri: file}),
            *_point(file.uri, one.range.end, {file.uri: file}),
            one.severity,
            one.source or "",
        )
        for one in found[:PROBLEMS_MAX]
    )


def _point(uri: str, place: Position, files: Mapping[str, OpenFile]) -> tuple[int, int]:
    file = files.get(uri)
    if file is not None and file.document.unsynced is None:
        try:
            return file.document.point(place)
        except PositionError:
            pass  # about another version; whoever uses it clips it
    return place.line, place.character
