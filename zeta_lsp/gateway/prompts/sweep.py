"""Prompts in the format `sweep`: the same rows before and after the latest change.

The format has no cursor. Where the two differ last is where the person is; without a difference it
is the middle of the window, which is made around the cursor.
"""

import re
from collections.abc import Sequence

from zeta_lsp.core import formats
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.sweep import FILE_SEP
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.replacement import shared_head, shared_tail
from zeta_lsp.gateway.prompts.reading import (
    Cut,
    ReadPrompt,
    blocks_in,
    read_prompt,
    reserved_for,
    with_sections,
)

_HEADING = re.compile(re.escape(FILE_SEP))
_ORIGINAL, _CURRENT, _UPDATED, _DIFF = "original/", "current/", "updated/", ".diff"
_CURSOR = "<|cursor|>"
_SIDES = re.compile(r"original:\n(.*?)\n?updated:\n(.*)", re.DOTALL)


def read_sweep(text: str) -> ReadPrompt | None:
    """Read a prompt in this format; None if it is none."""
    if not text.startswith(FILE_SEP):
        return None
    *blocks, (last, rest) = blocks_in(text, _HEADING)
    titles = [title.partition("/")[0] + "/" for title, _ in blocks[-2:]]
    if titles != [_ORIGINAL, _CURRENT] or not last.startswith(_UPDATED) or rest:
        return None
    form = formats.get("sweep")
    reserved = reserved_for(form.markers)
    contents = [(reserved.show(title), _joined(reserved.show(body))) for title, body in blocks]
    *others, (_, original), (title, current) = contents
    given = with_sections(
        _cut(original, current).as_input(title.removeprefix(_CURRENT)),
        _events(others),
        [_file(path, body) for path, body in others if not path.endswith(_DIFF)],
    )
    return read_prompt(form, text, given, hides=reserved.show(text) != text)


def _joined(body: str) -> str:
    """A section without the newline that joins it to the next."""
    return body.removesuffix("\n")


def _cut(original: str, current: str) -> Cut:
    before, mark, after = current.partition(_CURSOR)
    if mark:
        return Cut("", before, after, "")
    at = _place(original, current)
    return Cut("", current[:at], current[at:], "")


def _place(original: str, current: str) -> int:
    if original == current:
        rows = current.split("\n")
        return len("\n".join(rows[: len(rows) // 2 + 1]))
    head = shared_head(original, current)
    return len(current) - shared_tail(original[head:], current[head:])


def _events(blocks: Sequence[tuple[str, str]]) -> list[BufferChange]:
    events = []
    for title, body in blocks:
        sides = _SIDES.fullmatch(body)
        if title.endswith(_DIFF) and sides:
            path = title.removesuffix(_DIFF)
            events.append(BufferChange(path, path, _diff(*sides.groups())))
    return events


def _diff(old: str, new: str) -> str:
    rows = [side.split("\n") if side else [] for side in (old, new)]
    header = f"@@ -1,{len(rows[0])} +1,{len(rows[1])} @@\n"
    signed = (f"{sign}{row}\n" for sign, side in zip("-+", rows, strict=True) for row in side)
    return header + "".join(signed)


def _file(path: str, body: str) -> RelatedFile:
    rows = body.count("\n") + 1
    return RelatedFile(path, rows, (RelatedExcerpt((0, rows), body + "\n"),))
