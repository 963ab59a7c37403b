"""Zeta 1: Zed's first open edit model (``zed-industries/zeta``, Qwen2.5-Coder-7B).

An instruction, the recent edits as fenced diffs, an excerpt with a tagged editable region, and the
heading under which the model rewrites the region between the same tags. Budgets: 350 estimated
tokens editable, 150 around them, 6 events. Source: Zed at commit 09adbb01 (August 2026), crates
``zeta_prompt`` and ``edit_prediction``; the model was trained on the data set of the same name.

Servers trim stop strings, and the end tag is one, so its absence says nothing: `needs_end` is
False and only the finish reason tells whether an answer was cut off.
"""

from collections.abc import Iterable

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import MAX_EVENTS, Budget, answer_tokens
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.view import View, marked, ranges_of, region_text, view_of
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import byte_length

EDITABLE_TOKENS = 350
CONTEXT_TOKENS = 150
START = "<|editable_region_start|>"
END = "<|editable_region_end|>"
CURSOR = "<|user_cursor_is_here|>"
START_OF_FILE = "<|start_of_file|>"

_INSTRUCTION = (
    "### Instruction:\n"
    "You are a code completion assistant and your task is to analyze user edits and then rewrite an"
    " excerpt that the user provides, suggesting the appropriate edits within the excerpt, taking"
    " into account the cursor location.\n\n"
    "### User Edits:\n\n"
)
_EXCERPT = "\n\n### User Excerpt:\n\n"
_RESPONSE = "\n\n### Response:\n"


class Zeta1:
    """The format ``zeta1``."""

    name = "zeta1"
    zed_name: str | None = None
    needs_end = False
    needs_current_file = False
    markers: tuple[str, ...] = (START, END, CURSOR, START_OF_FILE)

    def __init__(self) -> None:
        self._reserved = Reserved(self.markers)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if the excerpt alone exceeds the limit."""
        editable, context = ranges_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS)
        view = view_of(given, editable, context, self._reserved)
        at_file_start = given.excerpt_start_row == 0 and context[0] == 0
        excerpt = _excerpt(self._reserved.hide(given.cursor_path), view, at_file_start)
        budget = Budget([_INSTRUCTION, _EXCERPT, excerpt, _RESPONSE])
        if budget.exceeded:
            return None
        edits = budget.take_newest(self._edits(given.events[-MAX_EVENTS:]))
        return Prompt(
            format=self.name,
            text="".join([_INSTRUCTION, "\n\n".join(edits), _EXCERPT, excerpt, _RESPONSE]),
            editable=editable,
            context=context,
            max_tokens=answer_tokens(editable[1] - editable[0]),
            stop=tuple(END + "\n" * count for count in range(4)),
        )

    def _edits(self, events: Iterable[BufferChange]) -> list[str]:
        return [self._reserved.hide(_edit(event)) for event in events]

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the region between the tags, each of which may be missing."""
        if not output.strip():
            return Answer(complete=False)
        opened = output.partition(START)[2].removeprefix("\n") if START in output else output
        body, end, _ = opened.partition(END)
        body = body.removesuffix("\n") if end else body
        before, mark, _ = body.partition(CURSOR)
        cursor = byte_length(self._reserved.show(before)) if mark else None
        body = body.replace(CURSOR, "")
        self._reserved.check(body)
        replacement = Replacement(*prompt.editable, self._reserved.show(body))
        return Answer((replacement,), cursor, complete=bool(end))

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The region up to the last newline, which may turn out to belong to the end tag."""
        _, start, body = output.partition(START)
        if not start:
            return None  # everything before a start tag is dropped, and one may still come
        body = self._reserved.certain(body.removeprefix("\n").replace(CURSOR, ""))
        text = self._reserved.show(body.removesuffix("\n"))
        return Replacement(*prompt.editable, text)

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The tagged region; the unchanged one says that there is no edit."""
        region = region_text(given, prompt.editable) if new_region is None else new_region
        return f"{START}\n{marked(region, cursor, CURSOR, self._reserved)}\n{END}"


def _excerpt(path: str, view: View, at_file_start: bool) -> str:
    head = f"{START_OF_FILE}\n" if at_file_start else ""
    tagged = f"{view.above}{START}\n{view.region(CURSOR)}\n{END}{view.below}"
    return f"```{path}\n{head}{tagged}\n```"


def _edit(event: BufferChange) -> str:
    renamed = ""
    if event.old_path != event.path:
        renamed = f"User renamed {event.old_path} to {event.path}\n\n"
    if not event.diff:
        return renamed.rstrip("\n")
    return f"{renamed}User edited {event.path}:\n```diff\n{event.diff}\n```"


FORMATS: tuple[Format, ...] = (Zeta1(),)
