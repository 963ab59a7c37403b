"""What a prompt format is given, and what it gives back.

`PromptInput` is the complete input of one prediction, field for field Zed's `Zeta2PromptInput`,
so that stored inputs are read by Zed's tools and theirs by ours. All offsets count UTF-8 bytes.
From one `PromptInput` and one format the prompt is a pure function: serving, capture, training
and replay call the same one.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.events import BufferChange

ByteRange = tuple[int, int]
"""Start and end, in UTF-8 bytes of the text it is relative to."""


class RelatedExcerpt(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some rows of a file. `row_range` is half open; smaller `order` comes first."""

    row_range: tuple[int, int]
    text: str
    order: int = 0
    context_source: str | None = None


class RelatedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Excerpts of one file. `max_row` is the number of rows the file has."""

    path: str
    max_row: int
    excerpts: tuple[RelatedExcerpt, ...]
    in_open_source_repo: bool = False


class Diagnostic(msgspec.Struct, frozen=True, omit_defaults=True):
    """A diagnostic near the cursor. `severity` 1 error … 4 hint."""

    message: str
    snippet: str
    snippet_buffer_row_range: tuple[int, int]
    diagnostic_range_in_snippet: ByteRange
    severity: int | None = None


class PromptInput(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything a prediction sees. `events` run from oldest to newest.

    `syntax_ranges` are the byte ranges in the excerpt of the cursor's syntax-tree ancestors,
    innermost first; None where there is no tree.
    """

    cursor_path: str
    cursor_excerpt: str
    cursor_offset_in_excerpt: int
    excerpt_start_row: int | None = None
    events: tuple[BufferChange, ...] = ()
    related_files: tuple[RelatedFile, ...] | None = None
    active_buffer_diagnostics: tuple[Diagnostic, ...] = ()
    excerpt_ranges: dict[str, ByteRange] = msgspec.field(default_factory=dict)
    syntax_ranges: tuple[ByteRange, ...] | None = None
    in_open_source_repo: bool = False
    can_collect_data: bool = False
    repo_url: str | None = None


class Message(msgspec.Struct, frozen=True):
    """One chat message, for endpoints that only chat."""

    role: str
    content: str


class Prompt(msgspec.Struct, frozen=True):
    """A rendered prompt, ready to send.

    `editable` is the byte range of the cursor excerpt that the answer may rewrite and `context`
    the range the model sees. `prefill` is text the answer is made to start with: it ends `text`
    and counts as part of the output when parsing.
    """

    format: str
    text: str
    editable: ByteRange
    context: ByteRange
    max_tokens: int
    stop: Sequence[str] = ()
    messages: tuple[Message, ...] = ()
    prefill: str = ""


class Replacement(msgspec.Struct, frozen=True):
    """New text for a byte range of the cursor excerpt, or of a related excerpt.

    `related` is (index in `related_files`, index in its `excerpts`), None for the cursor excerpt.
    """

    start: int
    end: int
    text: str
    related: tuple[int, int] | None = None


class Answer(msgspec.Struct, frozen=True):
    """A parsed model output.

    No replacements means "nothing to change". `cursor` is a byte offset into the text of the
    first replacement, if the model placed one. `complete` says that the format's end was seen.
    """

    replacements: tuple[Replacement, ...] = ()
    cursor: int | None = None
    complete: bool = True
