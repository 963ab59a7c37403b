"""What a format shows of the cursor excerpt: context, editable region and cursor, as text."""

from itertools import accumulate, pairwise

import msgspec

from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.prompt import ByteRange, PromptInput
from zeta_lsp.core.ranges import editable_and_context


class View(msgspec.Struct, frozen=True):
    """The context, cut at the editable region and at the cursor; reserved strings are hidden.

    ``above + before + after + below`` is the context, ``before + after`` the editable region and
    the cursor stands between those two.
    """

    above: str
    before: str
    after: str
    below: str

    def region(self, cursor: str = "") -> str:
        """The editable region, with a mark at the cursor."""
        return self.before + cursor + self.after


def view_of(
    given: PromptInput, editable: ByteRange, context: ByteRange, reserved: Reserved
) -> View:
    """Cut the excerpt; the cursor must be in the editable range."""
    data, cursor = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
    cuts = (context[0], editable[0], cursor, editable[1], context[1])
    parts = [data[start:end].decode() for start, end in pairwise(cuts)]
    text = "".join(parts)
    ends = [0, *accumulate(map(len, parts))]
    text, ends = reserved.hide_at(text, ends)
    return View(*(text[start:end] for start, end in pairwise(ends)))


def ranges_of(
    given: PromptInput, editable_tokens: int, context_tokens: int
) -> tuple[ByteRange, ByteRange]:
    """The editable and the context range by Zed's rule, for formats that follow it."""
    return editable_and_context(
        given.cursor_excerpt,
        given.cursor_offset_in_excerpt,
        given.syntax_ranges or (),
        editable_tokens,
        context_tokens,
    )


def rows_around(given: PromptInput, above: int, below: int) -> ByteRange:
    """So many rows above and below the cursor's, in bytes, without the last newline."""
    data, cursor = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
    start = data.rfind(b"\n", 0, cursor)
    for _ in range(above):
        start = data.rfind(b"\n", 0, max(start, 0))
    end = data.find(b"\n", cursor)
    for _ in range(below):
        end = data.find(b"\n", end + 1) if end >= 0 else end
    return start + 1, len(data) if end < 0 else end


def region_text(given: PromptInput, editable: ByteRange) -> str:
    """The editable region as it stands in the document."""
    return given.cursor_excerpt.encode()[slice(*editable)].decode()


def marked(text: str, cursor: int | None, mark: str, reserved: Reserved) -> str:
    """Hidden text with a mark at a byte offset of the text as it was, if there is one."""
    if cursor is None:
        return reserved.hide(text)
    hidden, (at,) = reserved.hide_at(text, [len(text.encode()[:cursor].decode())])
    return hidden[:at] + mark + hidden[at:]
