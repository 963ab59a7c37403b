"""Answers that name, by two tags, which blocks of a region they rewrite.

``<|marker_2|>NEW TEXT<|marker_3|>`` replaces everything between the borders 2 and 3; tags in
between are dropped, text outside them is ignored, and the same tag twice means no edit. `zeta2.1`
and `zeta-v0420` share this part.

What Zed does is kept for every answer that a model gives as trained. Beyond that:

* Tags on lines of their own, as the model card of zeta-2.1 prints them, are understood: where every
  tag is followed by a newline, one newline after each is the tag's.
* Text that ends at a border inside the region gets a final newline where a server trimmed it, so
  that two lines never become one.
* An answer that goes on behind its last tag without the format's end token was cut off: not
  `complete`.
* Only the first cursor mark is one, but all are removed; a marker that is left over refuses the
  answer, and marker text of the user's own comes back as it was (`reserved`).
* ``NO_EDITS`` alone, which related models answer, means no edit.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.cursor_mark import CURSOR, without_mark
from zeta_lsp.core.formats.markers import TAG, marker_offsets
from zeta_lsp.core.formats.region import is_same_region, rewritten_text
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.seed import END_OF_SENTENCE
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import byte_length, without_surrogates

_NO_EDITS = "NO_EDITS"


class SpanAnswers:
    """Reads answers about a region whose markers stand where `marker_offsets` puts them."""

    def __init__(self, reserved: ReservedLines) -> None:
        self._reserved = reserved

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read a finished output.

        Raises:
            UnparsableAnswer: ``no_markers``, ``unclosed_span``, ``marker_out_of_range``,
                ``markers_reversed`` or ``leaked_marker``.
        """
        if output.partition(END_OF_SENTENCE)[0].strip() == _NO_EDITS:
            return Answer()
        old = rewritten_text(given, prompt)
        offsets = marker_offsets(old)
        span = _span_of(without_surrogates(output))
        start, end = span.within(offsets)
        if span.first == span.last:
            return Answer(complete=span.complete)
        text, cursor = without_mark("".join(span.bodies(old[start:end])), self._reserved)
        if end < len(old) and text and not text.endswith("\n"):
            text += "\n"
        if is_same_region(old[start:end], text):
            return Answer(complete=span.complete)
        return Answer((_replacement(old, start, end, text, prompt),), cursor, span.complete)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The text behind the first tag, up to the last whole line or whole tag."""
        opened = TAG.search(output)
        if opened is None:
            return None
        text = self._reserved.show(self._certain(without_surrogates(output[opened.end() :])))
        old = rewritten_text(given, prompt)
        offsets = marker_offsets(old)
        number = int(opened[1])
        if not text or not 0 < number < len(offsets):
            return None
        return _replacement(old, offsets[number - 1], len(old), text, prompt)

    def _certain(self, body: str) -> str:
        """What a growing text behind its first tag says for sure.

        A newline at its beginning may be the tag's own, and white space behind a later tag may
        belong to nothing.
        """
        if body.startswith("\n"):
            return ""
        *closed, rest = TAG.split(body)[::2]
        rest = rest[: rest.rfind("\n") + 1]
        text = "".join(closed) + (rest if rest.strip() or not closed else "")
        text = text.replace(CURSOR, "")
        return text[: self._reserved.first_in(text)]


class _Span(msgspec.Struct, frozen=True):
    """The first and the last tag's numbers, the texts between tags, and what came after them."""

    first: int
    last: int
    blocks: list[str]
    rest: str
    complete: bool

    def within(self, offsets: Sequence[int]) -> tuple[int, int]:
        """Where the span's borders lie in a region."""
        if not (0 < self.first <= len(offsets) and 0 < self.last <= len(offsets)):
            raise UnparsableAnswer("marker_out_of_range", "the answer names an unknown block")
        start, end = offsets[self.first - 1], offsets[self.last - 1]
        if start > end:
            raise UnparsableAnswer("markers_reversed", "the answer ends before it begins")
        return start, end

    def bodies(self, old: str) -> list[str]:
        """The texts between tags, without newlines that belong to the tags."""
        blocks = self.blocks
        lined = all(text.startswith("\n") for text in (*blocks, self.rest))
        if not lined or (old.startswith("\n") and not blocks[0].startswith("\n\n")):
            return blocks
        return [block.removeprefix("\n") for block in blocks]


def _span_of(output: str) -> _Span:
    text, end, _ = output.partition(END_OF_SENTENCE)
    parts = TAG.split(text)
    numbers, blocks, rest = parts[1::2], parts[2:-1:2], parts[-1]
    if not numbers:
        raise UnparsableAnswer("no_markers", "the answer names no block")
    if len(numbers) == 1:
        raise UnparsableAnswer("unclosed_span", "the answer ends before its block does")
    complete = bool(end) or END_OF_SENTENCE.startswith(rest.strip())
    return _Span(int(numbers[0]), int(numbers[-1]), blocks, rest, complete)


def _replacement(old: str, start: int, end: int, text: str, prompt: Prompt) -> Replacement:
    """A replacement of ``[start, end)`` of the region, given in code points."""
    first = prompt.editable[0] + byte_length(old[:start])
    return Replacement(first, first + byte_length(old[start:end]), text)
