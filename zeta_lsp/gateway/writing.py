"""From a model's reply to the answer that the client's format has for it.

The reply may be in another format, may rewrite more lines than the client lets it, or be no text at
all but edits of the embedded model. So it is read as edits of the excerpt, those outside of what
the client lets be rewritten are left out, and the region as the others leave it is written in the
client's format. An answer is always whole: what a server trimmed is there again, and an answer that
was cut off holds what was certain and then the old text.
"""

from collections.abc import Iterable

import msgspec

from zeta_lsp.core import formats
from zeta_lsp.core.clusters import clusters_of
from zeta_lsp.core.cursor import placed
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.errors import PositionError, UsageError
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.guard import guard
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import Answer, PromptInput
from zeta_lsp.core.text import byte_length, split_lines
from zeta_lsp.gateway.prompts.reading import ReadPrompt

_JOINER = "\u2060"


class Silence(msgspec.Struct, frozen=True):
    """Nothing is proposed, and why: a reason word, with a detail without text."""

    reason: str
    detail: str = ""


class Region(msgspec.Struct, frozen=True):
    """The client's editable region as it is to be, and the byte offset of a cursor in it."""

    text: str
    cursor: int | None = None


def region_of(reply: Reply, given: PromptInput, read: ReadPrompt) -> Region | Silence:
    """What a reply makes of the client's region, if it may be proposed.

    `given` is what the predictor was asked.
    """
    hit = guard(reply, given, _format_of(reply))
    if hit is not None:
        return Silence(hit.name, hit.detail)
    answer = _in_excerpt(reply.answer, given)
    try:
        clusters = clusters_of(edits_of(answer, given.cursor_excerpt, 0))
    except PositionError:
        return Silence("outside_editable")
    if not clusters:
        return Silence("no_change")
    bounds = _Bounds(read)
    inside = [cluster for cluster in clusters if bounds.region_after([cluster]) is not None]
    region = bounds.region_after(inside) if inside else None
    if region is None:
        return Silence("outside_editable")
    whole = len(inside) == len(clusters)
    return Region(region, bounds.cursor_in(region, answer, given) if whole else None)


def written(region: Region | None, read: ReadPrompt) -> str | Silence:
    """The answer in the client's format; None says that nothing is to change."""
    text = None if region is None else region.text
    cursor = None if region is None else region.cursor
    try:
        answer = read.form.target(read.given, read.prompt, text, cursor)
    except UsageError:
        return Silence("outside_editable", "more than an insertion")
    # A client that hides no markers cannot show them again either.
    if text is not None and not read.hides and answer.count(_JOINER) > text.count(_JOINER):
        return Silence("leaked_marker", "the text has markers of the format")
    return answer


def _format_of(reply: Reply) -> Format | None:
    """The format of a reply's prompt; the embedded model has none."""
    return formats.named(reply.prompt.format) if reply.prompt is not None else None


def _in_excerpt(answer: Answer, given: PromptInput) -> Answer:
    """The answer with edits of the excerpt's copy among the related files made its own."""
    files = given.related_files or ()
    moved = tuple(
        one
        if one.related is None
        or files[one.related[0]].excerpts[one.related[1]].context_source != "current_file"
        else msgspec.structs.replace(one, related=None)
        for one in answer.replacements
    )
    return msgspec.structs.replace(answer, replacements=moved)


class _Bounds:
    """The excerpt of a prompt, cut at what the client lets be rewritten."""

    def __init__(self, read: ReadPrompt) -> None:
        self._excerpt = read.given.cursor_excerpt
        data, (start, end) = self._excerpt.encode(), read.prompt.editable
        self._above, self._below = data[:start].decode(), data[end:].decode()

    def region_after(self, clusters: Iterable[Cluster]) -> str | None:
        """The region once clusters are applied; None if they change something around it."""
        text = _applied(clusters, self._excerpt)
        end = len(text) - len(self._below)
        fits = text.startswith(self._above) and text.endswith(self._below)
        return text[len(self._above) : end] if fits and end >= len(self._above) else None

    def cursor_in(self, region: str, answer: Answer, given: PromptInput) -> int | None:
        """Where an answer puts the cursor in the new region, in bytes."""
        place = placed(answer, given)
        if place is None:
            return None
        row = place[0] - (given.excerpt_start_row or 0)
        lines = split_lines(self._above + region + self._below)
        before = "".join(lines[:row]) + lines[row][: place[1]] if row < len(lines) else ""
        offset = byte_length(before) - byte_length(self._above)
        return offset if 0 <= offset <= byte_length(region) else None


def _applied(clusters: Iterable[Cluster], text: str) -> str:
    """A text with edits made; rows count from its beginning."""
    lines = split_lines(text)
    edits = [edit for cluster in clusters for edit in cluster]
    for edit in reversed(edits):
        head = lines[edit.start_row][: edit.start_col]
        tail = lines[edit.end_row][edit.end_col :]
        lines[edit.start_row : edit.end_row + 1] = [head + edit.new_text + tail]
    return "".join(lines)
