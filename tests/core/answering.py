"""Replies of models, for tests of what is done with them."""

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats import get
from zeta_lsp.core.guard import all_hits, guard
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, RelatedFile, Replacement
from zeta_lsp.core.text import byte_length
from zeta_lsp.core.unified import unified_diff

PATH = "p/a.py"


class Case:
    """A text whose rows ``[first, end)`` a model may rewrite, and what it answers."""

    def __init__(
        self, text: str, first: int = 0, end: int | None = None, fmt: str | None = "zeta2"
    ):
        lines = text.splitlines(keepends=True)
        end = len(lines) if end is None else end
        start_bytes = byte_length("".join(lines[:first]))
        region = "".join(lines[first:end]).removesuffix("\n")
        self.text = text
        self.editable = (start_bytes, start_bytes + byte_length(region))
        self.fmt = fmt
        self.start_row = 0
        self.path = PATH
        self.events: tuple[BufferChange, ...] = ()
        self.related: tuple[RelatedFile, ...] | None = None
        self.complete = True
        self.partial = False
        self.finish = Finish.STOP

    def after(self, before: str, *, predicted: bool = False) -> "Case":
        """The text came about by editing `before`."""
        diff = unified_diff(before.splitlines(), self.text.splitlines(), self.start_row)
        self.events = (*self.events, BufferChange(PATH, PATH, diff, predicted))
        return self

    @property
    def given(self) -> PromptInput:
        return PromptInput(
            self.path, self.text, 0, self.start_row, events=self.events, related_files=self.related
        )

    def reply(self, *replacements: Replacement) -> Reply:
        prompt = None
        if self.fmt is not None:
            whole = (0, byte_length(self.text))
            prompt = Prompt(self.fmt, "", self.editable, whole, 500)
        answer = Answer(tuple(replacements), complete=self.complete)
        return Reply(answer, prompt, self.finish, "m", partial=self.partial)

    def rewritten(self, new: str) -> Reply:
        """The answer that the editable range becomes `new`."""
        return self.reply(Replacement(*self.editable, new))

    def hit(self, answer: str | Reply) -> str | None:
        """The name of the first fault of an answer."""
        reply = self.rewritten(answer) if isinstance(answer, str) else answer
        found = guard(reply, self.given, get(self.fmt) if self.fmt else None)
        return found.name if found is not None else None

    def hits(self, answer: str | Reply) -> list[str]:
        """The names of all faults of an answer."""
        reply = self.rewritten(answer) if isinstance(answer, str) else answer
        found = all_hits(reply, self.given, get(self.fmt) if self.fmt else None)
        return [one.name for one in found]
