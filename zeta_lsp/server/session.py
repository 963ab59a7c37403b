"""One client's session: joins documents, engine, predictions and commands, and holds their state.

`initialize` is answered from plain values. What needs time (settings, models, grammars) comes right
after the reply, or with the first message that needs it, whichever is first.
"""

import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.exclusion import Exclusions
from zeta_lsp.core.layers import from_editor
from zeta_lsp.core.pacing import Pacing
from zeta_lsp.core.ports import Predictor, Watcher
from zeta_lsp.core.shadow import Shadow
from zeta_lsp.server.around import Around, Wish
from zeta_lsp.server.bridge import Bridge, has_bridge
from zeta_lsp.server.capabilities import initialize_result
from zeta_lsp.server.capturing import Capture
from zeta_lsp.server.checks import Checks
from zeta_lsp.server.commands import Client, Commands
from zeta_lsp.server.doors import Doors
from zeta_lsp.server.elsewhere import Elsewhere
from zeta_lsp.server.encoding import encoding_for
from zeta_lsp.server.engine import Engine
from zeta_lsp.server.gate import Gate
from zeta_lsp.server.hints import Hints
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import DidOpen
from zeta_lsp.server.predictions import Predictions
from zeta_lsp.server.progress import Progress, shows_progress
from zeta_lsp.server.shadows import BridgeShadow, has_check
from zeta_lsp.server.status import Status, state_of, wants_status
from zeta_lsp.server.sync import Sync
from zeta_lsp.server.tape import Tape
from zeta_lsp.server.workspace import Workspace, rule_against

if TYPE_CHECKING:  # it imports pydantic, which waits until `initialize` is answered
    from zeta_lsp.core.resolve import Resolved

PROJECT_FILE = ".zeta.toml"
_COPILOTS_OPTIONS = frozenset({"editorInfo", "editorPluginInfo", "networkProxy"})
JOURNAL_S = 0.5
"""Entries gather this long before they are handed to the journal in one batch."""


