"""What was found around the cursor, put into the example as a session would have sent it.

`zeta.context` gets a receipt for each excerpt: which door led to it, and how close its name was.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from pipeline.doors import SyntaxSpans
from pipeline.example import given_of, ours, with_ours
from pipeline.gathering.standing import Stood
from pipeline.records import Dropped, Row
from zeta_lsp.core.excerpt import Excerpt, syntax_ranges_in
from zeta_lsp.core.gathering import with_current_file
from zeta_lsp.core.prompt import PromptInput, RelatedFile
from zeta_lsp.core.surroundings import Surroundings
from zeta_lsp.core.text import split_lines
from zeta_lsp.core.zed_inputs import prompt_inputs


class Filling(msgspec.Struct, frozen=True):
    """What of an example is to be filled in."""

    definitions: bool = True
    diagnostics: bool = True
    current_file: bool = False


def is_full(row: Row, filling: Filling, *, has_syntax: bool) -> bool:
    """Whether an example has all that is wanted already. No files at all were gathered as well."""
    inputs = row.get("prompt_inputs")
    if not isinstance(inputs, dict):
        return False
    if filling.definitions:
        return isinstance(inputs.get("related_files"), list)
    if filling.diagnostics:
        return bool(inputs.get("active_buffer_diagnostics"))
    return not has_syntax or inputs.get("syntax_ranges") is not None


def filled(
    row: Row, stood: Stood, around: Surroundings, filling: Filling, spans_of: SyntaxSpans | None
) -> Row:
    """The fields of an example's input that are other ones now, and its receipts."""
    given = given_of(row)
    assert not isinstance(given, Dropped)
    lines = split_lines(stood.standing.text)
    name = _unnamed(stood)
    new = given
    if filling.definitions:
        files = tuple(_named(file, name) for file in around.files)
        if filling.current_file:
            rows = stood.first_row, stood.first_row + _row_count(given.cursor_excerpt, lines, stood)
            own = Excerpt(given.cursor_excerpt, *rows, given.cursor_offset_in_excerpt)
            files = with_current_file(files, given.cursor_path, own, len(lines))
        new = msgspec.structs.replace(new, related_files=files)
    if filling.diagnostics:
        new = msgspec.structs.replace(new, active_buffer_diagnostics=around.diagnostics)
    if given.excerpt_start_row is None:
        new = msgspec.structs.replace(new, excerpt_start_row=stood.first_row)
    if given.syntax_ranges is None and spans_of is not None:
        new = _with_syntax(new, stood, lines, spans_of)
    made: dict[str, Any] = {"inputs": _changed(given, new)}
    if filling.definitions:
        receipts = [msgspec.structs.replace(one, path=name(one.path)) for one in around.receipts]
        made["receipts"] = msgspec.to_builtins(receipts)
    return made


def put_into(row: Row, made: Row) -> Row:
    """An example with what `filled` made for it."""
    row = {**row, "prompt_inputs": {**row["prompt_inputs"], **made["inputs"]}}
    if "receipts" not in made:
        return row
    before = ours(row).get("context")
    context = {**(before if isinstance(before, dict) else {}), "receipts": made["receipts"]}
    return with_ours(row, context=context)


def _row_count(excerpt: str, lines: list[str], stood: Stood) -> int:
    """Rows of an excerpt; one that ends the file may end with an empty row."""
    count = excerpt.removesuffix("\n").count("\n") + 1
    is_last = stood.first_row + count == len(lines) - 1 and not lines[-1]
    return count + (excerpt.endswith("\n") and is_last)


def _with_syntax(
    given: PromptInput, stood: Stood, lines: list[str], spans_of: SyntaxSpans
) -> PromptInput:
    """With what encloses the cursor; the ranges that follow from it are made anew."""
    at = stood.standing
    spans = spans_of(at.path, lines, at.row, at.col)
    if spans is None:
        return given
    end_row = stood.first_row + given.cursor_excerpt.count("\n") + 1
    excerpt = Excerpt(
        given.cursor_excerpt, stood.first_row, end_row, given.cursor_offset_in_excerpt
    )
    ranges = syntax_ranges_in(excerpt, spans)
    return msgspec.structs.replace(given, syntax_ranges=ranges, excerpt_ranges={})


def _changed(given: PromptInput, new: PromptInput) -> Row:
    """The fields of the input that are other ones, as JSON."""
    made = prompt_inputs(new, is_open=given.in_open_source_repo, repository_url="")
    names = [name for name in made if getattr(new, name, None) != getattr(given, name, None)]
    return {name: made[name] for name in names}


def _unnamed(stood: Stood) -> Callable[[str], str]:
    """Paths as the example has them: with the repository's name before them, or without."""
    prefix = "" if stood.is_named else f"{stood.name}/"
    return lambda path: path.removeprefix(prefix)


def _named(file: RelatedFile, name: Callable[[str], str]) -> RelatedFile:
    return msgspec.structs.replace(file, path=name(file.path))
