"""Prompts in the format `zeta-v0131`: Qwen's tokens around an open merge conflict."""

import re

from zeta_lsp.core import formats
from zeta_lsp.core.formats.conflict import MIDDLE
from zeta_lsp.core.formats.v0131 import FILE_SEP, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX
from zeta_lsp.gateway.prompts.conflict import cut_of_conflict
from zeta_lsp.gateway.prompts.reading import (
    ReadPrompt,
    blocks_in,
    events_in,
    file_of,
    read_prompt,
    reserved_for,
    with_sections,
)

HEADING = re.compile(re.escape(FILE_SEP))
HISTORY = "edit history"


def read_v0131(text: str) -> ReadPrompt | None:
    """Read a prompt in this format; None if it is none."""
    if not text.endswith(FIM_MIDDLE) or text.count(FIM_MIDDLE) != 1:
        return None
    head, _, rest = text.removesuffix(FIM_MIDDLE).partition(FIM_PREFIX)
    section, _, below = rest.partition(FIM_SUFFIX)
    cut = cut_of_conflict(section, below)
    blocks = blocks_in(head, HEADING)
    if cut is None or not blocks:
        return None
    form = formats.get("zeta-v0131")
    reserved = reserved_for(form.markers, lines=(MIDDLE,))
    path, _ = blocks.pop()
    history = blocks.pop()[1] if blocks and blocks[-1][0] == HISTORY else ""
    given = with_sections(
        cut.shown(reserved).as_input(reserved.show(path)),
        events_in(reserved.show(history)),
        [file_of(reserved.show(title), reserved.show(content)) for title, content in blocks],
    )
    return read_prompt(form, text, given, hides=reserved.show(text) != text)
