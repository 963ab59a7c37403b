"""The sections of a Zeta 2 prompt beside the cursor's: edit history and related files.

Both are filled by Zed's rules, which count every piece in estimated tokens by itself:

* *History.* Newest first, at most 6 events, until the first that does not fit beside the heading;
  printed oldest first. Without any event there is no section.
* *Related files.* Excerpts by `order`, then as they come, until the first that does not fit; a
  file's heading counts once. Printed file by file, with a line ``...`` where rows are left out
  before the next excerpt or the end of the file. An excerpt of the cursor's own file that lies
  within the shown rows is left out.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.text import byte_length, estimate_tokens, without_surrogates

MAX_EVENTS = 6
OMITTED = "...\n"


def tokens(text: str) -> int:
    """Estimated tokens of a piece."""
    return estimate_tokens(byte_length(text))


def with_newline(text: str) -> str:
    """Text that ends with a newline."""
    return text if text.endswith("\n") else text + "\n"


def event_text(event: BufferChange) -> str:
    """One event as prompts show it (Zed's `write_event`)."""
    accepted = "// User accepted prediction:\n" if event.predicted else ""
    return f"{accepted}--- a/{event.old_path}\n+++ b/{event.path}\n{event.diff}"


def history_section(
    events: Sequence[BufferChange], heading: str, left_tokens: int, reserved: Reserved
) -> str:
    """The latest events that fit, under a heading."""
    left_tokens -= tokens(heading)
    if left_tokens <= 0:
        return ""
    shown: list[str] = []
    for event in reversed(events[-MAX_EVENTS:]):
        text = reserved.hide(without_surrogates(event_text(event)))
        left_tokens -= tokens(text)
        if left_tokens < 0:
            break
        shown.append(text)
    return heading + "".join(reversed(shown)) if shown else ""


def related_section(
    files: Sequence[RelatedFile], file_mark: str, left_tokens: int, reserved: Reserved
) -> str:
    """The most relevant excerpts that fit, by file."""
    printed = [_Printed(file, file_mark, reserved) for file in files]
    ranked = sorted(
        (excerpt.order, file_index, index)
        for file_index, file in enumerate(files)
        for index, excerpt in enumerate(file.excerpts)
    )
    for _, file_index, index in ranked:
        left_tokens = printed[file_index].take(index, left_tokens)
        if left_tokens < 0:
            break
    return "".join(file.text() for file in printed)


def without_shown(
    files: Sequence[RelatedFile] | None, path: str, rows: tuple[int, int] | None
) -> Sequence[RelatedFile]:
    """The files without those excerpts of `path` that lie within the shown rows."""
    if not files or rows is None:
        return files or ()
    return [_unseen(file, rows) if file.path == path else file for file in files]


def _unseen(file: RelatedFile, rows: tuple[int, int]) -> RelatedFile:
    first, end = rows
    kept = tuple(
        excerpt
        for excerpt in file.excerpts
        if excerpt.row_range[0] < first or excerpt.row_range[1] > end
    )
    return msgspec.structs.replace(file, excerpts=kept)


class _Printed:
    """One file on its way into the prompt."""

    def __init__(self, file: RelatedFile, file_mark: str, reserved: Reserved) -> None:
        self._file = file
        self._reserved = reserved
        self._heading = f"{file_mark}{self._shown(file.path)}\n"
        self._texts: dict[int, str] = {}

    def take(self, index: int, left_tokens: int) -> int:
        """Print one more excerpt if it fits; the tokens left, negative if it did not."""
        excerpt = self._file.excerpts[index]
        text = with_newline(self._shown(excerpt.text))
        omitted = OMITTED if excerpt.row_range[1] < self._file.max_row else ""
        left_tokens -= tokens(text + omitted) + (0 if self._texts else tokens(self._heading))
        if left_tokens >= 0:
            self._texts[index] = text if excerpt.text else ""
        return left_tokens

    def text(self) -> str:
        """The heading and what was taken, in the file's order."""
        if not self._texts:
            return ""
        taken = sorted(self._texts)
        next_rows = [self._file.excerpts[index].row_range[0] for index in taken[1:]]
        next_rows.append(self._file.max_row)
        parts = [self._heading]
        for index, next_row in zip(taken, next_rows, strict=True):
            parts.append(self._texts[index])
            if self._file.excerpts[index].row_range[1] < next_row:
                parts.append(OMITTED)
        return "".join(parts)

    def _shown(self, text: str) -> str:
        return self._reserved.hide(without_surrogates(text))
