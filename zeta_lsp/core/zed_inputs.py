"""A prediction's input in the JSON of Zed's `Zeta2PromptInput`.

Ranges are ``{start, end}``. The ranges of every budget stand in `excerpt_ranges`, computed with the
syntax tree: Zed's tools require them, and take a settled region from there.

What is read may be older or newer than what is written here: unknown fields are left out, and those
that newer versions added may be missing.
"""

from typing import Any

import msgspec

from zeta_lsp.core.errors import UnreadableInput
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


def given_of(inputs: object) -> PromptInput:
    """The input in a JSON object.

    Raises:
        UnreadableInput: it is none; the message says what is missing or wrong, without any text.
    """
    try:
        read = msgspec.convert(inputs, _Inputs)
        return _given(read)
    except (msgspec.ValidationError, UnicodeEncodeError) as fault:
        raise UnreadableInput(str(fault)) from None


def _given(read: "_Inputs") -> PromptInput:
    excerpt = read.cursor_excerpt.encode()
    if not 0 <= read.cursor_offset_in_excerpt <= len(excerpt):
        raise UnreadableInput("the cursor lies outside its excerpt")
    syntax = read.syntax_ranges
    return PromptInput(
        cursor_path=read.cursor_path,
        cursor_excerpt=read.cursor_excerpt,
        cursor_offset_in_excerpt=read.cursor_offset_in_excerpt,
        excerpt_start_row=read.excerpt_start_row,
        events=tuple(map(_change_of, read.events)),
        related_files=None if read.related_files is None else tuple(map(_of, read.related_files)),
        active_buffer_diagnostics=tuple(map(_problem_of, read.active_buffer_diagnostics)),
        excerpt_ranges={name: one.pair for name, one in read.excerpt_ranges.items() if one},
        syntax_ranges=None if syntax is None else tuple(one.pair for one in syntax),
        in_open_source_repo=read.in_open_source_repo,
        can_collect_data=read.can_collect_data,
        repo_url=read.repo_url,
    )


class _Range(msgspec.Struct):
    start: int
    end: int

    @property
    def pair(self) -> ByteRange:
        return self.start, self.end


class _Event(msgspec.Struct):
    path: str
    diff: str
    old_path: str = ""
    predicted: bool = False
    in_open_source_repo: bool = False


class _Excerpt(msgspec.Struct):
    row_range: _Range
    text: str
    order: int = 0
    context_source: str | None = None


class _File(msgspec.Struct):
    path: str
    max_row: int
    excerpts: list[_Excerpt]
    in_open_source_repo: bool = False


class _Problem(msgspec.Struct):
    message: str
    snippet: str
    snippet_buffer_row_range: _Range
    diagnostic_range_in_snippet: _Range
    severity: int | None = None


class _Inputs(msgspec.Struct):
    """What an input must have, and what it may."""

    cursor_path: str
    cursor_excerpt: str
    cursor_offset_in_excerpt: int
    excerpt_start_row: int | None = None
    events: list[_Event] = []
    related_files: list[_File] | None = None
    active_buffer_diagnostics: list[_Problem] = []
    excerpt_ranges: dict[str, _Range | None] = {}
    syntax_ranges: list[_Range] | None = None
    in_open_source_repo: bool = False
    can_collect_data: bool = False
    repo_url: str | None = None


def _change_of(event: _Event) -> BufferChange:
    return BufferChange(
        path=event.path,
        old_path=event.old_path or event.path,
        diff=event.diff,
        predicted=event.predicted,
        in_open_source_repo=event.in_open_source_repo,
    )


def _of(file: _File) -> RelatedFile:
    excerpts = (
        RelatedExcerpt(one.row_range.pair, one.text, one.order, one.context_source)
        for one in file.excerpts
    )
    return RelatedFile(file.path, file.max_row, tuple(excerpts), file.in_open_source_repo)


def _problem_of(one: _Problem) -> Diagnostic:
    return Diagnostic(
        one.message,
        one.snippet,
        one.snippet_buffer_row_range.pair,
        one.diagnostic_range_in_snippet.pair,
        one.severity,
    )


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
