"""What has to be keyed in for a step: small acts from top to bottom, without any slip.

Rows that are added are typed below the row above them. Rows that are changed are edited in place
where the new ones resemble the old; where they do not, the old ones go first. How far a person got
is a number of acts, so a cut inside a step is the same script with an earlier end.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec
from rapidfuzz.fuzz import ratio

from zeta_lsp.core.diff.edits import OffsetEdit, text_edits

KEPT_RATIO = 35
"""A row whose new text resembles it so much (of 100) is edited in place: its rest stays."""

_TOKEN = re.compile(r"(?:\r\n|\n)[ \t]*|[^\W\d]\w*|\d[\w.]*|[ \t]+|\S")
_GAP_CHARS = 3


class Act(msgspec.Struct, frozen=True):
    """At an offset of the text so far, some text goes and a token comes."""

    at: int
    removed: str
    typed: str


class Script(msgspec.Struct, frozen=True):
    """Acts on a text that begins at a column of the row before the step's, or of its first."""

    acts: tuple[Act, ...]
    text: str
    is_below: bool
    """Whether offsets count from the end of the row above."""


def script_of(old: Sequence[str], new: Sequence[str], *, has_row_above: bool) -> Script:
    """The acts that make the new rows of the old ones."""
    before, after = "".join(old), "".join(new)
    if not before and has_row_above and after.endswith("\n"):
        end = "\r\n" if after.endswith("\r\n") else "\n"
        return Script(tuple(_typed(0, end + after[: -len(end)])), "", is_below=True)
    return Script(tuple(_acts(before, after)), before, is_below=False)


def after(script: Script, count: int) -> str:
    """The text after some acts."""
    text = script.text
    for act in script.acts[:count]:
        text = text[: act.at] + act.typed + text[act.at + len(act.removed) :]
    return text


def _acts(old: str, new: str) -> Iterator[Act]:
    if not old:
        yield from _at_top(new)
    elif not new or ratio(old, new) <= KEPT_RATIO:
        yield from _rewritten(old, new)
    else:
        moved = 0
        for edit in _joined(old, text_edits(old, new)):
            yield from _edited(old, edit, moved)
            moved += len(edit.new_text) - (edit.end - edit.start)


def _at_top(new: str) -> Iterator[Act]:
    """Nothing stands above: the row is opened first, then filled."""
    end = next((end for end in ("\r\n", "\n") if new.endswith(end)), "")
    if end:
        yield Act(0, "", end)
    yield from _typed(0, new[: len(new) - len(end)])


def _rewritten(old: str, new: str) -> Iterator[Act]:
    """All goes, but for the last line end if the new text has one too."""
    end = next((end for end in ("\r\n", "\n") if new.endswith(end) and old.endswith(end)), "")
    yield Act(0, old[: len(old) - len(end)], "")
    yield from _typed(0, new[: len(new) - len(end)])


def _edited(old: str, edit: OffsetEdit, moved: int) -> Iterator[Act]:
    """One place; what was selected goes with the first key."""
    at, removed = edit.start + moved, old[edit.start : edit.end]
    acts = list(_typed(at, edit.new_text))
    if not acts:
        yield Act(at, removed, "")
        return
    yield msgspec.structs.replace(acts[0], removed=removed)
    yield from acts[1:]


def _typed(at: int, text: str) -> Iterator[Act]:
    position = 0
    for token in _TOKEN.finditer(text):
        assert token.start() == position, "every character is of some token"
        yield Act(at + position, "", token[0])
        position = token.end()
    assert position == len(text), "every character is of some token"


def _joined(old: str, edits: Sequence[OffsetEdit]) -> list[OffsetEdit]:
    """Edits with next to nothing between them are one: nobody walks past a comma."""
    found: list[OffsetEdit] = []
    for edit in edits:
        last = found[-1] if found else None
        between = old[last.end : edit.start] if last else ""
        if last and len(between) <= _GAP_CHARS and "\n" not in between:
            found[-1] = OffsetEdit(last.start, edit.end, last.new_text + between + edit.new_text)
        else:
            found.append(edit)
    return found
