"""A session without a process around it: scripted predictor, clock in hand, editor that records."""

import asyncio
import re
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.documents import Change, Position, Range
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.layers import Layer, Origin
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, RelatedFile, Replacement
from zeta_lsp.core.recording import Capturing, Level, Proposal, Recordable
from zeta_lsp.core.related import Found, Identifier, Place, Receipt, Visit
from zeta_lsp.core.resolve import Resolved, resolve
from zeta_lsp.core.surroundings import View
from zeta_lsp.server.doors import Doors
from zeta_lsp.server.features import Features
from zeta_lsp.server.params import DidChange, DidOpen, PositionRequest
from zeta_lsp.server.session import Session

URI = "file:///project/a.py"
Json = dict[str, Any]


class ScriptedPredictor:
    """Answers each request with what `answers` says; holds it back while `gate` is closed."""

    name = "scripted"
    needs_current_file = False

    def __init__(self) -> None:
        self.answers: list[Callable[[PromptInput], Sequence[Reply] | Exception]] = []
        self.asked: list[PromptInput] = []
        self.closed: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()

    async def predict(self, given: PromptInput) -> AsyncGenerator[Reply, None]:
        """See `core.ports.Predictor`."""
        number = len(self.asked)
        self.asked.append(given)
        self.started.set()
        try:
            await self.gate.wait()
            answer = self.answers[min(number, len(self.answers) - 1)]
            replies = answer(given)
            if isinstance(replies, Exception):
                raise replies
            for reply in replies:
                yield reply
                await asyncio.sleep(0)
        finally:
            self.closed.append(number)

    async def warm(self) -> None:
        """See `core.ports.Predictor`."""

    async def aclose(self) -> None:
        """See `core.ports.Predictor`."""


class FakeWatcher:
    """Watches nothing; tests report changes themselves."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        self.changed = changed

    def watch(self, folder: Path) -> None:
        """See `core.ports.Watcher`."""

    def close(self) -> None:
        """See `core.ports.Watcher`."""


class RecordingEditor:
    """The editor's side of commands."""

    versioned_edits = has_ghost_text = False
    shows_documents = maps_commands = renders_markdown = True
    name = "fake"
    version = "1"
    can_choose = True

    def __init__(self) -> None:
        self.applied: list[Json] = []
        self.visited: list[tuple[str, Json]] = []
        self.messages: list[str] = []
        self.asked: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        self.notified: list[tuple[str, Any]] = []
        self.answers: dict[str, Callable[[Any], Awaitable[Any]]] = {}
        self.choice: str | None = None

    async def apply_edit(self, edit: Json, label: str) -> bool:
        """See `server.commands.Client`."""
        self.applied.append(edit)
        return True

    async def show_document(self, uri: str, selection: Json) -> bool:
        """See `server.commands.Client`."""
        self.visited.append((uri, selection))
        return True

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """See `server.commands.Client`."""
        self.requests.append((method, params))
        return await self.answers[method](params) if method in self.answers else None

    def notify(self, method: str, params: Any = None) -> None:
        """See `server.commands.Client`."""
        self.notified.append((method, params))

    async def choose(self, message: str, choices: list[str]) -> str | None:
        """See `server.capturing.Person`."""
        self.asked.append(message)
        return self.choice

    def show_message(self, message: str) -> None:
        """See `server.commands.Client`."""
        self.messages.append(message)


class FakeConsents:
    """Consents in memory: `levels` by root."""

    def __init__(self) -> None:
        self.levels: dict[str, Level] = {}
        self.changes = 0
        self.refused = ""

    def stamp(self) -> int:
        """See `core.recording.ConsentDesk`."""
        return self.changes

    def proposal(self, root: Path, level: Level) -> Proposal:
        """See `core.recording.ConsentDesk`."""
        return Proposal(refused=self.refused, text=f"Record {root} ({level})?")

    def grant(self, root: Path, level: Level) -> str:
        """See `core.recording.ConsentDesk`."""
        self.levels[str(root)] = level
        self.changes += 1
        return ""

    def revoke(self, root: Path) -> bool:
        """See `core.recording.ConsentDesk`."""
        self.changes += 1
        return self.levels.pop(str(root), None) is not None


