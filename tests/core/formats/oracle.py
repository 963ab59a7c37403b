"""Zed's own prompt code (`zed-zeta-bindings`), as a black box that answers what Zed would do.

The only module of the tests that imports it. Without it the tests that ask are skipped by name.
"""

import difflib
import importlib.util
from collections.abc import Sequence

import pytest

from zeta_lsp.core.prompt import ByteRange, PromptInput

if importlib.util.find_spec("zeta_bindings"):
    import zeta_bindings as zed
else:
    zed = None

needs_oracle = pytest.mark.skipif(zed is None, reason="zed-zeta-bindings is not installed")

RANGES = {
    "editable_150": (0, 0),
    "editable_180": (0, 0),
    "editable_350": (0, 0),
    "editable_150_context_350": (0, 0),
    "editable_180_context_350": (0, 0),
    "editable_350_context_150": (0, 0),
}


def excerpt_ranges(text: str, cursor: int, syntax: Sequence[ByteRange]) -> dict[str, ByteRange]:
    found = zed.compute_excerpt_ranges(text, cursor, list(syntax))
    return {name: tuple(span) for name, span in vars(found).items()}


def prompt(given: PromptInput, zed_name: str) -> str | None:
    return zed.format_prompt(_input(given), zed_name)


def parsed(output: str, given: PromptInput, zed_name: str) -> tuple[str, ByteRange, int | None]:
    """The whole new region, its range in the excerpt, and the cursor in it.

    Raises:
        RuntimeError: the output is not an answer.
    """
    found = zed.parse_output(output, zed_name, _input(given))
    cursor = found.cursor_offset_in_new_editable_region
    return found.new_editable_region, tuple(found.range_in_excerpt), cursor


def parsed_patch(output: str, given: PromptInput, zed_name: str) -> str:
    return zed.parse_output_as_patch(output, zed_name, _input(given))


def target(given: PromptInput, zed_name: str, patch: str) -> str:
    return zed.format_expected_output(_input(given), zed_name, patch)


def patch(path: str, old: str, new: str) -> str:
    """A patch of one hunk that replaces all lines."""
    sides = [_lines(old), _lines(new)]
    head = f"--- a/{path}\n+++ b/{path}\n@@ -1,{len(sides[0])} +1,{len(sides[1])} @@\n"
    marked = zip("-+", sides, strict=True)
    return head + "".join(f"{sign}{line}" for sign, lines in marked for line in lines)


def unified(path: str, old: str, new: str) -> str:
    """A patch with 3 lines of context, empty if nothing changes."""
    return "".join(difflib.unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}"))


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def _input(given: PromptInput) -> object:
    ranges = zed.ExcerptRanges(**{**RANGES, **given.excerpt_ranges})
    return zed.Zeta2PromptInput(
        cursor_path=given.cursor_path,
        cursor_excerpt=given.cursor_excerpt,
        cursor_offset_in_excerpt=given.cursor_offset_in_excerpt,
        excerpt_ranges=ranges,
        excerpt_start_row=given.excerpt_start_row,
        events=[
            zed.Event(event.path, event.old_path, event.diff, event.predicted)
            for event in given.events
        ],
        related_files=None
        if given.related_files is None
        else list(map(_file, given.related_files)),
        active_buffer_diagnostics=[
            zed.ActiveBufferDiagnostic(
                one.message,
                one.snippet,
                one.snippet_buffer_row_range,
                one.diagnostic_range_in_snippet,
                one.severity,
            )
            for one in given.active_buffer_diagnostics
        ],
        syntax_ranges=None if given.syntax_ranges is None else list(given.syntax_ranges),
    )


def _file(file: object) -> object:
    excerpts = [
        zed.RelatedExcerpt(one.row_range, one.text, one.order, one.context_source or "lsp")
        for one in file.excerpts
    ]
    return zed.RelatedFile(file.path, file.max_row, excerpts)
