"""The desk of the imagined person: open files, the history that a server would keep, and a clock.

What is done here goes through the same documents, the same telling of sources and the same history
as a live session, notification by notification. So what a prompt shows of it is what it would have
shown of a person who did the same.
"""

from collections.abc import Mapping

from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Edit, HistoryEvent, Splice
from zeta_lsp.core.history import History
from zeta_lsp.core.provenance import Provenance
from zeta_lsp.core.text import Encoding

Point = tuple[int, int]
"""Row and code-point column."""


class Desk:
    """Files by their paths in a repository that is called `name`.

    `edits` is everything that was done, in order; `cursor` is where the last of it ended.
    """

    def __init__(self, name: str, texts: Mapping[str, str]) -> None:
        self._name = name
        self._history = History()
        self._provenance = Provenance()
        self._documents = {
            path: Document(path, "", 0, text, Encoding.UTF32) for path, text in texts.items()
        }
        self._marks: list[Mark] = []
        self.now_s = 0.0
        self.edits: list[Edit] = []
        self.path = next(iter(texts))
        self.cursor: Point = (0, 0)

    def document(self, path: str) -> Document:
        """An open file."""
        return self._documents[path]

    def text(self, path: str) -> str:
        """The text of a file as it is now."""
        return self._documents[path].text()

    def shown_path(self, path: str) -> str:
        """What prompts call a file."""
        return f"{self._name}/{path}"

    def events(self) -> tuple[HistoryEvent, ...]:
        """The history, oldest first."""
        return self._history.events()

    def replace(self, path: str, start: Point, end: Point, text: str) -> None:
        """One notification: some text in the place of some other."""
        document = self._documents[path]
        change = Change(text, Range(Position(*start), Position(*end)))
        splices = document.apply(document.version + 1, [change])
        assert document.unsynced is None, document.unsynced
        sources = self._provenance.classify(document, splices, self.now_s)
        for splice, source in zip(splices, sources, strict=True):
            edit = Edit(path, document.version, splice, source, self.now_s)
            self._history.record(document, edit, self.shown_path(path))
            self.edits.append(edit)
            for mark in self._marks:
                mark.move(path, splice)
            self.look_at(path, (splice.new_end_row, splice.new_end_col))

    def look_at(self, path: str, cursor: Point) -> None:
        """Put the cursor somewhere."""
        self.path, self.cursor = path, cursor

    def mark(self, path: str, at: Point) -> "Mark":
        """Remember a place; it moves with the text before it."""
        self._marks.append(Mark(path, at))
        return self._marks[-1]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


class Mark:
    """A place in a file, in front of some text that nobody touches meanwhile."""

    def __init__(self, path: str, at: Point) -> None:
        self.path = path
        self.at = at

    def move(self, path: str, splice: Splice) -> None:
        """Follow what was done in a file."""
        (row, col), end = self.at, (splice.old_end_row, splice.old_end_col)
        if path != self.path or end > self.at:
            return
        if splice.old_end_row == row:
            col += splice.new_end_col - splice.old_end_col
        self.at = (row + splice.row_delta, col)
