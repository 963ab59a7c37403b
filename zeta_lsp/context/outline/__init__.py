"""What a text defines, imports and speaks of, by tree-sitter.

`outline` and `imports` read a whole text; `survey` does both with one parse. `identifiers_near`
looks at the rows around a place and what encloses them, whatever the size of the document.
`error_count` says how much of a text does not parse. A language without grammar or queries gives
nothing, never a failure.

Each language has a file in `queries/`; which grammars there are is said in `grammars`.
"""

import msgspec

from zeta_lsp.context.outline.errors import error_count
from zeta_lsp.context.outline.imports import imports_of
from zeta_lsp.context.outline.items import items_of
from zeta_lsp.context.outline.nearby import identifiers_near
from zeta_lsp.context.outline.query import matches, parse
from zeta_lsp.core.related import Import, Item

__all__ = ["Survey", "error_count", "identifiers_near", "imports", "outline", "survey"]


class Survey(msgspec.Struct, frozen=True):
    """The items and imports of one text."""

    items: tuple[Item, ...] = ()
    imports: tuple[Import, ...] = ()


def survey(language: str, text: str) -> Survey:
    """Items and imports of a text.

    `language` is what an editor calls the language, or the name of a grammar.
    """
    source = parse(language, text)
    if source is None:
        return Survey()
    found = matches(source)
    return Survey(items_of(source, found), imports_of(source, found))


def outline(language: str, text: str) -> tuple[Item, ...]:
    """The items of a text, in order of their start, outer ones before inner ones."""
    return survey(language, text).items


def imports(language: str, text: str) -> tuple[Import, ...]:
    """The imports of a text, by row."""
    return survey(language, text).imports
