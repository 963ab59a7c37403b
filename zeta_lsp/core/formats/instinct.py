"""Instinct: Continue's open edit model (``continuedev/instinct``, Qwen2.5-Coder-7B, chat).

A system message, then one user message of three headed sections: context items, the recent edits
as fenced diffs with the latest first, and an excerpt of 25 rows on each side of the cursor, of
which 5 on each side are tagged as editable. The model answers with the new rows and nothing else.

Source: the training code in ``continuedev/instinct`` (``utils/datautils.py``: headings, tags, order
and quoting of paths; ``eval/eval_suite/eval_runner.py``: 25 and 5 rows). Continue's own client has
slightly different headings; the weights were trained on these. Both instructions are in our own
words, as the originals are their authors' prose; they explain the same sections and tags. Servers
that only complete text get the messages in ChatML, Qwen's chat template.

The answer has no end marker of its own, so `needs_end` is False.
"""

from collections.abc import Iterator

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import MAX_EVENTS, Budget, answer_tokens
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.view import View, region_text, rows_around, view_of
from zeta_lsp.core.prompt import Answer, Message, Prompt, PromptInput, Replacement

EDITABLE_ROWS = 5
CONTEXT_ROWS = 25
START = "<|editable_region_start|>"
END = "<|editable_region_end|>"
CURSOR = "<|user_cursor_is_here|>"
CONTEXT_FILE = "<|context_file|>"
SNIPPET = "<|snippet|>"
IM_START, IM_END = "<|im_start|>", "<|im_end|>"

_SYSTEM = f"""\
You are Instinct, a model by Continue that predicts a developer's next edit. You are given:

- "### Context": items from other files of the code base, each a {CONTEXT_FILE} marker with the \
path and a {SNIPPET} marker followed by code. Not every item matters.
- "### User Edits:": the developer's latest changes as unified diffs, the most recent first.
- "### User Excerpt:": the path of the current file and an excerpt of it. Rewrite the part between \
{START} and {END} and nothing else. {CURSOR} shows where the cursor is; do not repeat it.

Work out what the developer is doing, and make the edits that come next: finish what was begun, \
in the style of the code around it. Do not take the last changes back, do not repeat code that \
stands outside the tags, and change nothing if nothing has to change. Answer with the new code \
between the tags, without the tags.
"""
_PREFACE = (
    "Use the excerpt, the edits and the context to see what the developer intends, and rewrite the"
    " editable region with the changes they would make next. Code may be added, changed or deleted."
)


class Instinct:
    """The format ``instinct``."""

    name = "instinct"
    zed_name: str | None = None
    needs_end = False
    needs_current_file = False
    markers: tuple[str, ...] = (START, END, CURSOR, CONTEXT_FILE, SNIPPET, IM_START, IM_END)

    def __init__(self) -> None:
        self._reserved = Reserved(self.markers)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if the excerpt alone exceeds the limit."""
        editable = rows_around(given, EDITABLE_ROWS, EDITABLE_ROWS)
        context = rows_around(given, CONTEXT_ROWS, CONTEXT_ROWS)
        view = view_of(given, editable, context, self._reserved)
        path = self._reserved.hide(given.cursor_path)
        excerpt = f'### User Excerpt:\n"{path}"\n\n{_tagged(view)}'
        budget = Budget([_SYSTEM, _PREFACE, excerpt])
        if budget.exceeded:
            return None
        edits = "".join(budget.take(map(self._edit, given.events[: -MAX_EVENTS - 1 : -1])))
        items = "\n\n\n".join(budget.take(self._items(given)))
        user = f"{_PREFACE}\n\n### Context:\n\n{items}\n\n\n### User Edits:\n\n{edits}{excerpt}"
        return Prompt(
            format=self.name,
            text=_chatml(_SYSTEM, user),
            editable=editable,
            context=context,
            max_tokens=answer_tokens(editable[1] - editable[0]),
            stop=(IM_END,),
            messages=(Message("system", _SYSTEM), Message("user", user)),
        )

    def _edit(self, event: BufferChange) -> str:
        diff = event.diff.removesuffix("\n")
        text = f'User edited file "{event.path}"\n\n```diff\n{diff}\n```\n\n'
        return self._reserved.hide(text)

    def _items(self, given: PromptInput) -> Iterator[str]:
        excerpts = [(f.path, e) for f in given.related_files or () for e in f.excerpts]
        for path, excerpt in sorted(excerpts, key=lambda pair: pair[1].order):
            text = self._reserved.hide(excerpt.text.rstrip("\n"))
            yield f"{CONTEXT_FILE} {self._reserved.hide(path)}\n{SNIPPET}\n{text}"

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the new rows; tags right around them are dropped."""
        body, end, _ = output.partition(IM_END)
        body, tag, _ = _inside(body).partition(END)
        body = body.removesuffix("\n") if tag else body
        body = body.replace(CURSOR, "")
        if not body.strip():
            return Answer(complete=bool(end or tag))
        self._reserved.check(body)
        replacement = Replacement(*prompt.editable, self._reserved.show(body))
        return Answer((replacement,), complete=bool(end or tag))

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The rows without a last newline, which may turn out to belong to an end tag."""
        text = self._reserved.certain(_inside(output).replace(CURSOR, "")).removesuffix("\n")
        return Replacement(*prompt.editable, self._reserved.show(text))

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The rows and the end of the message; a cursor cannot be said in this format."""
        region = region_text(given, prompt.editable) if new_region is None else new_region
        return self._reserved.hide(region) + IM_END


def _tagged(view: View) -> str:
    return f"{view.above}{START}\n{view.region(CURSOR)}\n{END}{view.below}"


def _inside(output: str) -> str:
    return output.removeprefix(START).removeprefix("\n") if output.startswith(START) else output


def _chatml(system: str, user: str) -> str:
    turns = f"{IM_START}system\n{system}{IM_END}\n{IM_START}user\n{user}{IM_END}\n"
    return f"{turns}{IM_START}assistant\n"


FORMATS: tuple[Format, ...] = (Instinct(),)
