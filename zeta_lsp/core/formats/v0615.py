"""Zed's format ``V0615HashRegions``: edits in any of the shown files.

    <[fim-suffix]>
    <[fim-prefix]><filename>PATH
    <|marker_IKhj|>
    BLOCK
    <|marker_zaUS|>
    …
    <[fim-middle]>

No edit history; everything stands in marked excerpts (`hashed`), tags on lines of their own. The
cursor's file must be among the related files with an excerpt that covers the cursor, and the file's
row numbers must be known; otherwise there is no prompt. That excerpt always stands; others follow
by `order` as far as nine tenths of 8000 estimated tokens allow, and one that does not fit is
skipped. Answers are spans in any excerpts (`hash_spans`).

Different from Zed:

* An excerpt is only taken for the cursor's if it has the cursor's line, so a stale one never holds
  the cursor at a wrong place.
* Where the cursor's excerpt does not fit, Zed asks nothing. Here its blocks around the cursor are
  shown, as many as fit, with ``...`` for the others.

Source: Zed at commit 09adbb01 (August 2026), crate ``zeta_prompt``.
"""

from collections.abc import Iterator, Sequence

from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import answer_tokens
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.hash_spans import HashSpanAnswers
from zeta_lsp.core.formats.hash_target import hash_target
from zeta_lsp.core.formats.hashed import TAG_BYTES, HashedExcerpt, hash_tag, hashed_excerpts
from zeta_lsp.core.formats.markers import TAG_START
from zeta_lsp.core.formats.place import Place, cursor_place, shown_path
from zeta_lsp.core.formats.region import region_of
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import OMITTED, tokens, with_newline
from zeta_lsp.core.formats.seed import (
    END_OF_SENTENCE,
    FILE,
    FIM_MIDDLE,
    FIM_PREFIX,
    FIM_SUFFIX,
    MARKERS,
)
from zeta_lsp.core.formats.zeta2_1 import TAG_TOKENS
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, RelatedFile, Replacement
from zeta_lsp.core.text import (
    BYTES_PER_TOKEN,
    byte_length,
    estimate_tokens,
    without_surrogates,
)

EDITABLE_TOKENS = 8000
CONTEXT_TOKENS = 0
MAX_TOKENS = 8000
ANSWER_BYTES_MAX = 3000
"""Enough of a rewritten excerpt for several blocks of 32 lines; a whole one is never meant."""

_HEAD = f"{FIM_SUFFIX}\n{FIM_PREFIX}"


class V0615:
    """The format ``zeta-v0615``."""

    name = "zeta-v0615"
    zed_name: str | None = "V0615HashRegions"
    needs_end = True
    needs_current_file = True
    markers: tuple[str, ...] = (TAG_START, *MARKERS)

    def __init__(self) -> None:
        self._reserved = ReservedLines(self.markers, line_starts=(FILE,))
        self._answers = HashSpanAnswers(self._reserved)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if no excerpt covers the cursor or it exceeds the limit."""
        place = cursor_place(given)
        if place is None:
            return None
        pages = _Pages(given, place, self._reserved)
        text = pages.text()
        if text is None or tokens(text) > MAX_TOKENS:
            return None
        region = region_of(given, EDITABLE_TOKENS, CONTEXT_TOKENS, self._reserved)
        size_bytes = min(pages.cursor_excerpt_bytes, ANSWER_BYTES_MAX)
        max_tokens = answer_tokens(size_bytes) + 4 * TAG_TOKENS
        return Prompt(
            self.name, text, region.editable, region.context, max_tokens, (END_OF_SENTENCE,)
        )

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the spans that the model rewrote."""
        return self._answers.parse(output, given)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The first span, once it is whole."""
        return self._answers.partial(output, given)

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The blocks around each change, anew, as far as the cursor's excerpt has them."""
        return hash_target(given, prompt, new_region, cursor, self._reserved)


