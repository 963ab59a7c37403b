"""One answer on its way: its beginning, where a client streams, and then all of it.

A predictor gives the first finished edit before the model has written the rest. In formats whose
answers are the whole region, the rows down to that edit are certain then and go out at once. What
was sent cannot be taken back, so the end must follow from it: where the whole answer is refused, or
the endpoint fails in the middle, the rest of the region stays as it was.
"""

import msgspec

from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.replacement import shared_tail
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.writing import Region, Silence, region_of, written

WHOLE_REGION = frozenset({"zeta2", "zeta1", "zeta-v0131", "sweep"})
"""Formats whose answer is the region from its first row on."""


class Answering:
    """What is known of one answer so far. `begun` is what the client has of it."""

    def __init__(self, read: ReadPrompt) -> None:
        self.begun = ""
        self._read = read
        self._first = ""

    def begin(self, reply: Reply, given: PromptInput) -> str:
        """The beginning of the answer that a partial reply makes certain; empty if none is."""
        region = region_of(reply, given, self._read)
        if self._read.form.name not in WHOLE_REGION or isinstance(region, Silence):
            return ""
        region = Region(region.text)  # a cursor may still be put anywhere
        text = written(region, self._read)
        if isinstance(text, Silence):
            return ""
        sure = _changed_rows(self._old_region, region.text)
        self._first, self.begun = text, text[: text.find(sure) + len(sure)]
        return self.begun

    def end(self, reply: Reply, given: PromptInput) -> str | Silence:
        """The whole answer."""
        region = region_of(reply, given, self._read)
        if isinstance(region, Silence):
            return self.broken_off(region)
        for choice in (region, msgspec.structs.replace(region, cursor=None)):
            text = written(choice, self._read)
            if isinstance(text, Silence):
                return self.broken_off(text)
            if text.startswith(self.begun):
                return text
        return self._first

    def broken_off(self, why: Silence) -> str | Silence:
        """The whole answer where nothing more comes, or nothing that may be proposed."""
        return self._first if self.begun else why

    @property
    def _old_region(self) -> str:
        start, end = self._read.prompt.editable
        return self._read.given.cursor_excerpt.encode()[start:end].decode()


def _changed_rows(old: str, new: str) -> str:
    """The rows of a new text down to the last one that is not an old one's."""
    end = len(new) - shared_tail(old, new)
    return new[: new.find("\n", end) + 1]
