"""A moment of editing, as an importer understood it, and the complete example that it makes."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.reading.cursor import with_cursor
from pipeline.records import Dropped, Row
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.sections import event_text
from zeta_lsp.core.prompt import ByteRange, PromptInput, RelatedFile
from zeta_lsp.core.ranges import editable_and_context
from zeta_lsp.core.region_patch import region_patch
from zeta_lsp.core.zed_inputs import prompt_inputs

_SHOWN_TOKENS = (100, 50)
"""How much of the excerpt `cursor_position` shows: the budgets of Zed's exports."""
_REGION_TOKENS = (350, 150)
"""The region that most of Zed's formats rewrite; a patch keeps to it if the edit does."""


class Moment(msgspec.Struct, frozen=True):
    """What was on the screen. Offsets count UTF-8 bytes of the excerpt.

    `first_row` is the file's row in which the excerpt begins, None if nobody knows; `editable` the
    region that the record asks to rewrite, if it names one; `syntax` what encloses the cursor,
    innermost first, None where there is no tree.
    """

    path: str
    excerpt: str
    cursor: int
    first_row: int | None = None
    events: tuple[BufferChange, ...] = ()
    related: tuple[RelatedFile, ...] | None = None
    editable: ByteRange | None = None
    syntax: tuple[ByteRange, ...] | None = None

    def patch(self, new: str) -> str:
        """From the region that the record names to another text of it."""
        assert self.editable is not None
        return region_patch(self.path, self.excerpt, self.editable, new)

    def patch_to(self, new_excerpt: str) -> str:
        """From the excerpt to another text of it: within the usual region, if that is enough."""
        data, new = self.excerpt.encode(), new_excerpt.encode()
        start, end = editable_and_context(self.excerpt, self.cursor, (), *_REGION_TOKENS)[0]
        stop = len(new) - (len(data) - end)
        if stop < start or new[:start] != data[:start] or new[stop:] != data[end:]:
            start, end, stop = 0, len(data), len(new)
        return region_patch(self.path, self.excerpt, (start, end), new[start:stop].decode())


class Origin(msgspec.Struct, frozen=True):
    """Where a record comes from.

    `source` is a word for it, `kind` says how its edits were made: ``live`` by people while
    somebody watched, or taken from a ``commit``. `repositories` are all that it is known to be in,
    `rest` is what the record says beyond what examples have a place for.
    """

    source: str
    kind: str = "live"
    name: str = ""
    repository_url: str = ""
    revision: str = ""
    licence: str | None = None
    repositories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rest: Row = {}


def example(
    moment: Moment, origin: Origin, expected: Sequence[str], rejected: str | None = None
) -> Row | Dropped:
    """The example with its patches, or why it cannot be one."""
    if not moment.path:
        return Dropped("no_path")
    if any(CURSOR in text for text in (moment.excerpt, *expected, rejected or "")):
        return Dropped("marker_in_code")
    given = PromptInput(
        cursor_path=moment.path,
        cursor_excerpt=moment.excerpt,
        cursor_offset_in_excerpt=moment.cursor,
        excerpt_start_row=moment.first_row,
        events=moment.events,
        related_files=moment.related,
        syntax_ranges=moment.syntax,
    )
    return {
        "name": origin.name,
        "repository_url": origin.repository_url,
        "revision": origin.revision,
        "tags": [f"source:{origin.source}", *origin.tags],
        "reasoning": None,
        "uncommitted_diff": "",
        "recently_opened_files": [],
        "recently_viewed_files": [],
        "cursor_path": moment.path,
        "cursor_position": cursor_position(moment.excerpt, moment.cursor),
        "edit_history": "".join(f"{event_text(event)}\n" for event in moment.events),
        "expected_patches": list(expected),
        "rejected_patch": rejected,
        "prompt_inputs": prompt_inputs(
            given, is_open=origin.licence is not None, repository_url=origin.repository_url
        ),
        "prompt": None,
        "predictions": [],
        "score": [],
        "qa": [],
        "zeta": _ours(moment, origin),
    }


def cursor_position(excerpt: str, cursor: int) -> str:
    """The rows around the cursor, with Zed's mark at it."""
    _, (start, end) = editable_and_context(excerpt, cursor, (), *_SHOWN_TOKENS)
    return with_cursor(excerpt.encode()[start:end].decode(), cursor - start) + "\n"


def _ours(moment: Moment, origin: Origin) -> Row:
    provenance: Row = {"source": origin.source, "kind": origin.kind}
    if origin.repositories:
        provenance["repositories"] = list(origin.repositories)
    if origin.rest:
        provenance["rest"] = origin.rest
    ours: dict[str, Any] = {"provenance": provenance}
    if origin.kind == "commit":
        ours["synthetic"] = True  # for ever: nobody is known to have edited in this order
    if origin.licence is not None:
        ours["licence"] = {"spdx": origin.licence, "evidence": origin.source}
    if moment.editable is not None:
        ours["editable"] = {"start": moment.editable[0], "end": moment.editable[1]}
    return ours
