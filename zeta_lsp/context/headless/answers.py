"""What a server answers, as places and problems.

A definition is a location, a list of them, or of links; whatever else stands there is left out.
Only places inside the workspace count, since nothing else may stand in a prompt. Columns of files
that are not open are taken for code points, which they are if the server counts in those; rows,
which is what excerpts are made of, always are right.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import msgspec

from zeta_lsp.core.documents import Document, Position, Range
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Place

PLACES_MAX = 8
"""More places for one name than these are a namesake's."""
PROBLEMS_MAX = 500


class Link(msgspec.Struct, frozen=True, rename="camel"):
    """LSP's `LocationLink`, as far as it is used."""

    target_uri: str
    target_selection_range: Range


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


def places_of(
    result: Any, documents: Mapping[str, Document], is_inside: Callable[[str], bool]
) -> tuple[tuple[Place, ...], bool]:
    """The places of an answer inside the workspace, and whether there were others."""
    items = result if isinstance(result, list) else [result]
    locations = [found for item in items[: 4 * PLACES_MAX] if (found := _location(item))]
    places: list[Place] = []
    for location in locations:
        path = path_of(location.uri)
        if path is not None and is_inside(path):
            ends = (location.range.start, location.range.end)
            start, end = (_point(location.uri, one, documents) for one in ends)
            places.append(Place(path, *start, *end))
    return tuple(dict.fromkeys(places))[:PLACES_MAX], len(places) < len(locations)


def problems_of(items: Any, document: Document) -> tuple[Problem, ...] | None:
    """What is wrong in an open document by a list of diagnostics; None if it is none."""
    try:
        found = msgspec.convert(items, list[Diagnostic])
    except msgspec.ValidationError:
        return None
    known = {document.uri: document}
    return tuple(
        Problem(
            one.message,
            *_point(document.uri, one.range.start, known),
            *_point(document.uri, one.range.end, known),
            one.severity,
            one.source or "",
        )
        for one in found[:PROBLEMS_MAX]
    )


def path_of(uri: str) -> str | None:
    """The file of a ``file:`` URI."""
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="strict")
        os.fsencode(path)
    except ValueError:
        return None
    if parts.scheme.lower() != "file" or not path or "\0" in path:
        return None
    return url2pathname(path) if os.name == "nt" else os.path.normpath(path)


def _location(item: Any) -> Location | None:
    try:
        if isinstance(item, dict) and "targetUri" in item:
            link = msgspec.convert(item, Link)
            return Location(link.target_uri, link.target_selection_range)
        return msgspec.convert(item, Location)
    except msgspec.ValidationError:
        return None


def _point(uri: str, place: Position, documents: Mapping[str, Document]) -> tuple[int, int]:
    document = documents.get(uri)
    if document is not None:
        try:
            return document.point(place)
        except PositionError:
            pass  # about another version; whoever uses it clips it
    return place.line, place.character
