"""Zeta 2: ``zed-industries/zeta-2`` (Seed-Coder-8B-Base), Zed's format ``V0211SeedCoder``.

The Seed-Coder layout (`seed`) around a region of 350 estimated tokens written like a merge conflict
(`conflict`), with 150 tokens of context and 4096 in all. The model writes the whole region anew;
the unchanged region says that there is no edit. Differences from Zed are those that `conflict` and
`region` name. Source: Zed at commit 09adbb01 (August 2026), crate ``zeta_prompt``.
"""

from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import PROMPT_TOKENS, answer_tokens
from zeta_lsp.core.formats.conflict import (
    CURRENT,
    MIDDLE,
    UPDATED,
    ConflictAnswers,
    conflict_section,
)
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.region import region_of
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.seed import END_OF_SENTENCE, FILE, MARKERS, seed_prompt
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement

EDITABLE_TOKENS = 350
CONTEXT_TOKENS = 150


class Zeta2:
    """The format ``zeta2``."""

    name = "zeta2"
    zed_name: str | None = "V0211SeedCoder"
    needs_end = True
    needs_current_file = False
    markers: tuple[str, ...] = (CURRENT, UPDATED, *MARKERS)

    def __init__(self) -> None:
        self._reserved = ReservedLines(self.markers, line_starts=(FILE,), lines=(MIDDLE,))
        self._answers = ConflictAnswers(self._reserved, (END_OF_SENTENCE,))

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if what must be in it exceeds the limit."""
        region = region_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS, self._reserved)
        section = conflict_section(region.view.region(CURSOR))
        text = seed_prompt(given, region, section, PROMPT_TOKENS, self._reserved)
        if text is None:
            return None
        start, end = region.editable
        return Prompt(self.name, text, region.editable, region.context, answer_tokens(end - start))

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the region up to the closing line."""
        return self._answers.parse(output, given, prompt)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The lines that are whole so far."""
        return self._answers.partial(output, prompt)

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The region anew, and the closing line."""
        return self._answers.target(given, prompt, new_region, cursor)


FORMATS: tuple[Format, ...] = (Zeta2(),)
