"""Sweep Next-Edit, first generation (``sweepai/sweep-next-edit-0.5B``, ``-1.5B``; Qwen2.5-Coder).

Sections of pseudo files, each begun by ``<|file_sep|>`` and joined by newlines: related code under
its path; the three latest changes as ``PATH.diff`` with an ``original:`` and an ``updated:`` side;
then 21 rows around the cursor as ``original/PATH`` (before the latest change to this file) and as
``current/PATH``. The prompt ends with the heading ``updated/PATH``, without newline, and the model
writes those rows anew. No cursor, no line numbers.

Sources: the prompt builder in the model's repository on Hugging Face (``run_model.py``: section
order, joining, stop strings ``<|file_sep|>`` and ``</s>``), Sweep's article "Open sourcing a 1.5B
parameter Next-Edit Autocomplete Model" (21 rows; ``original/`` is the state before the most recent
change), and Zed at commit 09adbb01, ``sweep_prompt.rs`` (three changes of at most 40 rows each).
Near an end of the excerpt the window keeps its 21 rows and moves. Changes run from oldest to
newest, so that the latest stands nearest to the answer.

The model ends with a token that servers trim, so `needs_end` is False.
"""

from collections.abc import Iterator, Sequence

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import Budget, answer_tokens
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.unidiff import Hunk, hunks_of, undone
from zeta_lsp.core.formats.view import region_text
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, RelatedFile, Replacement

WINDOW_ROWS = 21
MAX_CHANGES = 3
MAX_CHANGE_ROWS = 40
FILE_SEP = "<|file_sep|>"
STOP = (FILE_SEP, "</s>", "<|endoftext|>")


class Sweep:
    """The format ``sweep``."""

    name = "sweep"
    zed_name: str | None = None
    needs_end = False
    needs_current_file = False
    markers: tuple[str, ...] = STOP

    def __init__(self) -> None:
        self._reserved = Reserved(self.markers)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if the window alone exceeds the limit."""
        rows = given.cursor_excerpt.split("\n")
        cursor_row = given.cursor_excerpt.encode()[: given.cursor_offset_in_excerpt].count(b"\n")
        first, last = _window(len(rows), cursor_row)
        editable = _bytes_of_rows(rows, first, last)
        window = self._window_sections(given, rows, first, last)
        budget = Budget(window)
        if budget.exceeded:
            return None
        diffs = budget.take_newest(self._changes(given.events))
        related = budget.take(self._related(given.related_files or ()))
        return Prompt(
            format=self.name,
            text="\n".join([*related, *diffs, *window]),
            editable=editable,
            context=editable,
            max_tokens=answer_tokens(editable[1] - editable[0]),
            stop=STOP,
        )

    def _window_sections(
        self, given: PromptInput, rows: Sequence[str], first: int, last: int
    ) -> list[str]:
        current = rows[first:last]
        original = _before_latest_change(given, rows, first, last)
        path = given.cursor_path
        return [
            self._section(f"original/{path}", "\n".join(original)),
            self._section(f"current/{path}", "\n".join(current)),
            FILE_SEP + self._reserved.hide(f"updated/{path}"),
        ]

    def _section(self, title: str, text: str) -> str:
        return FILE_SEP + self._reserved.hide(f"{title}\n{text}")

    def _changes(self, events: Sequence[BufferChange]) -> list[str]:
        """The latest changes, newest last; those too large to learn from are passed over."""
        sections: list[str] = []
        for event in reversed(events):
            for hunk in reversed(hunks_of(event.diff)):
                if len(sections) < MAX_CHANGES and _is_small(hunk):
                    sides = f"original:\n{_bare(hunk.old)}\nupdated:\n{_bare(hunk.new)}"
                    sections.append(self._section(f"{event.path}.diff", sides))
        return sections[::-1]

    def _related(self, files: Sequence[RelatedFile]) -> Iterator[str]:
        excerpts = ((file.path, excerpt) for file in files for excerpt in file.excerpts)
        for path, excerpt in sorted(excerpts, key=lambda pair: pair[1].order):
            yield self._section(path, _bare(excerpt.text))

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read the rows up to a stop string; the newline that ends the heading is dropped."""
        body = output[: self._reserved.first_in(output)]
        complete = len(body) < len(output)
        if not body.strip():
            return Answer(complete=complete)
        text = self._reserved.show(body.removeprefix("\n"))
        return Answer((Replacement(*prompt.editable, text),), complete=complete)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The rows as far as they cannot be the beginning of a stop string."""
        body = self._reserved.certain(output.removeprefix("\n"))
        return Replacement(*prompt.editable, self._reserved.show(body))

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """The new rows and the end; a cursor cannot be said in this format."""
        region = region_text(given, prompt.editable) if new_region is None else new_region
        return f"\n{self._reserved.hide(region)}<|endoftext|>"


def _window(row_count: int, cursor_row: int) -> tuple[int, int]:
    """Rows ``[first, last)``: 21 around the cursor, moved inside the excerpt."""
    first = max(0, min(cursor_row - WINDOW_ROWS // 2, row_count - WINDOW_ROWS))
    return first, min(first + WINDOW_ROWS, row_count)


def _bytes_of_rows(rows: Sequence[str], first: int, last: int) -> tuple[int, int]:
    start = sum(len(row.encode()) + 1 for row in rows[:first])
    return start, start + len("\n".join(rows[first:last]).encode())


def _before_latest_change(
    given: PromptInput, rows: Sequence[str], first: int, last: int
) -> Sequence[str]:
    """The window before the latest change to this file, as far as it can be taken back."""
    latest = next((e for e in reversed(given.events) if e.path == given.cursor_path), None)
    for hunk in reversed(hunks_of(latest.diff) if latest else ()):
        found = undone(rows, hunk, hunk.new_row - (given.excerpt_start_row or 0))
        if found:
            rows, row, added = found
            first, last = _moved_back(first, last, row, added)
    return rows[first:last]


def _moved_back(first: int, last: int, row: int, added: int) -> tuple[int, int]:
    """Where the rows ``[first, last)`` were before `added` rows came at `row`."""
    if row < first:
        return max(row, first - added), max(row, last - added)
    if row < last:
        return first, max(first, last - added)
    return first, last


def _is_small(hunk: Hunk) -> bool:
    return max(hunk.old.count("\n"), hunk.new.count("\n")) <= MAX_CHANGE_ROWS


def _bare(text: str) -> str:
    return text.removesuffix("\n")


FORMATS: tuple[Format, ...] = (Sweep(),)