class FakeRecorder:
    """Keeps what it is given."""

    def __init__(self, wish: Capturing, levels: dict[str, Level]) -> None:
        self.wish = wish
        self.levels = levels
        self.taken: list[Recordable] = []
        self.wrong = ""
        self.closed = threading.Event()

    def level(self, root: str | None) -> Level | None:
        """See `core.recording.Recorder`."""
        return self.levels.get(root or "")

    def take(self, event: Recordable) -> None:
        """See `core.recording.Recorder`."""
        self.taken.append(event)

    def status(self) -> Json:
        """See `core.recording.Recorder`."""
        return {"recorded": len(self.taken)}

    def trouble(self) -> str:
        """See `core.recording.Recorder`."""
        return self.wrong

    def close(self) -> None:
        """See `core.recording.Recorder`."""
        self.closed.set()


class FakeGatherer:
    """Knows the workspace by heart: `known` are the places of each name."""

    def __init__(self, known: dict[str, tuple[Place, ...]]) -> None:
        self.known = known
        self.names: tuple[Identifier, ...] = ()
        self.found: list[Found] = []
        self.asked: list[str] = []
        self.overlays: dict[str, str | None] = {}
        self.closed = False

    async def start(
        self,
        roots: Sequence[Path],
        names: Sequence[str],
        exclusions: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> None:
        """See `core.surroundings.Gatherer`."""
        self.roots = tuple(roots)
        self.progress = progress

    async def identifiers(self, view: View) -> tuple[Identifier, ...]:
        """Words of the cursor's line."""
        line = view.lines[view.row - view.first_row]
        return tuple(
            Identifier(match[0], view.row, match.start(), rank)
            for rank, match in enumerate(re.finditer(r"[a-z_]+", line))
        )

    async def definitions(
        self, view: View, identifiers: Sequence[Identifier]
    ) -> Sequence[tuple[Place, ...]]:
        """See `core.surroundings.Gatherer`."""
        self.asked += [one.text for one in identifiers]
        return [self.known.get(one.text, ()) for one in identifiers]

    async def files(
        self, view: View, found: Sequence[Found], visits: Sequence[Visit]
    ) -> tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]:
        """One excerpt for each place, that says where it came from."""
        self.found = list(found)
        self.visits = tuple(visits)
        files = tuple(
            RelatedFile(
                place.path, 9, (RelatedExcerpt((0, 1), f"{one.door}:{one.identifier.text}\n"),)
            )
            for one in found
            for place in one.places
        )
        receipts = tuple(
            Receipt(place.path, (0, 1), one.door, one.identifier.rank, 0.0)
            for one in found
            for place in one.places
        )
        return files, receipts

    def overlay(self, path: str, text: str | None) -> None:
        """See `core.surroundings.Gatherer`."""
        self.overlays[path] = text

    def changed(self, path: str) -> None:
        """See `core.surroundings.Gatherer`."""

    async def aclose(self) -> None:
        """See `core.surroundings.Gatherer`."""
        self.closed = True


