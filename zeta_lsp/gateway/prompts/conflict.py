"""Regions that a prompt writes like an open merge conflict (`core/formats/conflict`)."""

from zeta_lsp.core.formats.conflict import CURRENT, MIDDLE
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.gateway.prompts.reading import Cut, closed_below

_OPENING, _CLOSING = f"{CURRENT}\n", f"{MIDDLE}\n"


def cut_of_conflict(section: str, below: str) -> Cut | None:
    """The excerpt of a section that ends with an open conflict, given what stands below it.

    A region without a final newline got one in the prompt. Then what stands below begins with the
    newline that ends its last row, or there is nothing below.
    """
    cursor = section.rfind(CURSOR)
    at = section.rfind(_OPENING, 0, max(cursor, 0))
    if at < 0 or section[at - 1 : at] not in ("", "\n") or not section.endswith(_CLOSING):
        return None
    region = section[at + len(_OPENING) : -len(_CLOSING)]
    if below.startswith("\n") and not region.endswith("\n\n"):
        region = region.removesuffix("\n")
    before, _, after = region.partition(CURSOR)
    return Cut(section[:at], before, after, closed_below(below, before + after))