class _Pages:
    """The excerpts on their way into a prompt."""

    def __init__(self, given: PromptInput, place: Place, reserved: ReservedLines) -> None:
        self._files: Sequence[RelatedFile] = given.related_files or ()
        self._hashed = hashed_excerpts(self._files)
        self._place = place
        self._reserved = reserved
        paths = (shown_path(file.path, given.cursor_path) for file in self._files)
        self._headings = [f"{FILE}{reserved.hide(without_surrogates(path))}\n" for path in paths]
        self._taken: dict[int, set[int]] = {}
        self._window: tuple[int, int] | None = None

    @property
    def cursor_excerpt_bytes(self) -> int:
        """The size of the excerpt that holds the cursor."""
        return byte_length(self._hashed[self._place.file][self._place.excerpt].text)

    def text(self) -> str | None:
        """The prompt, or None without room for the cursor's excerpt."""
        left = self._take_cursor(MAX_TOKENS * 9 // 10 - tokens(_HEAD + FIM_MIDDLE))
        if left < 0:
            return None
        self._take_others(left)
        return _HEAD + "".join(map(self._file, sorted(self._taken))) + FIM_MIDDLE

    def _take_cursor(self, left_tokens: int) -> int:
        """Take the cursor's excerpt, or its blocks around the cursor; the tokens left."""
        file, excerpt = self._place.file, self._place.excerpt
        self._taken[file] = {excerpt}
        heading_bytes = byte_length(self._headings[file]) + len(CURSOR)
        left = left_tokens - estimate_tokens(self._size_bytes(file, excerpt) + heading_bytes)
        if left >= 0:
            return left
        hashed = self._hashed[file][excerpt]
        texts = map(self._reserved.hide, hashed.blocks)
        sizes = [byte_length(with_newline(text)) + TAG_BYTES for text in texts]
        fixed_bytes = heading_bytes + TAG_BYTES + 2 * len(OMITTED)
        room_bytes = left_tokens * BYTES_PER_TOKEN - fixed_bytes
        self._window = window(sizes, hashed.block_at(self._place.offset), room_bytes)
        return 0 if self._window is not None else -1

    def _take_others(self, left_tokens: int) -> None:
        for _, file, excerpt in self._ranked():
            cost = estimate_tokens(self._size_bytes(file, excerpt))
            if file not in self._taken:
                cost += tokens(self._headings[file])
            if cost <= left_tokens:
                left_tokens -= cost
                self._taken.setdefault(file, set()).add(excerpt)

    def _ranked(self) -> list[tuple[int, int, int]]:
        return sorted(
            (excerpt.order, file_index, index)
            for file_index, file in enumerate(self._files)
            for index, excerpt in enumerate(file.excerpts)
            if (file_index, index) != (self._place.file, self._place.excerpt)
        )

    def _size_bytes(self, file: int, excerpt: int) -> int:
        hashed = self._hashed[file][excerpt]
        text = self._reserved.hide(hashed.text)
        return byte_length(with_newline(text) if text else "") + hashed.marked_bytes

    def _file(self, index: int) -> str:
        file, taken = self._files[index], sorted(self._taken[index])
        next_rows = [file.excerpts[i].row_range[0] for i in taken[1:]] + [file.max_row]
        parts = [self._headings[index]]
        for excerpt, next_row in zip(taken, next_rows, strict=True):
            hashed = self._hashed[index][excerpt]
            if (index, excerpt) == (self._place.file, self._place.excerpt):
                parts += self._cursor_excerpt(hashed)
            else:
                parts += map(self._block, hashed.names, hashed.blocks)
                parts.append(f"{hash_tag(hashed.names[-1])}\n")
            if file.excerpts[excerpt].row_range[1] < next_row and parts[-1] != OMITTED:
                parts.append(OMITTED)
        return "".join(parts)

    def _cursor_excerpt(self, hashed: HashedExcerpt) -> Iterator[str]:
        first, end = self._window or (0, len(hashed.blocks))
        holder = hashed.block_at(self._place.offset)
        if first > 0:
            yield OMITTED
        for index in range(first, end):
            cursor = self._place.offset - hashed.borders[index] if index == holder else None
            yield self._block(hashed.names[index], hashed.blocks[index], cursor)
        yield f"{hash_tag(hashed.names[end])}\n"
        if end < len(hashed.blocks):
            yield OMITTED

    def _block(self, name: str, text: str, cursor: int | None = None) -> str:
        if cursor is None:
            text = self._reserved.hide(text)
        else:
            text, (at,) = self._reserved.hide_at(text, [cursor])
            text = text[:at] + CURSOR + text[at:]
        return f"{hash_tag(name)}\n{with_newline(text) if text else ''}"


def window(sizes: Sequence[int], first: int, room: int) -> tuple[int, int] | None:
    """Neighbours ``[start, end)`` of the item `first`, one after, one before, …, that fit."""
    room -= sizes[first]
    if room < 0:
        return None
    start, end = first, first + 1
    while True:
        grown = (start, end)
        if end < len(sizes) and sizes[end] <= room:
            room -= sizes[end]
            end += 1
        if start > 0 and sizes[start - 1] <= room:
            start -= 1
            room -= sizes[start]
        if grown == (start, end):
            return grown


FORMATS: tuple[Format, ...] = (V0615(),)