class Desk:
    """A session with one document, driven as a client would drive it."""

    def __init__(
        self,
        text: str,
        settings: Json | None = None,
        uri: str = URI,
        capabilities: Json | None = None,
    ) -> None:
        self.places: dict[str, tuple[Place, ...]] = {}
        self.predictor = ScriptedPredictor()
        self.editor = RecordingEditor()
        self.now_s = 100.0
        self.entries: list[JournalEntry] = []
        self.consents = FakeConsents()
        self.recorders: list[FakeRecorder] = []
        self.gatherers: list[FakeGatherer] = []
        tree = {"predict": {"debounce_ms": 0, "throttle_ms": 0}} | (settings or {})

        def load(roots: Sequence[Path], editor: Layer | None) -> Resolved:
            layers = [Layer(Origin.USER_FILE, tree), *([editor] if editor else [])]
            return resolve(layers)

        def predictor_for(_: Endpoint) -> ScriptedPredictor:
            return self.predictor

        self.session = Session(
            Doors(
                load_settings=load,
                predictor_for=predictor_for,
                syntax_for=lambda language_id, path: None,
                enter=self.entries.extend,
                watcher_for=FakeWatcher,
                gatherer_for=self.gatherer_for,
                recorder_for=self.recorder_for,
                consents=self.consents,
                clock=lambda: self.now_s,
                wall_clock=lambda: 1_000_000 + self.now_s,
            ),
            self.editor,
        )
        folder = {"uri": "file:///project", "name": "project"}
        self.session.initialize({"workspaceFolders": [folder], "capabilities": capabilities or {}})
        self.routes = Features(self.session).routes()
        self.uri = uri
        self.version = 0
        item = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        self.session.did_open(msgspec.convert({"textDocument": item}, DidOpen))

    def gatherer_for(self) -> "FakeGatherer":
        """See `server.doors.Doors`."""
        self.gatherers.append(FakeGatherer(self.places))
        return self.gatherers[-1]

    def recorder_for(self, wish: Capturing) -> "FakeRecorder | None":
        """See `server.doors.Doors`."""
        if not self.consents.levels:
            return None
        self.recorders.append(FakeRecorder(wish, dict(self.consents.levels)))
        return self.recorders[-1]

    def change(self, *changes: tuple[tuple[int, int], tuple[int, int], str]) -> None:
        """One didChange; each change is start, end and text."""
        self.version += 1
        content = [
            Change(text, Range(Position(*start), Position(*end))) for start, end, text in changes
        ]
        document = {"uri": self.uri, "version": self.version}
        params = msgspec.convert(
            {"textDocument": document, "contentChanges": msgspec.to_builtins(content)}, DidChange
        )
        self.routes["textDocument/didChange"].handle(params)

    def whole(self, text: str) -> None:
        """A didChange that carries the whole text."""
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        params = {"textDocument": document, "contentChanges": [{"text": text}]}
        self.routes["textDocument/didChange"].handle(msgspec.convert(params, DidChange))

    async def ask_status(self) -> Json:
        """``checkStatus``."""
        status: Json = self.routes["checkStatus"].handle(msgspec.Raw(b"{}"))
        return status

    def type(self, row: int, col: int, text: str) -> None:
        """Insert text, one notification a character."""
        for offset, char in enumerate(text):
            self.change(((row, col + offset), (row, col + offset), char))

    def position(self, row: int, col: int, **more: Any) -> PositionRequest:
        """Parameters of a request."""
        document = {"uri": self.uri, "version": self.version}
        place = {"line": row, "character": col}
        return msgspec.convert(
            {"textDocument": document, "position": place, **more}, PositionRequest
        )

    async def ask(self, method: str, row: int, col: int, **more: Any) -> Any:
        """A request and its reply."""
        return await self.routes[method].handle(self.position(row, col, **more))

    async def next_edit(self, row: int, col: int, **more: Any) -> Json:
        """``zeta/nextEdit``."""
        reply: Json = await self.ask("zeta/nextEdit", row, col, **more)
        return reply

    async def command(self, name: str, *arguments: Any) -> Any:
        """``workspace/executeCommand``."""
        params = {"command": name, "arguments": list(arguments)}
        return await self.routes["workspace/executeCommand"].handle(params)

    def text(self) -> str:
        """The document as the server has it."""
        return self.session.sync.files[self.uri].document.text()

    def endings(self) -> list[tuple[str, str]]:
        """Ending and reason of every entry so far, oldest first."""
        return [(entry.ending, entry.reason) for entry in self.session.ledger.recent]


def rewriting(*pairs: tuple[str, str]) -> Callable[[PromptInput], Sequence[Reply]]:
    """An answer that replaces the first occurrence of each old text by its new one."""

    def answer(given: PromptInput) -> Sequence[Reply]:
        return [reply_of(given, pairs)]

    return answer


def reply_of(
    given: PromptInput, pairs: Sequence[tuple[str, str]], *, partial: bool = False
) -> Reply:
    """A reply with replacements of ASCII excerpts."""
    replacements = []
    for old, new in pairs:
        at = given.cursor_excerpt.index(old)
        replacements.append(Replacement(at, at + len(old), new))
    return Reply(Answer(tuple(replacements)), None, Finish.STOP, "scripted", partial=partial)


def silent(_: PromptInput) -> Sequence[Reply]:
    """An answer that changes nothing."""
    return [Reply(Answer(), None, Finish.STOP, "scripted")]
