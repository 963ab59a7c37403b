"""Zed's format ``V0131GitMergeMarkersPrefix``, for models trained from Qwen2.5-Coder.

The region is written like a merge conflict (`conflict`), as in `zeta2`, but the order is that of
Qwen's prefix-suffix-middle tokens, with ``<|file_sep|>`` before each file:

    RELATED FILES, EDIT HISTORY, <|file_sep|>PATH
    <|fim_prefix|>TEXT BEFORE, THE REGION, <|fim_suffix|>TEXT AFTER
    <|fim_middle|>

Budgets and differences from Zed are those of `zeta2`. Source: Zed at commit 09adbb01 (August 2026),
crate ``zeta_prompt``.
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
from zeta_lsp.core.formats.region import Region, region_of, shown_rows
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import (
    history_section,
    related_section,
    tokens,
    with_newline,
    without_shown,
)
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import without_surrogates

EDITABLE_TOKENS = 350
CONTEXT_TOKENS = 150
FILE_SEP = "<|file_sep|>"
FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE = "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"
END_TOKENS = ("<|endoftext|>", "<|im_end|>")


class V0131:
    """The format ``zeta-v0131``."""

    name = "zeta-v0131"
    zed_name: str | None = "V0131GitMergeMarkersPrefix"
    needs_end = True
    needs_current_file = False
    markers: tuple[str, ...] = (
        CURRENT, UPDATED, CURSOR, FILE_SEP, FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE, *END_TOKENS
    )  # fmt: skip

    def __init__(self) -> None:
        self._reserved = ReservedLines(self.markers, lines=(MIDDLE,))
        self._answers = ConflictAnswers(self._reserved, END_TOKENS)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if what must be in it exceeds the limit."""
        region = region_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS, self._reserved)
        text = self._text(given, region)
        if tokens(text) > PROMPT_TOKENS:
            return None
        start, end = region.editable
        return Prompt(self.name, text, region.editable, region.context, answer_tokens(end - start))

    def _text(self, given: PromptInput, region: Region) -> str:
        cursor = self._cursor_section(given, region)
        left = max(0, PROMPT_TOKENS * 9 // 10 - tokens(cursor))
        heading = f"{FILE_SEP}edit history\n"
        history = history_section(given.events, heading, left, self._reserved)
        rows = shown_rows(given, region.context)
        files = without_shown(given.related_files, given.cursor_path, rows)
        related = related_section(files, FILE_SEP, left - tokens(history), self._reserved)
        return related + history + cursor

    def _cursor_section(self, given: PromptInput, region: Region) -> str:
        view = region.view
        path = self._reserved.hide(without_surrogates(given.cursor_path))
        conflict = conflict_section(view.region(CURSOR))
        head = f"{FILE_SEP}{path}\n{FIM_PREFIX}{view.above}{conflict}"
        return f"{head}{with_newline(FIM_SUFFIX + view.below)}{FIM_MIDDLE}"

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


FORMATS: tuple[Format, ...] = (V0131(),)
