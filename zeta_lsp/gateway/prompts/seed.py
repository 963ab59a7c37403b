"""Prompts in the Seed-Coder layout: `zeta2.1`, `zeta-v0420` and `zeta2`.

The layout is described in `core/formats/seed`. Which of them a prompt is in shows in its cursor
section: numbered tags, or a merge conflict that is still open. Numbered tags are only taken for
those of Zeta 2.1 if they stand where it puts them; other members of the family put them elsewhere,
and an answer would be read wrong.
"""

import re

import msgspec

from zeta_lsp.core import formats
from zeta_lsp.core.formats.budget import PROMPT_TOKENS
from zeta_lsp.core.formats.conflict import MIDDLE
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.markers import TAG, TAG_START, marker_offsets, tag, tagged
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import tokens
from zeta_lsp.core.formats.seed import FILE, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX
from zeta_lsp.core.prompt import Diagnostic, PromptInput
from zeta_lsp.gateway.prompts.conflict import cut_of_conflict
from zeta_lsp.gateway.prompts.reading import (
    Cut,
    ReadPrompt,
    blocks_in,
    closed_below,
    events_in,
    file_of,
    read_prompt,
    reserved_for,
    with_sections,
)

_HEADING = re.compile(rf"^{re.escape(FILE)}", re.MULTILINE)
_HISTORY, _DIAGNOSTICS = "edit_history", "diagnostics"
_ENTRY = re.compile(r"\*(.*?)\*(?::\n```\n(.*?)\n```)?\n", re.DOTALL)


class _Parts(msgspec.Struct, frozen=True):
    """A prompt cut at its layout: `section` is the cursor's, `sections` what stands before it."""

    below: str
    sections: str
    path: str
    section: str


def read_seed(text: str) -> ReadPrompt | None:
    """Read a prompt in this layout; None if it is none."""
    parts = _parts_of(text)
    if parts is None:
        return None
    if TAG_START in parts.section and not parts.section.endswith(f"{MIDDLE}\n"):
        return _tagged(text, parts)
    return _conflict(text, parts)


def _parts_of(text: str) -> _Parts | None:
    if not (text.startswith(FIM_SUFFIX) and text.endswith(FIM_MIDDLE)):
        return None
    below, _, rest = text.removeprefix(FIM_SUFFIX).partition(FIM_PREFIX)
    rest = rest.removesuffix(FIM_MIDDLE)
    cursor = rest.rfind(CURSOR)
    headings = [match for match in _HEADING.finditer(rest) if match.start() < cursor]
    if not headings:
        return None
    path, _, section = rest[headings[-1].end() :].partition("\n")
    return _Parts(below, rest[: headings[-1].start()], path, section)


def _conflict(text: str, parts: _Parts) -> ReadPrompt | None:
    form = formats.get("zeta2")
    reserved = reserved_for(form.markers, line_starts=(FILE,), lines=(MIDDLE,))
    cut = cut_of_conflict(parts.section, parts.below)
    if cut is None:
        return None
    given = _input(parts, cut, reserved)
    return read_prompt(form, text, given, hides=reserved.show(text) != text)


def _tagged(text: str, parts: _Parts) -> ReadPrompt | None:
    cut = _cut_of_tagged(parts)
    if cut is None:
        return None
    diagnostics = _diagnostics_of(parts)
    larger = bool(diagnostics) or tokens(text) > PROMPT_TOKENS * 9 // 10
    form = formats.get("zeta-v0420" if larger else "zeta2.1")
    reserved = reserved_for(form.markers, line_starts=(FILE,))
    if diagnostics:
        _, content = blocks_in(parts.sections, _HEADING)[0]
        rest = parts.sections[len(f"{FILE}{_DIAGNOSTICS}\n{content}") :]
        parts = msgspec.structs.replace(parts, sections=rest)
    given = msgspec.structs.replace(
        _input(parts, cut, reserved),
        active_buffer_diagnostics=tuple(
            Diagnostic(reserved.show(message), reserved.show(snippet), (0, 0), (0, 0))
            for message, snippet in diagnostics
        ),
    )
    also = () if diagnostics else ("zeta2.1" if larger else "zeta-v0420",)
    return read_prompt(form, text, given, also, hides=reserved.show(text) != text)


def _cut_of_tagged(parts: _Parts) -> Cut | None:
    section = parts.section
    start = section.rfind(tag(1), 0, section.rfind(CURSOR))
    if start < 0 or not section.endswith("|>\n"):
        return None
    marked = section[start:-1]
    before, _, after = TAG.sub("", marked).partition(CURSOR)
    region = before + after
    if tagged(region, len(before), marker_offsets(region)) != marked:
        return None
    return Cut(section[:start], before, after, closed_below(parts.below, region))


def _input(parts: _Parts, cut: Cut, reserved: ReservedLines) -> PromptInput:
    given = cut.shown(reserved).as_input(reserved.show(parts.path))
    blocks = blocks_in(parts.sections, _HEADING)
    history = ""
    if blocks and blocks[-1][0] == _HISTORY:
        history = blocks.pop()[1].removesuffix("\n")
    if blocks:
        title, content = blocks[-1]
        blocks[-1] = title, content.removesuffix("\n")
    files = [file_of(reserved.show(path), reserved.show(content)) for path, content in blocks]
    return with_sections(given, events_in(reserved.show(history)), files)


def _diagnostics_of(parts: _Parts) -> list[tuple[str, str]]:
    """Messages and snippets of a section that holds nothing else."""
    blocks = blocks_in(parts.sections, _HEADING)
    if not blocks or blocks[0][0] != _DIAGNOSTICS:
        return []
    content = blocks[0][1].removesuffix("\n")
    found = list(_ENTRY.finditer(content))
    if "".join(entry.group() for entry in found) != content:
        return []
    return [(entry[1], entry[2] or "") for entry in found]
