"""Positions, line ends and sizes of text.

A document is a list of lines that keep their terminators. Only ``\\n``, ``\\r\\n`` and ``\\r``
end a line (LSP 3.17, "Text Documents"); form feeds, NEL and U+2028 are ordinary characters,
which is why `str.splitlines` is never used in this project.

Inside the project a column counts Unicode code points of the line. Editors count in the
negotiated encoding; `index_of_units` and `units_of_index` translate, strictly: a column past
the end of the line or inside a character raises `PositionError` instead of being moved.

Sizes sent to models are estimated tokens: UTF-8 bytes divided by 3, floored (Zed's rule).
"""

import enum
import re

from zeta_lsp.core.errors import PositionError

_LINE_END = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
BYTES_PER_TOKEN = 3


class Encoding(enum.StrEnum):
    """What one unit of an editor's column is (LSP `positionEncoding`)."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def split_lines(text: str) -> list[str]:
    """Cut text into lines that keep their terminators; the last one has none and may be empty.

    ``"".join(split_lines(text)) == text`` always holds, and a text always has at least one line.
    """
    if "\r" not in text:
        parts = text.split("\n")
        last = parts.pop()
        lines = [part + "\n" for part in parts]
        lines.append(last)
        return lines
    lines, start = [], 0
    for match in _LINE_END.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    lines.append(text[start:])
    return lines


def line_length(line: str) -> int:
    """Code points of a line without its terminator."""
    if line.endswith("\r\n"):
        return len(line) - 2
    if line.endswith(("\n", "\r")):
        return len(line) - 1
    return len(line)


def index_of_units(line: str, units: int, encoding: Encoding) -> int:
    """Code-point index of an editor's column in `line`.

    Raises:
        PositionError: the column is negative (``negative_position``), past the end of the line,
            where its terminator does not count (``range_past_end``), or inside a character
            (``position_inside_character``).
    """
    if units < 0:
        raise PositionError("negative column", "negative_position")
    if encoding is Encoding.UTF32 or line.isascii():
        index = units
    elif encoding is Encoding.UTF16:
        index = _index_of_utf16(line, units)
    else:
        index = _index_of_utf8(line, units)
    if index > line_length(line):
        raise PositionError("column past the end of the line", "range_past_end")
    return index


def _index_of_utf16(line: str, units: int) -> int:
    index = units
    for astral in _ASTRAL.finditer(line):
        start = astral.start()
        if start >= index:
            break
        if start == index - 1:
            raise PositionError("column inside a character", "position_inside_character")
        index -= 1
    return index


def _index_of_utf8(line: str, units: int) -> int:
    data = line.encode("utf-8", "surrogatepass")
    if units < len(data) and data[units] & 0xC0 == 0x80:
        raise PositionError("column inside a character", "position_inside_character")
    past_end = max(0, units - len(data))
    return len(data[:units].decode("utf-8", "surrogatepass")) + past_end


def units_of_index(line: str, index: int, encoding: Encoding) -> int:
    """An editor's column for a code-point index in `line`."""
    if encoding is Encoding.UTF32 or line.isascii():
        return index
    if encoding is Encoding.UTF8:
        return byte_length(line[:index])
    return index + len(_ASTRAL.findall(line, 0, index))


def byte_length(text: str) -> int:
    """UTF-8 bytes of text. A lone surrogate counts 3, as its replacement U+FFFD does."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def estimate_tokens(size_bytes: int) -> int:
    """Estimated tokens of `size_bytes` bytes of UTF-8."""
    return size_bytes // BYTES_PER_TOKEN


def line_tokens(line: str) -> int:
    """Estimated tokens of one line without its terminator, at least 1."""
    size = len(line) if line.isascii() else byte_length(line)
    size -= len(line) - line_length(line)
    return max(1, size // BYTES_PER_TOKEN)


def without_surrogates(text: str) -> str:
    """Text that can be encoded: lone surrogates become U+FFFD, one code point each as before."""
    if text.isascii():
        return text
    try:
        text.encode()  # several times faster than the search that is hardly ever needed
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
