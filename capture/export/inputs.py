"""A prediction's input in the JSON of Zed's `Zeta2PromptInput`.

Ranges are ``{start, end}``. The ranges of every budget stand in `excerpt_ranges`, computed with the
syntax tree: Zed's tools require them, and take a settled region from there.
"""

from typing import Any

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import ByteRange, Diagnostic, PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.core.ranges import excerpt_ranges

Json = dict[str, Any]


def prompt_inputs(given: PromptInput, *, is_open: bool, repository_url: str) -> Json:
    """The input. `is_open` says that the code is under an open licence."""
    return {
        "cursor_path": given.cursor_path,
        "cursor_excerpt": given.cursor_excerpt,
        "cursor_offset_in_excerpt": given.cursor_offset_in_excerpt,
        "excerpt_start_row": given.excerpt_start_row,
        "events": [_event(event, is_open=is_open) for event in given.events],
        "related_files": _files(given, is_open=is_open),
        "active_buffer_diagnostics": list(map(_diagnostic, given.active_buffer_diagnostics)),
        "excerpt_ranges": _excerpt_ranges(given),
        "syntax_ranges": _syntax_ranges(given),
        "in_open_source_repo": is_open,
        "can_collect_data": True,
        "repo_url": repository_url or None,
    }


def _excerpt_ranges(given: PromptInput) -> Json:
    found = excerpt_ranges(
        given.cursor_excerpt, given.cursor_offset_in_excerpt, given.syntax_ranges or ()
    )
    return {name: _range(span) for name, span in (found | given.excerpt_ranges).items()}


def _syntax_ranges(given: PromptInput) -> list[Json] | None:
    return None if given.syntax_ranges is None else list(map(_range, given.syntax_ranges))


def _event(event: BufferChange, *, is_open: bool) -> Json:
    return {
        "event": "BufferChange",
        "path": event.path,
        "old_path": event.old_path,
        "diff": event.diff,
        "predicted": event.predicted,
        "in_open_source_repo": is_open,
    }


def _files(given: PromptInput, *, is_open: bool) -> list[Json] | None:
    if given.related_files is None:
        return None
    return [_file(file, is_open=is_open) for file in given.related_files]


def _file(file: RelatedFile, *, is_open: bool) -> Json:
    return {
        "path": file.path,
        "max_row": file.max_row,
        "excerpts": list(map(_related, file.excerpts)),
        "in_open_source_repo": is_open,
    }


def _related(excerpt: RelatedExcerpt) -> Json:
    return {
        "row_range": _range(excerpt.row_range),
        "text": excerpt.text,
        "order": excerpt.order,
        "context_source": excerpt.context_source or "lsp",
    }


def _diagnostic(one: Diagnostic) -> Json:
    return {
        "severity": one.severity,
        "message": one.message,
        "snippet": one.snippet,
        "snippet_buffer_row_range": _range(one.snippet_buffer_row_range),
        "diagnostic_range_in_snippet": _range(one.diagnostic_range_in_snippet),
    }


def _range(span: ByteRange) -> Json:
    return {"start": span[0], "end": span[1]}
