"""Zeta 2.1: ``zed-industries/zeta-2.1`` (Seed-Coder-8B-Base), Zed's ``V0318SeedMultiRegions``.

The Seed-Coder layout (`seed`) around a region of 350 estimated tokens cut into marked blocks
(`markers`), with 150 tokens of context and 4096 in all. The model names the blocks it rewrites
(`spans`). Differences from Zed are those that `spans` and `region` name. Source: Zed at commit
09adbb01 (August 2026), crate ``zeta_prompt``, and the model card on Hugging Face.
"""

from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import PROMPT_TOKENS, answer_tokens
from zeta_lsp.core.formats.markers import TAG_START, marker_offsets, tagged
from zeta_lsp.core.formats.region import Region, region_of, rewritten_text
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import with_newline
from zeta_lsp.core.formats.seed import END_OF_SENTENCE, FILE, MARKERS, seed_prompt
from zeta_lsp.core.formats.span_target import span_target
from zeta_lsp.core.formats.spans import SpanAnswers
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import without_surrogates

EDITABLE_TOKENS = 350
CONTEXT_TOKENS = 150
TAG_TOKENS = 8


class Zeta21:
    """The format ``zeta2.1``."""

    name = "zeta2.1"
    zed_name: str | None = "V0318SeedMultiRegions"
    needs_end = True
    needs_current_file = False
    markers: tuple[str, ...] = (TAG_START, *MARKERS)

    def __init__(self) -> None:
        self._reserved = ReservedLines(self.markers, line_starts=(FILE,))
        self._answers = SpanAnswers(self._reserved)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if what must be in it exceeds the limit."""
        region = region_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS, self._reserved)
        shown = region.view.region()
        offsets = marker_offsets(shown)
        marked_region = with_newline(tagged(shown, len(region.view.before), offsets))
        text = self._text(given, region, marked_region)
        if text is None:
            return None
        start, end = region.editable
        max_tokens = answer_tokens(end - start) + TAG_TOKENS * len(offsets)
        return Prompt(
            self.name, text, region.editable, region.context, max_tokens, (END_OF_SENTENCE,)
        )

    def _text(self, given: PromptInput, region: Region, marked_region: str) -> str | None:
        return seed_prompt(given, region, marked_region, PROMPT_TOKENS, self._reserved)

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the span that the model rewrote."""
        return self._answers.parse(output, given, prompt)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The blocks and lines that are whole so far."""
        return self._answers.partial(output, given, prompt)

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The blocks that change, anew."""
        old = rewritten_text(given, prompt)
        new = old if new_region is None else without_surrogates(new_region)
        return span_target(old, new, cursor, self._reserved)


FORMATS: tuple[Format, ...] = (Zeta21(),)
