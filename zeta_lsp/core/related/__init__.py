"""Definitions for the names around the cursor: what every door says, and what prompts get of it.

`vocabulary` holds the values that doors, store and prompt share. `ranking` chooses the identifiers
worth asking about, `widening` turns places into the rows of whole items, `assembly` makes the
related files of a prompt from what doors found. `glimpses` are small excerpts of files that no
definition led to, and `joining` puts them behind the others.

Everything is a pure function of its arguments; who reads files and parses them hands them in.
"""

from zeta_lsp.core.related.assembly import Shown, related_files
from zeta_lsp.core.related.glimpses import Glimpse, glimpse_around, glimpse_of_heads
from zeta_lsp.core.related.joining import joined
from zeta_lsp.core.related.ranking import closest
from zeta_lsp.core.related.vocabulary import (
    Binding,
    FileOutline,
    Found,
    Identifier,
    Import,
    Item,
    Kind,
    Place,
    Receipt,
    Visit,
)

__all__ = [
    "Binding",
    "FileOutline",
    "Found",
    "Glimpse",
    "Identifier",
    "Import",
    "Item",
    "Kind",
    "Place",
    "Receipt",
    "Shown",
    "Visit",
    "closest",
    "glimpse_around",
    "glimpse_of_heads",
    "joined",
    "related_files",
]
