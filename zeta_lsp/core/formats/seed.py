"""The layout of Zed's Seed-Coder prompts: suffix first, then everything else, then the middle.

    <[fim-suffix]>TEXT AFTER THE REGION
    <[fim-prefix]>OTHER SECTIONS…

    <filename>edit_history
    …

    <filename>PATH
    CURSOR SECTION
    <[fim-middle]>

Concatenated without further separators. The suffix and the cursor section always stand; what is
left of nine tenths of the token limit goes to the history, then to further sections, then to
related files. A prompt over the limit all the same is none.
"""

from collections.abc import Callable

from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.region import Region, shown_rows
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.sections import (
    history_section,
    related_section,
    tokens,
    with_newline,
    without_shown,
)
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.text import without_surrogates

FIM_SUFFIX = "<[fim-suffix]>"
FIM_PREFIX = "<[fim-prefix]>"
FIM_MIDDLE = "<[fim-middle]>"
END_OF_SENTENCE = "<[end▁of▁sentence]>"
FILE = "<filename>"
MARKERS = (FIM_SUFFIX, FIM_PREFIX, FIM_MIDDLE, END_OF_SENTENCE, "<[begin▁of▁sentence]>", CURSOR)
"""What no other text in a prompt may hold; `FILE` only counts at the start of a line."""

_HISTORY = f"{FILE}edit_history\n"


def seed_prompt(
    given: PromptInput,
    region: Region,
    marked_region: str,
    max_tokens: int,
    reserved: Reserved,
    *,
    further: Callable[[int], str] = lambda left_tokens: "",
) -> str | None:
    """Assemble a prompt.

    Args:
        marked_region: the editable region as the format marks it, with its final newline.
        further: a section printed first, given the estimated tokens left for it.
    """
    suffix = with_newline(FIM_SUFFIX + region.view.below) + FIM_PREFIX
    path = reserved.hide(without_surrogates(given.cursor_path))
    cursor = f"{FILE}{path}\n{region.view.above}{marked_region}{FIM_MIDDLE}"
    left = max(0, max_tokens * 9 // 10 - tokens(suffix) - tokens(cursor))
    history = _closed(history_section(given.events, _HISTORY, left, reserved))
    left -= tokens(history)
    first = _closed(further(left))
    left -= tokens(first)
    files = without_shown(given.related_files, given.cursor_path, shown_rows(given, region.context))
    related = _closed(related_section(files, FILE, left, reserved))
    text = "".join((suffix, first, related, history, cursor))
    return text if tokens(text) <= max_tokens else None


def _closed(section: str) -> str:
    return section and section + "\n"
