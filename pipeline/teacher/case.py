"""One example as a model is asked about it: the excerpt, the region, and what becomes of answers.

The region is that of the student's prompt format, for teachers as well, so that what a teacher
writes is something the student can be taught to write. Answers of every kind end as a text of the
region, and from there as the patch and cursor that Zed's tools read.
"""

import msgspec

from pipeline.example import given_of
from pipeline.records import Dropped, Row
from zeta_lsp.core.errors import PositionError, UnparsableAnswer
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput
from zeta_lsp.core.region_patch import region_patch
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.text import byte_length, without_surrogates

FILE_ROWS = frozenset({"zeta-v0615"})
"""Formats whose patches count rows of the file; see `core.region_patch`."""


class Rewritten(msgspec.Struct, frozen=True):
    """The region as a model would have it; `cursor` is a byte offset in it, if one was placed."""

    region: str
    cursor: int | None = None


class Case(msgspec.Struct, frozen=True):
    """An input, the format of the student, and its prompt."""

    given: PromptInput
    form: Format
    prompt: Prompt

    @property
    def excerpt(self) -> str:
        """The text that byte ranges count in."""
        return without_surrogates(self.given.cursor_excerpt)

    @property
    def region(self) -> str:
        """The region as it is."""
        return self.excerpt.encode()[slice(*self.prompt.editable)].decode()

    def with_region(self, region: str) -> str:
        """The excerpt with another region."""
        data, (start, end) = self.excerpt.encode(), self.prompt.editable
        return data[:start].decode() + region + data[end:].decode()

    def rewritten(self, answer: Answer) -> Rewritten:
        """What an answer makes of the region.

        Raises:
            UnparsableAnswer: it is about another place.
        """
        try:
            rewrites = rewrites_of(answer, self.given)
        except PositionError:
            raise UnparsableAnswer("out_of_place") from None
        excerpt, region = self.excerpt, self.region
        start = len(excerpt.encode()[: self.prompt.editable[0]].decode())
        end = start + len(region)
        for one in sorted(rewrites, key=lambda one: one.start, reverse=True):
            if one.text != excerpt or not start <= one.start <= one.end <= end:
                raise UnparsableAnswer("out_of_region")
            region = region[: one.start - start] + one.new + region[one.end - start :]
        return Rewritten(region, _cursor(answer, rewrites, start, excerpt))

    def patch(self, region: str) -> str:
        """From the region as it is to another text; only a header if that is no edit."""
        counts_file_rows = self.form.name in FILE_ROWS
        file_row = (self.given.excerpt_start_row or 0) if counts_file_rows else None
        path = self.given.cursor_path
        return region_patch(path, self.excerpt, self.prompt.editable, region, file_row=file_row)

    def cursor(self, rewritten: Rewritten) -> Row | None:
        """Where the cursor would be, in rows and bytes of the excerpt it would leave."""
        if rewritten.cursor is None:
            return None
        start = self.prompt.editable[0]
        before = self.excerpt.encode()[:start] + rewritten.region.encode()[: rewritten.cursor]
        return {
            "path": self.given.cursor_path,
            "row": before.count(b"\n"),
            "column": len(before) - before.rfind(b"\n") - 1,
            "offset": len(before),
            "editable_region_offset": rewritten.cursor,
        }


def case_of(row: Row, form: Format) -> Case | Dropped:
    """The case that an example is, for a student of that format."""
    given = given_of(row)
    if isinstance(given, Dropped):
        return given
    prompt = form.render(given)
    return Dropped("prompt_too_long") if prompt is None else Case(given, form, prompt)


def _cursor(answer: Answer, rewrites: tuple[Rewrite, ...], start: int, excerpt: str) -> int | None:
    """The cursor as an offset in the region: what stands before its replacement, and into it."""
    if answer.cursor is None or not rewrites:
        return None
    first = rewrites[0]
    before = byte_length(excerpt[start : first.start])
    grown = sum(
        byte_length(one.new) - byte_length(one.old)
        for one in rewrites[1:]
        if one.start < first.start
    )
    return before + grown + min(answer.cursor, byte_length(first.new))
