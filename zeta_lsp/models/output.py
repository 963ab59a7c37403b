"""A model's output while it grows: where it has to stop, and when it is worth another look.

Some servers go on after a stop string, or keep it in the text, or ignore the token limit. So the
text is cut right behind the first stop string, and an output that outgrows its region is given up.

Looking for a finished cluster reads the whole text. It is done when a line is complete and the
text has grown by a share of its length since the last look, so that all looks together cost a
constant number of readings of the final text, however many pieces it comes in.
"""

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.core.text import byte_length

BYTES_MAX = 16 << 10
TIMES_REGION_MAX = 4
BYTES_ALWAYS = 2 << 10
"""What any answer may have: formats add markers, and an insertion replaces nothing."""
GROWTH = 1 / 16


class Output:
    """The output so far, with the prompt's prefill at its beginning."""

    def __init__(self, prompt: Prompt) -> None:
        self.stopped = False
        self._parts = [prompt.prefill]
        self._stops = tuple(filter(None, prompt.stop))
        self._overlap = max(map(len, self._stops), default=1) - 1
        self._tail = ""
        self._left_bytes = _limit_bytes(prompt)
        self._new_line = False
        self._chars = self._looked_at_chars = len(prompt.prefill)

    @property
    def text(self) -> str:
        """All of it."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0]

    def add(self, text: str) -> None:
        """Take another piece; after `stopped` there is nothing more to take.

        Raises:
            UnparsableAnswer: ``answer_too_large``.
        """
        text = self._until_stop(text)
        self._left_bytes -= byte_length(text)
        if self._left_bytes < 0:
            raise UnparsableAnswer("answer_too_large", "the answer outgrew what it replaces")
        self._parts.append(text)
        self._chars += len(text)
        self._new_line |= "\n" in text

    def is_worth_a_look(self) -> bool:
        """Whether reading the text again may show something new; if so, it counts as read."""
        grown = self._chars - self._looked_at_chars
        if not self._new_line or grown < self._looked_at_chars * GROWTH:
            return False
        self._new_line, self._looked_at_chars = False, self._chars
        return True

    def _until_stop(self, text: str) -> str:
        """`text` up to and with the first stop string, which may have begun in earlier pieces."""
        if not self._stops:
            return text
        seen = self._tail + text
        ends = [at + len(stop) for stop in self._stops if (at := seen.find(stop)) >= 0]
        if ends:
            self.stopped = True
            return text[: max(0, min(ends) - len(self._tail))]
        self._tail = seen[max(0, len(seen) - self._overlap) :]
        return text


def _limit_bytes(prompt: Prompt) -> int:
    region_bytes = prompt.editable[1] - prompt.editable[0]
    return min(BYTES_MAX, max(TIMES_REGION_MAX * region_bytes, BYTES_ALWAYS))
