"""Mercury: Inception's hosted edit model, asked by chat at ``/v1/edit/completions``.

One user message of three sections: snippets of other files, the current file around the cursor with
the region to edit in it, and the recent edits as unified diffs, the latest last. The service adds
its own instructions and refuses a system message. The answer is the new region inside a fence of
three backticks, or the word ``None``.

Sources: Inception's documentation, "Next edit" (tags, order, empty sections, fenced answer), and
Zed at commit 09adbb01 (``None``). Budgets: 150 estimated tokens editable, as the size of the
region decides the time an answer takes, and 350 around them.

An answer whose fence is not closed is cut off: `needs_end` is True. Code may hold fences itself
(Markdown), so the last one closes the answer, and while it streams only what stands before the
first is certain.
"""

import re
from collections.abc import Iterator

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import MAX_EVENTS, Budget, answer_tokens
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.view import View, ranges_of, view_of
from zeta_lsp.core.prompt import Answer, Message, Prompt, PromptInput, Replacement

EDITABLE_TOKENS = 150
CONTEXT_TOKENS = 350
NOTHING = "None"
CURSOR = "<|cursor|>"
SNIPPETS, SNIPPET = "recently_viewed_code_snippets", "recently_viewed_code_snippet"
FILE, REGION, HISTORY = "current_file_content", "code_to_edit", "edit_diff_history"

_OPEN, _CLOSE = f"<|{REGION}|>", f"<|/{REGION}|>"
_OPENING_FENCE = re.compile(r"```[^\n`]*\n")
_FENCE = re.compile(r"^```", re.MULTILINE)


class Mercury:
    """The format ``mercury``."""

    name = "mercury"
    zed_name: str | None = None
    needs_end = True
    needs_current_file = False
    markers: tuple[str, ...] = (
        CURSOR,
        *(f"<|{tag}|>" for tag in (SNIPPETS, SNIPPET, FILE, REGION, HISTORY)),
        *(f"<|/{tag}|>" for tag in (SNIPPETS, SNIPPET, FILE, REGION, HISTORY)),
    )

    def __init__(self) -> None:
        self._reserved = Reserved(self.markers)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if the current file's section alone exceeds the limit."""
        editable, context = ranges_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS)
        view = view_of(given, editable, context, self._reserved)
        path = self._reserved.hide(given.cursor_path)
        file = _section(FILE, f"current_file_path: {path}\n{_with_region(view)}")
        budget = Budget([file, _section(SNIPPETS, ""), _section(HISTORY, "")])
        if budget.exceeded:
            return None
        edits = budget.take_newest(map(self._edit, given.events[-MAX_EVENTS:]))
        snippets = budget.take(self._snippets(given))
        sections = (
            _section(SNIPPETS, "\n".join(snippets)),
            file,
            _section(HISTORY, "\n".join(edits)),
        )
        text = "\n\n".join(sections)
        return Prompt(
            format=self.name,
            text=text,
            editable=editable,
            context=context,
            max_tokens=answer_tokens(editable[1] - editable[0]),
            messages=(Message("user", text),),
        )

    def _edit(self, event: BufferChange) -> str:
        diff = event.diff.removesuffix("\n")
        return self._reserved.hide(f"--- a/{event.old_path}\n+++ b/{event.path}\n{diff}")

    def _snippets(self, given: PromptInput) -> Iterator[str]:
        excerpts = [(f.path, e) for f in given.related_files or () for e in f.excerpts]
        for path, excerpt in sorted(excerpts, key=lambda pair: pair[1].order):
            text = f"code_snippet_file_path: {path}\n{excerpt.text.removesuffix(chr(10))}"
            yield _section(SNIPPET, self._reserved.hide(text))

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the fenced region.

        Raises:
            UnparsableAnswer: ``no_fence`` (neither a fence nor ``None``) or ``leaked_marker``.
        """
        if output.strip().strip("`").strip() in (NOTHING, ""):
            return Answer(complete=bool(output.strip()))
        opening = _OPENING_FENCE.search(output)
        if not opening:
            raise UnparsableAnswer("no_fence", "the answer is not a fenced block")
        body = output[opening.end() :]
        fences = [match.start() for match in _FENCE.finditer(body)]
        text = self._region(body[: fences[-1]] if fences else body)
        return Answer((Replacement(*prompt.editable, text),), complete=bool(fences))

    def _region(self, body: str) -> str:
        """What stands between fences, without tags of the region that the model repeated."""
        body = body.removesuffix("\n").removeprefix(f"{_OPEN}\n").removesuffix(f"\n{_CLOSE}")
        body = body.replace(CURSOR, "")
        self._reserved.check(body)
        return self._reserved.show(body)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The region up to the last whole row."""
        opening = _OPENING_FENCE.search(output)
        if not opening:
            return None
        body = output[opening.end() :]
        fence = _FENCE.search(body)
        body = body[: fence.start()] if fence else body
        rows = body[: body.rfind("\n") + 1].removeprefix(f"{_OPEN}\n").replace(CURSOR, "")
        text = self._reserved.certain(rows).removesuffix("\n")
        return Replacement(*prompt.editable, self._reserved.show(text))

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The fenced region, or ``None``; a cursor cannot be said in this format."""
        if new_region is None:
            return NOTHING
        return f"```\n{self._reserved.hide(new_region)}\n```"


def _section(tag: str, text: str) -> str:
    return f"<|{tag}|>\n{text}\n<|/{tag}|>"


def _with_region(view: View) -> str:
    return f"{view.above}{_OPEN}\n{view.region(CURSOR)}\n{_CLOSE}{view.below}"


FORMATS: tuple[Format, ...] = (Mercury(),)
