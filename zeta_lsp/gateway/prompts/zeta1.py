"""Prompts in the format `zeta1`: an instruction, fenced diffs, and a tagged excerpt.

Clients differ in blank lines, quote paths, and put sections of their own between edits and excerpt;
those are passed over.
"""

import re
from collections.abc import Iterator

import msgspec

from zeta_lsp.core import formats
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.zeta1 import CURSOR, END, START, START_OF_FILE
from zeta_lsp.gateway.prompts.reading import (
    Cut,
    ReadPrompt,
    read_prompt,
    reserved_for,
    with_sections,
)

_PROMPT = re.compile(
    r"\A### Instruction:\n.*?^### User Edits:\n(?P<edits>.*)"
    r"^### User Excerpt:\n+```(?P<path>[^\n]*)\n(?P<excerpt>.*)\n```\n+### Response:\s*\Z",
    re.DOTALL | re.MULTILINE,
)
_EXCERPT = re.compile(
    rf"(?P<start>{re.escape(START_OF_FILE)}\n)?(?P<above>.*){re.escape(START)}\n"
    rf"(?P<before>.*){re.escape(CURSOR)}(?P<after>.*)\n{re.escape(END)}(?P<below>.*)",
    re.DOTALL,
)
_EDIT = re.compile(
    r"(?:^User renamed (?P<old>[^\n]*) to (?P<renamed>[^\n]*)\n\n)?"
    r'^User edited (?P<quote>"?)(?P<path>[^\n]*)(?P=quote):\n```diff\n(?P<diff>.*?)\n```$',
    re.DOTALL | re.MULTILINE,
)


def read_zeta1(text: str) -> ReadPrompt | None:
    """Read a prompt in this format; None if it is none."""
    found = _PROMPT.match(text)
    excerpt = found and _EXCERPT.fullmatch(found["excerpt"])
    if not found or not excerpt:
        return None
    form = formats.get("zeta1")
    reserved = reserved_for(form.markers)
    cut = Cut(excerpt["above"], excerpt["before"], excerpt["after"], excerpt["below"])
    given = cut.shown(reserved).as_input(reserved.show(found["path"]))
    if excerpt["start"]:
        given = msgspec.structs.replace(given, excerpt_start_row=0)
    given = with_sections(given, list(_events(reserved.show(found["edits"]))), ())
    return read_prompt(form, text, given, hides=reserved.show(text) != text)


def _events(edits: str) -> Iterator[BufferChange]:
    for edit in _EDIT.finditer(edits):
        yield BufferChange(edit["path"], edit["old"] or edit["path"], edit["diff"])
