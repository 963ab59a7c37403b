"""Strings that are reserved only at the start of a line, or as a whole line.

A line ``=======`` ends the region of a merge-marker prompt; a rule of thirty such signs, or seven
in the middle of a line, is ordinary text that must reach the model as it is.
"""

import re
from collections.abc import Sequence

from zeta_lsp.core.formats.reserved import _JOINER, Reserved


class ReservedLines(Reserved):
    """Strings reserved anywhere (`markers`), at a line's start, or as a whole line."""

    def __init__(
        self, markers: Sequence[str], line_starts: Sequence[str] = (), lines: Sequence[str] = ()
    ) -> None:
        super().__init__(markers)
        shapes = [_veiled(marker) for marker in markers]
        shapes += [_veiled(start, at_line_start=True) for start in line_starts]
        shapes += [_veiled(line, at_line_start=True) + r"(?![^\r\n])" for line in lines]
        self._veiled = re.compile("|".join(shapes))

    def show_at(self, text: str, offset: int) -> tuple[str, int]:
        """What was hidden, as it was, and where in it an offset (code points) now is."""
        if _JOINER not in text:
            return text, offset
        joiners = [
            match.start() + 1
            for match in self._veiled.finditer(text)
            if match.group()[1] == _JOINER
        ]
        return self.show(text), offset - sum(at < offset for at in joiners)


def _veiled(marker: str, *, at_line_start: bool = False) -> str:
    """A pattern for a marker, hidden or not.

    It looks back only behind its first character: a pattern whose alternatives all begin with a
    plain character is searched for several times faster than one that begins with ``^``.
    """
    first = re.escape(marker[0])
    behind = rf"(?<![^\n]{first})" if at_line_start else ""
    return f"{first}{behind}{_JOINER}*{re.escape(marker[1:])}"
