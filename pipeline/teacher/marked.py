"""The region in marked form: how a teacher is shown it, and how its answers are read back.

    <|editable_region_start|>
    rows of the region, with <|user_cursor|> at the cursor
    <|editable_region_end|>

Each mark of the region has a row of its own, and its newlines are not part of the region. Code may
hold the same strings; they are hidden before it is shown and restored in what comes back, as in
every prompt format (`core.formats.reserved`). A mark that then still stands in an answer is the
model's own, and the answer is refused.
"""

import re

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.cursor_mark import CURSOR, without_mark
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.prompt import Answer, ByteRange, Replacement

START = "<|editable_region_start|>"
END = "<|editable_region_end|>"
NO_EDITS = "NO_EDITS"
KEEP_PREVIOUS = "KEEP_PREVIOUS"

RESERVED = ReservedLines((START, END, CURSOR))
_RUN = re.compile("`{3,}")
_THOUGHTS_END = "</think>"


def marked(region: str, cursor: int | None = None) -> str:
    """A region between its marks; `cursor` is a byte offset in it."""
    hidden = RESERVED.hide(region)
    if cursor is not None:
        before = region.encode()[:cursor].decode(errors="ignore")
        hidden, (at,) = RESERVED.hide_at(region, [len(before)])
        hidden = hidden[:at] + CURSOR + hidden[at:]
    return f"{START}\n{hidden}\n{END}"


def fenced(text: str, word: str = "") -> str:
    """A code block that the text cannot end, whatever it holds."""
    longest = max(map(len, _RUN.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{word}\n{text}\n{fence}"


def region_answer(output: str, editable: ByteRange) -> Answer:
    """Read a teacher's answer: the last marked region, or that nothing is to be changed.

    Raises:
        UnparsableAnswer: ``no_region``, ``answer_cut_short`` or ``leaked_marker``.
    """
    said = output.rpartition(_THOUGHTS_END)[2]
    at = said.rfind(START)
    body, end, rest = said[at + len(START) :].partition(END)
    if says(NO_EDITS, rest if at >= 0 else said):
        return Answer()
    if at < 0:
        raise UnparsableAnswer("no_region", "the answer has no marked region")
    if not end:
        raise UnparsableAnswer("answer_cut_short", "the answer ended before its region did")
    text, cursor = without_mark(body.removeprefix("\n").removesuffix("\n"), RESERVED)
    return Answer((Replacement(*editable, text),), cursor)


def says(word: str, text: str) -> bool:
    """Whether a text has a row of that word alone, dressed up or not."""
    dress = r"(?:[^\w\n]|_)*"
    return re.search(rf"^{dress}{word}{dress}$", text, re.MULTILINE) is not None
