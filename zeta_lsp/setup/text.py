"""Edits of text files that leave everything else as it was: marks, line ends, the last line.

A file of any encoding but UTF-8 is not edited. New lines end as most lines of the file do.
"""

import difflib
import re

from zeta_lsp.setup.change import Refused

_BEGIN = ">>> zeta-lsp >>>"
_END = "<<< zeta-lsp <<<"
NOTICE = "written by `zeta-lsp setup`, taken out by `zeta-lsp setup {} --undo`"


def decoded(content: bytes | None, name: str) -> str:
    """A file's text; a byte order mark stays in it.

    Raises:
        Refused: it is not UTF-8.
    """
    try:
        return (content or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{name} is not UTF-8 text") from None


def line_end_of(text: str) -> str:
    r"""``"\r\n"`` if most lines end so, else ``"\n"``."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def fitted(before: str, after: str) -> str:
    """`after` with the lines that are new ending as those of `before` do."""
    if line_end_of(before) == "\n":
        return after
    old, new = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    parts = [
        line if tag == "equal" else re.sub(r"\r?\n\Z", "\r\n", line)
        for tag, _, _, start, end in matcher.get_opcodes()
        for line in new[start:end]
    ]
    return "".join(parts)


def with_block(text: str, body: str, comment: str, editor: str) -> str:
    """`text` with `body` between two marked lines: where they are already, else at the end."""
    block = "\n".join(
        [f"{comment} {_BEGIN}", f"{comment} {NOTICE.format(editor)}", body, f"{comment} {_END}"]
    )
    if match := _block(comment).search(text):
        return fitted(text, f"{text[: match.start()]}{block}{text[match.end() :]}")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return fitted(text, f"{text}{gap}{block}\n")


def without_block(text: str) -> str | None:
    """`text` without the marked lines and the blank one before them; None if they are not there."""
    marked = re.compile(
        rf"(?:(?<=\n)\r?\n|\A)?[^\n]*{_BEGIN}\r?\n(?:.*\n)*?[^\n]*{_END}(?:\r?\n|\Z)"
    )
    found = list(marked.finditer(text))
    if len(found) != 1:
        return None
    return text[: found[0].start()] + text[found[0].end() :]


def _block(comment: str) -> re.Pattern[str]:
    begin, end = (re.escape(f"{comment} {mark}") for mark in (_BEGIN, _END))
    return re.compile(rf"^{begin}\r?\n(?:.*\n)*?{end}(?=\r?$)", re.MULTILINE)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
