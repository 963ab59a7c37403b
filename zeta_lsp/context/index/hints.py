"""The type of a variable, guessed from how the text around it writes it.

Annotations (``x: Shop``, ``Shop x``, ``x *Shop``), constructor calls (``x = Shop(…)``,
``x := &Shop{…}``, ``new Shop``) and checks (``isinstance(x, Shop)``, ``x instanceof Shop``,
``y.(*Shop)``) are found row by row, from the place upwards, then everywhere in the file. What else
a variable is given (``x = a.b()``, ``for x in a.b``) is handed on as text.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zeta_lsp.context.index.words import words

MAX_ROWS = 400
MAX_LINE_CHARS = 400
_WRAPPERS = words(
    "Optional Final Annotated ClassVar Type type Option Box Rc Arc RefCell Cell Mutex RwLock "
    "Promise Awaitable Readonly Partial Required unique_ptr shared_ptr weak_ptr std const mut "
    "dyn ref final readonly private public protected static volatile struct class enum union "
    "var val let auto lateinit override internal open unsigned signed None null undefined"
)
"""Words around a type that are not the type that has the members."""
_KEYWORDS = words(
    "return await yield new in not and or if else elif while for case throw raise delete "
    "typeof instanceof is as import from package goto using namespace export default def fn func "
    "fun function assert del print with match switch except catch lambda async"
)
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_GO_TYPE = r"(?:map\[[\w.*]*\]|[*&\[\]]|chan )*"
"""What stands before the name of a type in Go."""
_TYPE_SWITCH = re.compile(r"\bswitch\s+(\w+)\s*:=\s*.*\.\(type\)")
_CASE = re.compile(r"\s*case\s+([^:]+):\s*$")


def type_names(name: str, lines: Sequence[str], row: int, first_row: int = 0) -> Iterator[str]:
    """Types that the rows ``[first_row, row]`` give a variable or field, the nearest row first."""
    patterns = _patterns(name)
    for index in range(min(row, len(lines) - 1), max(first_row, row - MAX_ROWS) - 1, -1):
        line = lines[index]
        if name in line and len(line) <= MAX_LINE_CHARS:
            yield from _in_line(patterns, line)


class Clue(NamedTuple):
    """What a row says of a variable: types, or the text of the value that it is given.

    In a `switch` over types, the case says which type it is.
    """

    row: int
    types: tuple[str, ...]
    value: str
    is_switch: bool


def clues(name: str, lines: Sequence[str]) -> list[Clue]:
    """All rows of a text that say something of a variable, from the last to the first."""
    patterns, values = _patterns(name), _value_patterns(name)
    found = []
    for row in range(len(lines) - 1, -1, -1):
        line = lines[row]
        if name not in line or len(line) > MAX_LINE_CHARS or not _may_say(name, line):
            continue
        switch = _TYPE_SWITCH.search(line)
        types = tuple(_in_line(patterns, line))
        value = next((match[1] for one in values if (match := one.search(line))), "")
        if types or value:
            found.append(Clue(row, types, value, switch is not None and switch[1] == name))
    return found


def _may_say(name: str, line: str) -> bool:
    """Whether a row does more with a name than to look into it: far cheaper than a pattern."""
    at = line.find(name)
    while at >= 0:
        end = at + len(name)
        after = line[end : end + 1]
        if after not in (".", "[") and not (_is_of_word(line[at - 1 : at]) or _is_of_word(after)):
            return True
        at = line.find(name, end)
    return False


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char in ("_", "$")


def case_types(lines: Sequence[str], switch_row: int, row: int) -> Iterator[str]:
    """The types of the case of a switch over types that a row is in (Go)."""
    for index in range(min(row, len(lines) - 1), switch_row, -1):
        case = _CASE.match(lines[index])
        if case is not None:
            return _words(case[1])
    return iter(())


def declared_type(name: str, line: str) -> Iterator[str]:
    """Types that the row in which a field is declared gives it."""
    if len(line) <= MAX_LINE_CHARS:
        yield from _in_line(_patterns(name), line)


def returned_type(head: str) -> Iterator[str]:
    """Types that the head of a function says it returns."""
    head = head[: 4 * MAX_LINE_CHARS]
    after = head[head.rfind(")") + 1 :].strip()
    if not after and ") (" in head:  # Go: several results
        after = head[head.rfind(") (") + 2 :]
    for text in (after, head[: head.find("(")]):
        yield from (word for word in _words(text) if word[0].isupper())


def bases(head: str) -> Iterator[str]:
    """The types that the head of a class names after its own name: what it may inherit from."""
    words = list(_words(head[: 4 * MAX_LINE_CHARS]))
    marks = [index for index, word in enumerate(words) if word in ("class", "interface", "trait")]
    start = marks[0] + 2 if marks else 1
    skipped = ("extends", "implements", "with", "metaclass", "public", "private", "protected")
    yield from (word for word in words[start:] if word not in skipped)


@functools.lru_cache(maxsize=1024)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    word = rf"(?<![\w$.]){re.escape(name)}(?![\w$])"
    field = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
    return (
        re.compile(
            rf"{field}\s?[?!]?\s?:(?![:=])\s?((?:\[[^\]]*\]|<[^<>]*>|[^=,;){{])+)"
        ),  # x: Shop
        re.compile(
            rf"{field}\s?:?=\s?(?:await )?(?:new )?(?:make\()?{_GO_TYPE}([A-Za-z_][\w.:]*)"
            r"\s?(?:<[\w, ]*>)?[({,)]"
        ),
        re.compile(rf"([A-Za-z_][\w.:]*(?:<[\w, .<>?]*>)?)[ \t*&]+{word}\s?[=;,(){{]"),  # Shop x
        re.compile(rf"{word}\s+{_GO_TYPE}([A-Za-z_][\w.]*)"),  # x *Shop
        re.compile(rf"\bisinstance\(\s*{word},\s*\(?([A-Za-z_][\w., ]*)"),
        re.compile(rf"{word}\s+instanceof\s+([A-Za-z_][\w.]*)"),
        re.compile(rf"{word}(?:\s*,\s*\w+)?\s*:?=.*\.\([*\[\]]*([A-Za-z_][\w.]*)\)"),  # y.(*Shop)
        re.compile(rf"{word}\s*=.*\bas\s+([A-Za-z_][\w.]*)\s*[;,]?$"),
    )


@functools.lru_cache(maxsize=1024)
def _value_patterns(name: str) -> tuple[re.Pattern[str], ...]:
    word = rf"(?<![\w$.]){re.escape(name)}(?![\w$])"
    return (
        re.compile(rf"\bfor\b.*?{word}\)?\s*:?=\s*range\s+(.+)"),
        re.compile(rf"\bfor\b.*?{word}\)?\s+(?:in|of)\s+(?:enumerate\()?(.+)"),
        re.compile(rf"\b(?:Some|Ok)\(\s*(?:mut\s+|ref\s+)?{word}\s*\)\s*=\s*(.+)"),
        re.compile(rf"\bwith\s+(.+?)\s+as\s+{word}"),
        re.compile(
            rf"([\w$.()\[\]?!]+)\.\w+\(\s*(?:async\s+)?"  # items.map(x => …, .map(|x| …
            rf"(?:\|\s*&?{word}|\(?{word}\s*(?:[:,)][^=]*)?=>)"
        ),
        re.compile(rf"{word}(?:\s*,\s*[\w$]+)*\s*(?::=|=(?![=>~]))\s*(.+)"),
    )


def _in_line(patterns: Sequence[re.Pattern[str]], line: str) -> Iterator[str]:
    for pattern in patterns:
        match = pattern.search(line)
        if match is not None:
            yield from _words(match[1].replace("::", "."))


def _words(text: str) -> Iterator[str]:
    """The words of a type that may be the one with the members."""
    for word in _WORD.findall(text):
        last = word.rpartition(".")[2]
        if last and last not in _WRAPPERS and word not in _KEYWORDS:
            yield word
