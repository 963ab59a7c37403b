"""The rows that a script is about, where they stand at the desk."""

from pipeline.synthesis.desk import Desk, Point
from pipeline.synthesis.script import Script
from zeta_lsp.core.replacement import advanced
from zeta_lsp.core.text import line_length


class Place:
    """The text of a script as it is by now.

    While a name is another than the script says, everything behind it stands elsewhere: `drift` is
    the name's offset and by how much.
    """

    def __init__(self, desk: Desk, path: str, base: Point, text: str) -> None:
        self._desk = desk
        self._base = base
        self._text = text
        self.path = path
        self.drift: tuple[int, int] | None = None

    def point(self, at: int) -> Point:
        """Where an offset of the script is in the file."""
        return advanced(*self._base, self._text[: self._real(at)])

    def replace(self, at: int, length: int, text: str) -> None:
        """One notification."""
        start = self._real(at)
        end = start + length
        first = advanced(*self._base, self._text[:start])
        last = advanced(*self._base, self._text[:end])
        self._desk.replace(self.path, first, last, text)
        self._text = self._text[:start] + text + self._text[end:]

    def indent(self, at: int, wanted: str) -> str:
        """What an editor puts before the first character of a row that begins there."""
        row, col = self.point(at)
        above = self._desk.document(self.path).lines[row][:col]
        indent = above[: len(above) - len(above.lstrip())]
        is_opening = above.rstrip().endswith((":", "{", "(", "[", "=>", "->"))
        return wanted if is_opening and wanted.startswith(indent) else indent

    def _real(self, at: int) -> int:
        return at + self.drift[1] if self.drift is not None and at > self.drift[0] else at


def place_of(desk: Desk, path: str, row: int, script: Script) -> Place:
    """Where a script takes place if its rows begin at `row`."""
    if not script.is_below:
        return Place(desk, path, (row, 0), script.text)
    above = desk.document(path).lines[row - 1]
    return Place(desk, path, (row - 1, line_length(above)), script.text)
