"""The mark that stands for the cursor in Zed's formats, in prompts and in answers."""

from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.text import byte_length

CURSOR = "<|user_cursor|>"


def without_mark(body: str, reserved: ReservedLines) -> tuple[str, int | None]:
    """Text of an answer as it belongs into a document, and the byte offset of the cursor in it.

    Only the first mark is the cursor; none stays.

    Raises:
        UnparsableAnswer: another marker stands in the text.
    """
    before, mark, _ = body.partition(CURSOR)
    body = body.replace(CURSOR, "")
    reserved.check(body)
    text, at = reserved.show_at(body, len(before))
    return text, byte_length(text[:at]) if mark else None
