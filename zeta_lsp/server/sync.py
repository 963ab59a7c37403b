"""Following the client's documents: what is opened, changed, saved, renamed and closed.

Each change goes the same way: into the mirror, past the suggestion at hand (was it accepted, typed,
contradicted?), into the history with its source, and into the splices that move late answers. All
of it costs what the change touches.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Edit, Splice
from zeta_lsp.core.history import History
from zeta_lsp.core.keystrokes import is_key
from zeta_lsp.core.lifecycle import Happening
from zeta_lsp.core.provenance import Hints, Provenance
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.around import Around
from zeta_lsp.server.doors import Doors
from zeta_lsp.server.engine import Engine
from zeta_lsp.server.jumping import Jumping
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import DidChange, DidClose, DidOpen, DidSave
from zeta_lsp.server.suggestion import NOTHING, Step, Suggestion
from zeta_lsp.server.workspace import Root, Workspace

OWN_SAVE_S = 1.0
"""A write seen so soon after the editor saved is its own, reported late."""
RELOAD_S = 5.0
"""An editor that has not read a changed file again by then asked the person first."""


class Sync:
    """The open documents of a session.

    `engine` is set once the settings are known. The history takes in only what may stand in
    prompts: an edit of a secret would reach them as a recent edit otherwise.
    """

    def __init__(self, workspace: Workspace, doors: Doors, ledger: Ledger, around: Around) -> None:
        self.workspace = workspace
        self.doors = doors
        self.ledger = ledger
        self.tape = ledger.tape
        self.around = around
        self.encoding = Encoding.UTF16
        self.engine: Engine | None = None
        self.files: dict[str, OpenFile] = {}
        self.jumping = Jumping(self.files, ledger, doors.clock)
        around.files = self.files
        self._histories: dict[Root | None, History] = {}
        self._provenance = Provenance()

    def did_open(self, params: DidOpen) -> OpenFile:
        """``textDocument/didOpen``: a full text, which also mends a document in doubt."""
        item = params.text_document
        self._close(item.uri)
        version = 0 if item.version is None else item.version
        document = Document(item.uri, item.language_id, version, item.text, self.encoding)
        place = self.workspace.place(item.uri)
        history = self._histories.setdefault(place.root, History())
        syntax = self.doors.syntax_for(item.language_id, place.prompt_path)
        file = self.files[item.uri] = OpenFile(document, place, history, syntax)
        return file

    def did_change(self, params: DidChange) -> None:
        """``textDocument/didChange``: the keystroke path."""
        file = self.files.get(params.text_document.uri)
        if file is None:
            return
        document = file.document
        revision_before = document.revision
        splices = document.apply(params.text_document.version, params.content_changes)
        if document.unsynced is not None:
            self.doubt(file, document.unsynced)
        taken_whole = document.unsynced is None and document.revision - revision_before != len(
            splices
        )
        if taken_whole:
            file.forget_splices()
        if splices:
            self._changed(file, splices)
        if taken_whole:
            self.tape.opened(file)

    def did_save(self, params: DidSave) -> None:
        """``textDocument/didSave``: formatters have run."""
        file = self.files.get(params.text_document.uri)
        if file is not None:
            self.tape.saved(file)
            self._provenance.formatted(file.document)
            file.saved_s = self.doors.clock()
            file.disk_changed_s = float("-inf")  # that was the editor itself

    def did_close(self, params: DidClose) -> None:
        """``textDocument/didClose``."""
        self._close(params.text_document.uri)

    def will_save(self, uri: str) -> None:
        """``textDocument/willSave``: formatters are about to run."""
        file = self.files.get(uri)
        if file is not None:
            self._provenance.expect_formatting(file.document, self.doors.clock())

    def disk_changed(self, path: Path) -> None:
        """A file was written; if not by the editor, the editor will read it again soon."""
        now_s = self.doors.clock()
        for file in self.files.values():
            mine = path in (file.place.path, file.place.real_path)
            if mine and now_s - file.saved_s > OWN_SAVE_S:
                file.disk_changed_s = now_s

    def renamed(self, old_uri: str, new_uri: str) -> None:
        """``workspace/didRenameFiles``: the next edit says what the file was called."""
        for history in self._histories.values():
            history.rename(old_uri, new_uri)

    def forget(self, is_secret: Callable[[str], bool]) -> None:
        """Forget the recent edits of documents that no prompt may show any more."""
        for history in self._histories.values():
            history.forget(is_secret)

    def place_anew(self) -> None:
        """The workspace folders changed: files may belong to others, and with them their edits."""
        for file in self.files.values():
            place = self.workspace.place(file.uri)
            if place.root != file.place.root:
                file.history.finish(file.document)
                file.history = self._histories.setdefault(place.root, History())
            file.place = place
        kept = {None, *self.workspace.roots}
        self._histories = {root: one for root, one in self._histories.items() if root in kept}

    def doubt(self, file: OpenFile, reason: str) -> None:
        """The text of a file is no longer known; nothing is predicted until a full one arrives."""
        file.document.unsynced = file.document.unsynced or reason
        file.history.finish(file.document)
        file.forget_splices()
        self._drop(file, "unsynced")
        self.tape.doubted(file, reason)

    def doubt_all(self, reason: str) -> None:
        """Something was lost, and it may have been about any file."""
        for file in self.files.values():
            self.doubt(file, reason)

    def expire(self) -> None:
        """End the suggestions and jumps that nobody took up."""
        now_s = self.doors.clock()
        for file in self.files.values():
            held = file.suggestion
            if held is not None and held.is_ignored(now_s):
                self.ledger.happened(held, Happening.EXPIRE)
                self._forsake(file, held)
            self.jumping.look(file)

    def close_all(self) -> None:
        """The session ends."""
        for uri in list(self.files):
            self._close(uri)

    def _changed(self, file: OpenFile, splices: Sequence[Splice]) -> None:
        now_s, document = self.doors.clock(), file.document
        step = self._follow(file, splices, now_s)
        for ident in file.aftermath.undone(document.fingerprint, now_s):
            self.ledger.undone(ident)
        hints = Hints(step.accepted, disk=self._is_from_disk(file, splices, now_s))
        sources = self._provenance.classify(document, splices, now_s, hints)
        edits = [
            Edit(document.uri, document.version, splice, source, now_s)
            for splice, source in zip(splices, sources, strict=True)
        ]
        self.tape.edited(file, edits)
        if self.engine is not None and self.engine.gate.lets_out(file):
            self._record(file, edits)
            self.engine.warm(file)
        file.remember(splices)
        file.cursor = (splices[-1].new_end_row, splices[-1].new_end_col)
        self.around.moved(file, now_s)
        if step.happening is Happening.ACCEPT and file.suggestion is None:
            self._speculate(file)

    def _record(self, file: OpenFile, edits: Sequence[Edit]) -> None:
        if len(edits) == 1:
            file.history.record(file.document, edits[0], file.place.prompt_path)
        else:
            file.history.record_all(file.document, edits, file.place.prompt_path)

    def _is_from_disk(self, file: OpenFile, splices: Sequence[Splice], now_s: float) -> bool:
        """Whether the editor read the file again: it does so soon, and not key by key."""
        if now_s - file.disk_changed_s > RELOAD_S or all(map(is_key, splices)):
            return False
        file.disk_changed_s = float("-inf")
        return True

    def _follow(self, file: OpenFile, splices: Sequence[Splice], now_s: float) -> Step:
        """What a change did to the suggestion at hand."""
        suggestion = file.suggestion
        if suggestion is None:
            return NOTHING
        step = suggestion.follow(splices, file.document.lines, now_s)
        if step.happening is Happening.ACCEPT:
            file.aftermath.accepted(suggestion.ident, file.document.trail[0], now_s)
            file.accepted_revision = file.document.revision
        if step.happening is not None:
            reason = "contradicted" if step.happening is Happening.CONTRADICT else ""
            self.ledger.happened(suggestion, step.happening, reason)
        if step.happening is Happening.CONTRADICT:
            self._forsake(file, suggestion)
        elif suggestion.fresh:
            file.remember_answer(now_s)
        if not suggestion.clusters and suggestion.rest.done():
            file.suggestion = None
        return step

    def _forsake(self, file: OpenFile, suggestion: Suggestion) -> None:
        """Nobody wants the rest of a suggestion."""
        file.suggestion = None
        if self.engine is not None:
            self.engine.forsake(suggestion)

    def _speculate(self, file: OpenFile) -> None:
        if self.engine is not None:
            self.engine.speculate(file, *file.cursor)

    def _close(self, uri: str) -> None:
        file = self.files.pop(uri, None)
        if file is not None:
            file.history.finish(file.document)
            self._drop(file, "closed")
            self.tape.closed(file)
            self.around.closed(file)

    def _drop(self, file: OpenFile, reason: str) -> None:
        if self.engine is not None:
            self.engine.drop(file, reason)
        self.jumping.end(file, Happening.EXPIRE)
        if file.suggestion is not None:
            self.ledger.happened(file.suggestion, Happening.EXPIRE, reason)
            file.suggestion = None
