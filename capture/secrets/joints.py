"""Puts together strings that a program puts together, so that a key cut in two is found.

A joint is what stands between two pieces: quotes with operators, space or a line break between
them, a backslash at the end of a line, or the sign after a name whose value is on the next line.
"""

import re
from collections.abc import Iterator, Sequence

MAX_RUN_ROWS = 40
_EDGE_CHARS = 160
_JOINT = re.compile(
    r"(?<![\"'`])[\"'`][ \t+.&~|\\<>\n\r-]{1,120}[rbfuRBFU]{0,2}[\"'`](?![\"'`])"
    r"|\\[ \t]{0,8}\r?\n[ \t+-]{0,120}"
)
_DANGLING = re.compile(
    r"(?:pass|pwd|secret|token|key|credential|auth)[\w.-]{0,40}(?:[\"'`\]]{0,2}\s{0,8}(?:[:=]{1,2}|=>)"
    r"\s{0,8}[|>(\\]?[-+]?|\(|>)\s{0,8}$",
    re.IGNORECASE,
)
_LAST_CHARS = frozenset("\"'`\\+.&~|<>-(:=")


def is_joined(line: str, following: str) -> bool:
    """Whether a line goes on in the following one."""
    end = line[-_EDGE_CHARS:].rstrip()
    if not end or end[-1] not in _LAST_CHARS:
        return False
    if _DANGLING.search(end):
        return True
    pair = f"{line[-_EDGE_CHARS:]}\n{following[:_EDGE_CHARS]}"
    border = pair.index("\n")
    return any(match.start() <= border < match.end() for match in _JOINT.finditer(pair))


def has_joint(line: str) -> bool:
    """Whether pieces are put together within a line."""
    return _JOINT.search(line) is not None


def slices(text: str, most_chars: int) -> Iterator[str]:
    """A text in parts that overlap by a quarter, so that no key is cut where it cannot be seen."""
    for start in range(0, max(1, len(text) - most_chars // 4), most_chars * 3 // 4):
        yield text[start : start + most_chars]


def joined(lines: Sequence[str]) -> str:
    """The lines as one, without what stands between the pieces."""
    text = lines[0]
    for line in lines[1:]:
        if _DANGLING.search(text[-_EDGE_CHARS:]):
            text = re.sub(r"[|>(\\]?[-+]?\s{0,8}$", "", text.rstrip()) + " " + line.strip()
        else:
            text = f"{text}\n{line}"
    return _JOINT.sub("", text).replace("\n", " ")
