"""What a session hands to its recorder, if somebody consented to have one.

The tape is always there, so that nobody needs to ask; without a recorder, and for files that are
not recorded, it does nothing. What it does for the others is an append: the recorder reads later,
on a thread of its own, and what is needed for that is immutable.

Whether a file is recorded is decided when it is opened, by its workspace folder and by the rules of
exclusion; the recorder itself looks closer.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zeta_lsp.core.events import Edit
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.recording import (
    Answered,
    Asked,
    Closed,
    Doubted,
    Edited,
    Focused,
    Happened,
    Opened,
    Recorder,
    Remarked,
    Saved,
)
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.run import Run


class Tape:
    """The way from one session to its recorder.

    `sampling` is what the endpoint is asked for besides the prompt.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.recorder: Recorder | None = None
        self.sampling: Mapping[str, Any] = {}

    def use(self, recorder: Recorder | None, files: Iterable[OpenFile]) -> None:
        """Hand everything to this recorder from now on, beginning with the open files."""
        self.recorder = recorder
        for file in files:
            file.recorded = False
            self.opened(file)

    def opened(self, file: OpenFile) -> None:
        """A whole text is known: a file was opened, or its text was in doubt."""
        root = file.place.root
        file.recorded = (
            self.recorder is not None
            and file.excluded is None
            and file.document.unsynced is None
            and self.recorder.level(None if root is None else str(root.path)) is not None
        )
        if self.recorder is None or not file.recorded:
            return
        document, path = file.document, file.place.path
        self.recorder.take(
            Opened(
                uri=file.uri,
                path=file.place.prompt_path,
                language_id=document.language_id,
                version=document.version,
                text=document.text(),
                time_s=self.clock(),
                file="" if path is None else str(path),
                root="" if root is None else str(root.path),
            )
        )

    def edited(self, file: OpenFile, edits: Iterable[Edit]) -> None:
        """The splices of one notification. This is on the keystroke path."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Edited(tuple(edits)))

    def saved(self, file: OpenFile) -> None:
        """The editor wrote a file."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Saved(file.uri, self.clock()))

    def focused(self, file: OpenFile) -> None:
        """The person turned to a file."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Focused(file.uri, *file.cursor, self.clock()))

    def doubted(self, file: OpenFile, reason: str) -> None:
        """The text of a file is not known any more."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Doubted(file.uri, reason, self.clock()))
        file.recorded = False

    def closed(self, file: OpenFile) -> None:
        """A file was closed, or may not be recorded any more."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Closed(file.uri, self.clock()))
        file.recorded = False

    def asked(self, ident: str, run: Run) -> None:
        """A model is asked."""
        ask, snapshot = run.ask, run.snapshot
        if not ask.file.recorded or self.recorder is None:
            return
        self.recorder.take(
            Asked(
                ident=ident,
                uri=ask.file.uri,
                row=ask.row,
                col=ask.col,
                trigger=ask.trigger,
                given=snapshot.given,
                sources=snapshot.sources,
                time_s=run.started_s,
                waited_ms=(run.started_s - ask.made_s) * 1e3,
                receipts=snapshot.receipts,
            )
        )

    def answered(self, ident: str, run: Run, silence: Silence | None) -> None:
        """A question to a model is over; `silence` says why nothing of it may be shown."""
        if not run.ask.file.recorded or self.recorder is None:
            return
        reply = run.reply if run.reply is not None and not run.reply.partial else None
        self.recorder.take(_answered(ident, self.clock(), reply, silence, self.sampling))

    def happened(self, ident: str, file: OpenFile, ending: State, reason: str) -> None:
        """A prediction's life went on."""
        if file.recorded and self.recorder is not None:
            self.recorder.take(Happened(ident, ending, self.clock(), reason))

    def amended(self, ident: str, ending: State, remark: str) -> None:
        """More was learned of a prediction; of one that is not recorded this means nothing."""
        if self.recorder is None:
            return
        if remark:
            self.recorder.take(Remarked(ident, remark, self.clock()))
        else:
            self.recorder.take(Happened(ident, ending, self.clock()))


def _answered(
    ident: str,
    now_s: float,
    reply: Reply | None,
    silence: Silence | None,
    sampling: Mapping[str, Any],
) -> Answered:
    reason, detail = ("", "") if silence is None else (silence.reason, silence.detail)
    if reply is None:
        return Answered(ident, now_s, reason=reason, detail=detail)
    prompt = reply.prompt
    if prompt is not None:
        sampling = {**sampling, "max_tokens": prompt.max_tokens, "stop": list(prompt.stop)}
    return Answered(
        ident=ident,
        time_s=now_s,
        model=reply.model,
        format="" if prompt is None else prompt.format,
        editable=None if prompt is None else prompt.editable,
        context=None if prompt is None else prompt.context,
        prompt="" if prompt is None else prompt.text,
        output=reply.output,
        answer=reply.answer,
        finish=reply.finish,
        sampling={} if prompt is None else sampling,
        reason=reason,
        detail=detail,
        first_token_ms=reply.first_token_ms,
        total_ms=reply.total_ms,
    )
