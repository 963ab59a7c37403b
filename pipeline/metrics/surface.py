"""The text that patches of an example are about: the cursor's excerpt, or all that was shown.

Patches are applied by content, as Zed applies them, whatever file they name: most formats rewrite
the cursor's excerpt and nothing else. Where what is expected lies in another excerpt of the input,
each hunk goes to the first excerpt of its file that has its text; the text compared is then that of
all excerpts, one after the other.
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from pipeline.metrics.jumps import is_same_file
from pipeline.metrics.patch_rows import OTHER, Hunk, hunks_of, rows_of
from zeta_lsp.core.diff.patch import FILE_HEADER, apply_diff
from zeta_lsp.core.prompt import PromptInput


class Surface(Protocol):
    """A text, in one or several pieces, that patches apply to."""

    @property
    def text(self) -> str:
        """All of it."""

    def after(self, patch: str) -> "After | None":
        """The text with a patch applied, None if it does not fit."""


class After(msgspec.Struct, frozen=True):
    """A changed text, and what of it stands in the cursor's excerpt."""

    text: str
    cursor_excerpt: str


class CursorExcerpt(msgspec.Struct, frozen=True):
    """The usual surface."""

    text: str

    def after(self, patch: str) -> After | None:
        """The excerpt with a patch applied."""
        changed = apply_diff(patch, self.text)
        return None if changed is None else After(changed, changed)


class Excerpt(msgspec.Struct, frozen=True):
    """Part of a file, and its first row in it."""

    path: str
    first_row: int
    text: str

    @property
    def rows(self) -> range:
        """Its rows in the file, from 0."""
        return range(self.first_row, self.first_row + len(rows_of(self.text)))


class Excerpts(msgspec.Struct, frozen=True):
    """Everything that was shown; the cursor's excerpt comes first."""

    excerpts: tuple[Excerpt, ...]

    @property
    def text(self) -> str:
        """All excerpts, one after the other."""
        return "\n".join(excerpt.text for excerpt in self.excerpts)

    def after(self, patch: str) -> After | None:
        """The excerpts with each hunk applied to the first one that it fits."""
        texts = [excerpt.text for excerpt in self.excerpts]
        for hunk in hunks_of(patch):
            place = next(self._places(hunk, texts), None)
            if place is None:
                return None
            number, text = place
            texts[number] = text
        return After("\n".join(texts), texts[0])

    def _places(self, hunk: Hunk, texts: list[str]) -> Iterator[tuple[int, str]]:
        """Excerpts that a hunk fits, by number, with their text after it."""
        for number, excerpt in enumerate(self.excerpts):
            if is_same_file(hunk.path, excerpt.path):
                moved = texts[number].count("\n") - excerpt.text.count("\n")
                changed = apply_diff(_diff(hunk, moved - excerpt.first_row), texts[number])
                if changed is not None:
                    yield number, changed


def excerpts_of(given: PromptInput) -> Excerpts:
    """Everything that an input shows."""
    cursor = Excerpt(given.cursor_path, given.excerpt_start_row or 0, given.cursor_excerpt)
    shown = (
        Excerpt(file.path, excerpt.row_range[0], excerpt.text)
        for file in given.related_files or ()
        for excerpt in file.excerpts
    )
    return Excerpts((cursor, *shown))


def _diff(hunk: Hunk, moved_rows: int) -> str:
    row = max(1, hunk.old_start + moved_rows)
    rows = (one.text if one.sign == OTHER else one.sign + one.text for one in hunk.rows)
    return "\n".join([f"{FILE_HEADER}@@ -{row},1 +{row},1 @@", *rows, ""])
