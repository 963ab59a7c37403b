"""The part of a cursor excerpt that a Zeta 2 prompt shows, and where the model may rewrite it.

Zed computes the ranges from the syntax ranges of the input. An input without syntax ranges (None,
as older clients send) carries ready-made `excerpt_ranges`, and those count; only where it has
neither are the ranges computed without a tree.
"""

import msgspec

from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.view import View, ranges_of, view_of
from zeta_lsp.core.prompt import ByteRange, Prompt, PromptInput
from zeta_lsp.core.text import without_surrogates


class Region(msgspec.Struct, frozen=True):
    """What is shown, and the byte ranges in the excerpt that it was cut from."""

    view: View
    editable: ByteRange
    context: ByteRange


def region_of(
    given: PromptInput, editable_tokens: int, context_tokens: int, reserved: Reserved
) -> Region:
    """Cut the excerpt; lone surrogates become U+FFFD, stray offsets move to a character's start."""
    given = _encodable(given)
    ranges = _stored_ranges(given, editable_tokens, context_tokens)
    editable, context = ranges or ranges_of(given, editable_tokens, context_tokens)
    return Region(view_of(given, editable, context, reserved), editable, context)


def rewritten_text(given: PromptInput, prompt: Prompt) -> str:
    """The text of the editable range, as it stands in the document."""
    data = without_surrogates(given.cursor_excerpt).encode()
    return data[slice(*prompt.editable)].decode()


def is_same_region(old: str, new: str) -> bool:
    """Whether two texts of a region differ in nothing but a missing final newline."""
    return _closed(old) == _closed(new)


def shown_rows(given: PromptInput, context: ByteRange) -> tuple[int, int] | None:
    """The rows of the file in the context range, end excluded; None if nobody knows them."""
    if given.excerpt_start_row is None:
        return None
    data = without_surrogates(given.cursor_excerpt).encode()
    start, end = (data.count(b"\n", 0, offset) for offset in context)
    if data[context[1] - 1 : context[1]] != b"\n":
        end += 1
    return given.excerpt_start_row + start, given.excerpt_start_row + end


def _closed(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _encodable(given: PromptInput) -> PromptInput:
    text = without_surrogates(given.cursor_excerpt)
    cursor = _fitted(text.encode(), given.cursor_offset_in_excerpt)
    if cursor == given.cursor_offset_in_excerpt and text == given.cursor_excerpt:
        return given
    return msgspec.structs.replace(given, cursor_excerpt=text, cursor_offset_in_excerpt=cursor)


def _stored_ranges(
    given: PromptInput, editable_tokens: int, context_tokens: int
) -> tuple[ByteRange, ByteRange] | None:
    """The ranges of a client that sent no syntax ranges; the context always holds the region."""
    name = f"editable_{editable_tokens}"
    editable = given.excerpt_ranges.get(name)
    context = given.excerpt_ranges.get(f"{name}_context_{context_tokens}")
    if given.syntax_ranges is not None or editable is None or context is None:
        return None
    data = given.cursor_excerpt.encode()
    start, end = sorted(_fitted(data, offset) for offset in editable)
    first, last = sorted(_fitted(data, offset) for offset in context)
    return (start, end), (min(first, start), max(last, end))


def _fitted(data: bytes, offset: int) -> int:
    """The nearest offset at or before this one that begins a character."""
    offset = min(max(offset, 0), len(data))
    while 0 < offset < len(data) and data[offset] & 0xC0 == 0x80:
        offset -= 1
    return offset
