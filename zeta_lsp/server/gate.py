"""May a prediction be asked for at all? Every "no" has a reason word that `explain` shows.

Checked on every request, so everything here is a look at values that are kept anyway.
"""

from typing import TYPE_CHECKING

from zeta_lsp.server.openfile import OpenFile

if TYPE_CHECKING:  # it imports pydantic, which waits until `initialize` is answered
    from zeta_lsp.core.settings import PredictSettings


class Gate:
    """The conditions that hold for every file of a session."""

    def __init__(self, settings: "PredictSettings") -> None:
        self.settings = settings
        self.paused = False

    def refusal(self, file: OpenFile, *, explicit: bool) -> str | None:
        """Why no prediction is asked for in a file, or None.

        `explicit` says that the person asked: that is what manual mode waits for.
        """
        mode = self.settings.mode_for(file.document.language_id)
        if mode == "off":
            return "mode_off"
        if self.paused:
            return "paused"
        if mode == "manual" and not explicit:
            return "mode_manual"
        return self._unfit(file)

    def lets_out(self, file: OpenFile) -> bool:
        """Whether text of a file may stand in prompts, be it as an edit in another file's."""
        mode = self.settings.mode_for(file.document.language_id)
        return mode != "off" and self._unfit(file) is None

    def _unfit(self, file: OpenFile) -> str | None:
        document = file.document
        if file.excluded is not None:
            return "excluded_path"
        if document.unsynced is not None:
            return f"unsynced:{document.unsynced}"
        if document.looks_binary:
            return "binary"
        if document.size_bytes > self.settings.max_file_bytes:
            return "too_large"
        if document.has_long_line:
            return "long_lines"
        return None
