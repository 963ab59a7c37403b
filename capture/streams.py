"""The events of one file as rows of the store, so that a session can be played again.

An event is stored as `core.recording` has it, but for what names the person or is stored elsewhere:
the path that prompts use stands where the editor's URI stood, the absolute paths are gone, and a
question is without its input, which its snapshot holds.
"""

from typing import Any

import msgspec

from capture.rows import Stream
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.recording import Asked, Edited, Happened, Opened, Recordable, Remarked


class Tape:
    """What happened in one file since it was last written down."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._events: list[tuple[int, float, Any]] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not self._events

    def add(self, seq: int, time: float, event: Recordable) -> None:
        """Note an event; `time` is since 1970."""
        self._events.append((seq, time, _storable(event, self._path)))

    def drop(self) -> None:
        """Forget what is not written yet."""
        self._events.clear()

    def row(self, session: str, project: str) -> Stream:
        """All of it as one row; the tape is empty then."""
        events, self._events = self._events, []
        return Stream(
            session=session,
            seq=events[-1][0],
            first_seq=events[0][0],
            time=events[-1][1],
            project=project,
            path=self._path,
            events=msgspec.json.encode(events),
        )


def _storable(event: Recordable, path: str) -> Recordable:
    if isinstance(event, Edited):
        replace = msgspec.structs.replace
        return Edited(tuple(replace(edit, uri=path) for edit in event.edits))
    if isinstance(event, Opened):
        return msgspec.structs.replace(event, uri=path, file="", root="")
    if isinstance(event, Asked):
        given = PromptInput(path, "", 0)
        return msgspec.structs.replace(event, uri=path, given=given, sources=())
    if isinstance(event, Happened | Remarked):
        return event
    return msgspec.structs.replace(event, uri=path)
