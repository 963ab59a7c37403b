"""Prompts for fill-in-the-middle models, and requests that hold the two sides by themselves.

Only Qwen's and StarCoder's prompts can name files: whole ones before the text, each under its
separator, the last of which heads the text itself. All others say nothing about where they are.
"""

import re
from collections.abc import Sequence

import msgspec

from zeta_lsp.core import formats
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.fim import FAMILIES, Family
from zeta_lsp.core.prompt import PromptInput, RelatedFile
from zeta_lsp.gateway.prompts.reading import (
    Cut,
    ReadPrompt,
    blocks_in,
    file_of,
    read_prompt,
    reserved_for,
    with_sections,
)

_SEPARATORS = {"qwen": "<|file_sep|>", "starcoder": "<file_sep>"}
_REPOSITORIES = ("<|repo_name|>", "<repo_name>")
_TWINS = {"fim-qwen": ("fim-codegemma",)}
"""Families whose prompts look the same."""
CARRIER = "fim-qwen"
"""The format in whose terms sides without a prompt are kept."""


def read_fim(text: str) -> ReadPrompt | None:
    """Read a prompt of any family; None if it is none.

    A prompt with Zed's cursor mark belongs to a relative of Zeta that we cannot read.
    """
    if CURSOR in text:
        return None
    return next((found for family in FAMILIES if (found := _of_family(family, text))), None)


def read_sides(
    prefix: str, suffix: str, path: str = "", files: Sequence[RelatedFile] = ()
) -> ReadPrompt:
    """What stands before and behind the cursor, as if it were a prompt."""
    given = with_sections(Cut("", prefix, suffix, "").as_input(path), (), files)
    return read_prompt(formats.get(CARRIER), "", given)


def _of_family(family: Family, text: str) -> ReadPrompt | None:
    name = f"fim-{family.name}"
    sides = _sides(family, text)
    if sides is None:
        return None
    head, prefix, suffix = sides
    form = formats.get(name)
    reserved = reserved_for(form.markers)
    cut = Cut("", prefix, suffix, "").shown(reserved)
    given = _with_head(cut.as_input(""), head, _SEPARATORS.get(family.name, ""))
    if given is None:
        return None
    hides = reserved.show(text) != text
    return read_prompt(form, text, given, _TWINS.get(name, ()), hides=hides)


def _sides(family: Family, text: str) -> tuple[str, str, str] | None:
    """What stands before the template, and its two sides."""
    first, second = re.findall(r"\{(\w+)\}", family.template)
    opening, between, closing = re.split(r"\{\w+\}", family.template)
    head, opened, rest = text.partition(opening)
    one, divided, other = rest.partition(between)
    if not (opened and divided and other.endswith(closing)):
        return None
    other = other[: len(other) - len(closing)]
    if closing and closing in other:
        return None  # a relative of the format, with text of its own behind the sides
    sides = {first: one, second: other}
    return head, sides["prefix"], sides["suffix"]


def _with_head(given: PromptInput, head: str, separator: str) -> PromptInput | None:
    """The input with the files that a head names; None if the head is something else."""
    if not head:
        return given
    if not separator or not head.startswith((separator, *_REPOSITORIES)):
        return None
    blocks = blocks_in(head, re.compile(re.escape(separator)))
    if not blocks or blocks[-1][1]:
        return None
    path, _ = blocks.pop()
    given = msgspec.structs.replace(given, cursor_path=path)
    return with_sections(given, (), [file_of(title, content) for title, content in blocks])
