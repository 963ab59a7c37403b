"""The files that the person looked at or edited lately, and where in them they were.

A file counts when it is opened or turned to, when the cursor rests in it, and when it is closed:
never per key. What no prompt may show is not remembered.
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from zeta_lsp.core.related import Visit
from zeta_lsp.server.openfile import OpenFile

REMEMBERED = 8


class _Stay(msgspec.Struct, frozen=True):
    row: int
    seen_s: float


class Recent:
    """The latest files of a session. `clock` counts monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._stays: OrderedDict[str, _Stay] = OrderedDict()

    def visit(self, file: OpenFile) -> None:
        """The person is in a file."""
        if file.place.path is None or file.place.root is None:
            return
        path = str(file.place.path)
        before = self._stays.pop(path, None)
        if file.excluded is not None:
            return
        row = file.cursor[0]
        if row == 0 and before is not None:  # nobody has said where the cursor is: where it was
            row = before.row
        self._stays[path] = _Stay(row, self._clock())
        while len(self._stays) > REMEMBERED:
            self._stays.popitem(last=False)

    def visits(self) -> tuple[Visit, ...]:
        """Where the person was, the latest first."""
        now_s = self._clock()
        return tuple(
            Visit(path, stay.row, now_s - stay.seen_s)
            for path, stay in reversed(self._stays.items())
        )
