"""Which of several namesakes is meant when nothing says so: the nearest of a fitting kind.

Files of the same folder come first, then by the number of folders between; definitions before
declarations; code before its tests, unless a test asks.
"""

import re
from collections.abc import Iterable

from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.facts import TYPES
from zeta_lsp.context.index.paths import steps
from zeta_lsp.context.index.traits import is_kin
from zeta_lsp.context.index.view import Hit

MAX_GUESSES = 4
"""More namesakes than that say nothing; they would only push other context out."""
_MEMBER_KINDS = frozenset(("method", "field", "attribute", "variant", "function"))
_TEST = re.compile(
    r"(?:^|[/_.])(?:tests?|specs?|testing|__tests__)(?:[/_.]|$)|/test_|_test\.|\.test\."
)


def members(hits: Iterable[Hit], path: str) -> list[Hit]:
    """Definitions that an object of unknown type may have as members."""
    inside = [
        hit for hit in _kin(hits, path) if hit.symbol.container and hit.symbol.kind in _MEMBER_KINDS
    ]
    return best(inside, path)


def free(hits: Iterable[Hit], path: str) -> list[Hit]:
    """Definitions that a bare name may mean once it is imported."""
    outer = [
        hit
        for hit in _kin(hits, path)
        if hit.symbol.depth == 0 or hit.symbol.kind in TYPES or hit.symbol.kind == "variant"
    ]
    return best([hit for hit in outer if not _is_method(hit)], path)


def best(hits: Iterable[Hit], path: str) -> list[Hit]:
    """The likeliest ones first, and not too many."""
    return sorted(hits, key=lambda hit: _order(hit, path))[:MAX_GUESSES]


def definitions_first(hits: Iterable[Hit]) -> list[Hit]:
    """In the order given, but what defines before what only declares."""
    return sorted(hits, key=lambda hit: hit.symbol.kind == "prototype")


def _kin(hits: Iterable[Hit], path: str) -> Iterable[Hit]:
    language = language_of(path)
    return (hit for hit in hits if is_kin(language, language_of(hit.path)))


def _is_method(hit: Hit) -> bool:
    """Outside of its type, as in Go and C++, but only to be had through an object."""
    return hit.symbol.container != 0 and hit.symbol.kind in ("method", "function")


def _order(hit: Hit, path: str) -> tuple[int, bool, int, str, int]:
    is_odd = bool(_TEST.search(hit.path)) and not _TEST.search(path)
    is_declaration = hit.symbol.kind == "prototype"
    distance = steps(hit.path, path)
    return is_odd, is_declaration, distance, hit.path, hit.symbol.start_row