class Session:
    """The state of one connection."""

    def __init__(self, doors: Doors, client: Client) -> None:
        self.doors = doors
        self.client = client
        self.tape = Tape(doors.clock)
        self.ledger = Ledger(secrets.token_hex(4), doors.wall_clock, self.tape)
        self.capture = Capture(doors, self.tape, client)
        self.around = Around(doors.gatherer_for, doors.clock, Progress(client, doors.clock))
        self.shadows: list[Shadow] = []
        self.status = Status(client, lambda: state_of(self.predictions))
        self.hints = Hints(self)
        self.ledger.changed = self._changed
        self.workspace = Workspace()
        self.sync = Sync(self.workspace, doors, self.ledger, self.around)
        self.elsewhere = Elsewhere(self.sync.files, self.workspace, self.ledger, doors.clock)
        self.resolved: Resolved | None = None
        self._options = self._editor = from_editor(None)
        self._running: tuple[Predictions, Commands] | None = None
        self._exclusions = Exclusions()
        self._told: set[str] = set()
        self._journal: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Future[None]] = set()
        self._watcher: Watcher | None = None
        self.client_watches = False

    def initialize(self, params: dict[str, Any]) -> dict[str, Any]:
        """The `InitializeResult`; the rest of the start follows the reply."""
        encoding = self.sync.encoding = self.elsewhere.encoding = encoding_for(params)
        for uri, name in _folders(params):
            self.workspace.add(uri, name)
        if has_bridge(params.get("capabilities")):
            self.around.doors.append(Bridge(self.client, self.sync.files))
        if has_check(params.get("capabilities")):
            self.shadows.append(BridgeShadow(self.client, self.sync.files))
        self.around.progress.is_wanted = shows_progress(params.get("capabilities"))
        self.status.is_wanted = wants_status(params.get("capabilities"))
        self._editor = self._options = from_editor(_ours(params), all_ours=True)
        loop = asyncio.get_running_loop()
        loop.call_soon(self.start)
        self._journal = loop.call_later(JOURNAL_S, self._write_journal)
        return initialize_result(params, encoding)

    def lost(self, method: str | None, uri: str | None) -> None:
        """A notification was lost: the text of what it was about is in doubt."""
        if uri is not None and (file := self.sync.files.get(uri)) is not None:
            self.sync.doubt(file, "message_lost")
        elif uri is None and (method is None or method.startswith("textDocument/did")):
            self.sync.doubt_all("message_lost")

    @property
    def predictions(self) -> Predictions:
        """What answers prediction requests."""
        return self.start()[0]

    @property
    def commands(self) -> Commands:
        """What runs commands."""
        return self.start()[1]

    def start(self) -> tuple[Predictions, Commands]:
        """Read the settings and join the parts, once."""
        if self._running is None:
            self._running = self._join(self._load())
        return self._running

    def configure(self, options: Any) -> None:
        """``workspace/didChangeConfiguration``: the editor's word, which can only narrow.

        Many clients send one right after the start, empty: what they said at first still counts.
        """
        says_something = isinstance(options, dict) and "zeta" in options
        self._editor = from_editor(options) if says_something else self._options
        self.reload()

    def folders_changed(self, added: list[tuple[str, str]], removed: list[str]) -> None:
        """``workspace/didChangeWorkspaceFolders``: URIs and names, and URIs."""
        for uri in removed:
            self.workspace.remove(uri)
        for uri, name in added:
            self.workspace.add(uri, name)
        self.sync.place_anew()
        self.reload()

    def renamed(self, old_uri: str, new_uri: str) -> None:
        """``workspace/didRenameFiles``: a file that became a secret leaves nothing behind."""
        self.sync.renamed(old_uri, new_uri)
        if self._is_secret(new_uri):
            self.sync.forget(lambda uri: uri in (old_uri, new_uri))

    def reload(self) -> None:
        """Read all settings again and go on with them."""
        if self._running is None:
            return
        old, before = self._running[0].engine, self.resolved
        resolved = self._load()
        same = before and before.settings.active_endpoint == resolved.settings.active_endpoint
        self._running = self._join(resolved, old.predictor if same else None)
        self._running[0].engine.gate.paused = old.gate.paused
        closing = asyncio.ensure_future(old.aclose("settings_changed", keep_predictor=bool(same)))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    def did_open(self, params: DidOpen) -> None:
        """``textDocument/didOpen``."""
        file = self.sync.did_open(params)
        self.start()
        self._take_in(file)
        self.around.recent.visit(file)
        self.tape.opened(file)

    def disk_changed(self, path: Path) -> None:
        """A file changed on disk; a project's own settings count at once."""
        if path.name == PROJECT_FILE and any(path.parent == r.path for r in self.workspace.roots):
            self.reload()
        else:
            self.sync.disk_changed(path)
            self.around.disk_changed(path)

    async def aclose(self) -> None:
        """The connection ended."""
        self.status.close()
        self.hints.close()
        if self._journal is not None:
            self._journal.cancel()
        if self._watcher is not None:
            self._watcher.close()
        try:
            if self._running is not None:
                await self._running[0].engine.aclose("closed")
            await asyncio.gather(*self._closing)
        finally:  # there may not be the time for all of it
            self.sync.close_all()
            self.doors.enter(self.ledger.take_new())
            await self.capture.aclose()
            await self.around.aclose()

    def _changed(self) -> None:
        self.status.touched()
        self.hints.touched()

    def _load(self) -> "Resolved":
        roots = [root.path for root in self.workspace.roots]
        resolved = self.doors.load_settings(roots, self._editor)
        self._tell_problems(resolved)
        return resolved

    def _join(
        self, resolved: "Resolved", predictor: Predictor | None = None
    ) -> tuple[Predictions, Commands]:
        predict = resolved.settings.predict
        self.resolved = resolved
        self._exclusions = Exclusions(predict.disabled_globs)
        for file in self.sync.files.values():
            self._take_in(file)
        self.sync.forget(self._is_secret)
        pacing = Pacing(
            debounce_ms=predict.debounce_ms,
            throttle_ms=predict.throttle_ms,
            max_in_flight=predict.max_in_flight,
        )
        engine = Engine(
            predictor or self._predictor(resolved),
            Gate(predict),
            pacing,
            self.ledger,
            self.doors.clock,
            Checks(self.shadows, predict.check_ms / 1e3),
            self.elsewhere,
        )
        self.sync.engine = engine
        self.capture.configure(resolved.settings, self.sync.files.values())
        self.around.configure(self._wish(resolved))
        predictions = Predictions(
            self.sync.files, engine, self.ledger, self.around, self.sync.jumping
        )
        return predictions, Commands(predictions, self.client, self.capture)

    def _wish(self, resolved: "Resolved") -> Wish:
        """What to gather of the workspace; the embedded model has no use for other files."""
        settings = resolved.settings
        is_read = settings.active_endpoint.kind != "repeat" or self.tape.recorder is not None
        return Wish(
            definitions=settings.context.definitions and is_read,
            diagnostics=settings.context.diagnostics,
            roots=tuple(root.path for root in self.workspace.roots),
            names=tuple(root.path.name for root in self.workspace.roots),
            globs=tuple(settings.predict.disabled_globs),
        )

    def _predictor(self, resolved: "Resolved") -> Predictor:
        from zeta_lsp.core.settings import endpoint_of

        try:
            return self.doors.predictor_for(endpoint_of(resolved.settings.active_endpoint))
        except UsageError as fault:
            self.client.show_message(f"zeta-lsp: {fault}; the embedded model answers")
            return self.doors.predictor_for(Endpoint(kind="repeat"))

    def _take_in(self, file: OpenFile) -> None:
        """Settle what is asked once per file and not per key."""
        assert self.resolved is not None
        file.excluded = rule_against(file.place, self._exclusions)
        if file.excluded is not None:
            self.tape.closed(file)
        file.document.limit_lines(self.resolved.settings.predict.max_line_chars)
        self._watch(file)

    def _is_secret(self, uri: str) -> bool:
        return rule_against(self.workspace.place(uri), self._exclusions) is not None

    def _watch(self, file: OpenFile) -> None:
        """Hear of changes on disk, unless the client promised to tell."""
        if self.client_watches or file.place.path is None:
            return
        if self._watcher is None:
            loop = asyncio.get_running_loop()

            def changed(path: Path) -> None:
                loop.call_soon_threadsafe(self.disk_changed, path)

            self._watcher = self.doors.watcher_for(changed)
        self._watcher.watch(file.place.path.parent)
        if file.place.root is not None:
            self._watcher.watch(file.place.root.path)

    def _tell_problems(self, resolved: "Resolved") -> None:
        """Tell the person once what is wrong in the settings; names only, never values."""
        fresh = [text for problem in resolved.problems if (text := str(problem)) not in self._told]
        self._told.update(fresh)
        if fresh:
            self.client.show_message("zeta-lsp settings: " + "; ".join(fresh))

    def _write_journal(self) -> None:
        self.sync.expire()
        self.elsewhere.expire()
        self.capture.look(self.sync.files.values)
        self.status.touched()
        if self.resolved is not None:  # who is recorded has a use for context whatever the model
            self.around.configure(self._wish(self.resolved))
        new = self.ledger.take_new()
        if new:
            self.doors.enter(new)
        loop = asyncio.get_running_loop()
        self._journal = loop.call_later(JOURNAL_S, self._write_journal)


def _ours(params: dict[str, Any]) -> object:
    """The options that are meant for us: clients made for Copilot send theirs as well."""
    options = params.get("initializationOptions")
    if not isinstance(options, dict):
        return options
    return {name: value for name, value in options.items() if name not in _COPILOTS_OPTIONS}


def _folders(params: dict[str, Any]) -> list[tuple[str, str]]:
    """URIs and names of the workspace folders, in the form of every version of the protocol."""
    folders = folders_in(params.get("workspaceFolders"))
    if folders:
        return folders
    if isinstance(params.get("rootUri"), str):
        return [(params["rootUri"], "")]
    if isinstance(params.get("rootPath"), str):
        return [(Path(params["rootPath"]).absolute().as_uri(), "")]
    return []


def folders_in(given: object) -> list[tuple[str, str]]:
    """URIs and names of the workspace folders in a list of them."""
    if not isinstance(given, list):
        return []
    return [
        (str(folder.get("uri", "")), str(folder.get("name", "")))
        for folder in given
        if isinstance(folder, dict)
    ]
