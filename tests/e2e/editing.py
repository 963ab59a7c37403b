"""An editor for tests: a real zeta-lsp on a pipe, documents to edit, edits to apply.

The editor keeps its own texts and counts columns in the agreed encoding by itself, so that a
server that counts differently is found out.
"""

import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.lsp_client import Client, Json

NOBODY = "http://127.0.0.1:1/v1/completions"
"""An address at which nothing listens."""
PROGRAM = Path(sys.executable).with_name("zeta-lsp")
_UNIT_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


class Editor:
    """A connected client with open documents. `root` is the workspace folder."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.root = folder / "project"
        self.data = folder / "data"
        self.log = folder / "log"
        self.encoding = "utf-16"
        self.result: Json = {}
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    async def initialize(self, **params: Any) -> Json:
        """Shake hands with the project as the only folder, unless the parameters say otherwise."""
        folders = [{"uri": self.root.as_uri(), "name": "project"}]
        self.result = await self.client.initialize(**{"workspaceFolders": folders, **params})
        self.encoding = self.result["capabilities"]["positionEncoding"]
        return self.result

    def open(self, name: str, text: str, *, language: str = "python", version: int = 0) -> str:
        """Open a document, a file of the project or a whole URI; its URI."""
        uri = name if ":" in name else (self.root / name).as_uri()
        self.texts[uri], self.versions[uri] = text, version
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def close(self, uri: str) -> None:
        """Close a document."""
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def insert(self, uri: str, before: str, text: str) -> None:
        """Insert text before the first occurrence of some other, in one change."""
        at = self.texts[uri].index(before)
        self.replace(uri, at, at, text)

    def type(self, uri: str, behind: str, text: str) -> None:
        """Type behind the first occurrence of some text, one notification a character."""
        at = self.texts[uri].index(behind) + len(behind)
        for offset, char in enumerate(text):
            self.replace(uri, at + offset, at + offset, char)

    def replace(self, uri: str, start: int, end: int, text: str) -> None:
        """Replace a range given in characters of the text."""
        before = self.texts[uri]
        change = {"range": self.range(uri, start, end), "text": text}
        self._changed(uri, before[:start] + text + before[end:], change)

    def send_whole(self, uri: str, text: str, **change: Any) -> None:
        """Change a document as an editor does that knows no other way."""
        self._changed(uri, text, {"text": text, **change})

    def apply(self, uri: str, edits: Sequence[Json]) -> None:
        """Apply LSP text edits, and tell the server as editors do: one change for each."""
        spans = [(*self._span(uri, edit["range"]), new_text(edit)) for edit in edits]
        for start, end, text in sorted(spans, reverse=True):
            self.replace(uri, start, end, text)

    async def ask(self, method: str, uri: str, behind: str = "", **more: Any) -> Any:
        """A request about the place behind the first occurrence of some text."""
        return await self.client.request(method, self.params(uri, behind, **more))

    async def next_edit(self, uri: str, behind: str = "", **more: Any) -> Json:
        """``zeta/nextEdit``, asked for by the person, so that it is not delayed."""
        context = {"context": {"triggerKind": 1}}
        reply: Json = await self.ask("zeta/nextEdit", uri, behind, **{**context, **more})
        return reply

    async def command(self, name: str, *arguments: Any) -> Any:
        """``workspace/executeCommand``."""
        params = {"command": name, "arguments": list(arguments)}
        return await self.client.request("workspace/executeCommand", params)

    async def reasons(self) -> list[tuple[str, str]]:
        """Ending and reason of what was predicted or not, oldest first."""
        entries = await self.command("zeta.explain")
        return [(entry["ending"], entry.get("reason", "")) for entry in reversed(entries)]

    def params(self, uri: str, behind: str = "", **more: Any) -> Json:
        """Parameters of a request."""
        at = self.texts[uri].index(behind) + len(behind)
        document = {"uri": uri, "version": self.versions[uri]}
        return {"textDocument": document, "position": self.position(uri, at), **more}

    def position(self, uri: str, at: int) -> Json:
        """Where a character of the text is, as the protocol counts."""
        head = self.texts[uri][:at]
        row, line_start = 0, 0
        for match in re.finditer(r"\r\n|\r|\n", self.texts[uri]):
            if match.end() > at:
                break
            row, line_start = row + 1, match.end()
        return {"line": row, "character": self.units(head[line_start:])}

    def range(self, uri: str, start: int, end: int) -> Json:
        """A range of the text, as the protocol counts."""
        return {"start": self.position(uri, start), "end": self.position(uri, end)}

    def units(self, text: str) -> int:
        """The length of a text in the agreed encoding."""
        name = "utf-8" if self.encoding == "utf-8" else f"{self.encoding}-le"
        return len(text.encode(name, "surrogatepass")) // _UNIT_BYTES[self.encoding]

    def _changed(self, uri: str, after: str, change: Json) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        params = {"textDocument": document, "contentChanges": [change]}
        self.client.notify("textDocument/didChange", params)
        self.texts[uri] = after

    def _span(self, uri: str, given: Json) -> tuple[int, int]:
        return self._offset(uri, given["start"]), self._offset(uri, given["end"])

    def _offset(self, uri: str, position: Json) -> int:
        lines = _LINE.findall(self.texts[uri])
        at = sum(map(len, lines[: position["line"]]))
        line = lines[position["line"]] if position["line"] < len(lines) else ""
        for col in range(len(line) + 1):
            if self.units(line[:col]) == position["character"]:
                return at + col
        raise AssertionError(f"the text has no such place: {position}")


def new_text(edit: Json) -> str:
    """The text of an edit, in any of the protocol's spellings."""
    found = next(edit[name] for name in ("newText", "insertText", "text") if name in edit)
    assert isinstance(found, str)
    return found


@asynccontextmanager
async def editor(
    folder: Path, url: str = NOBODY, *, predict: str = "", timeout_ms: int = 30_000, **options: Any
) -> AsyncIterator[Editor]:
    """An editor with a server that is not initialized yet, and asks `url`.

    `predict` are lines of that table; pacing is off where they say nothing. Options are those of
    `Client.start`, and `argv` for another command line.
    """
    root = folder / "project"
    root.mkdir(exist_ok=True)
    config = folder / "config.toml"
    config.write_text(configuration(url, predict, timeout_ms))
    config.chmod(0o600)
    env = {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(folder / "data")}
    argv = options.pop("argv", [str(PROGRAM)])
    options = {"cwd": root, "env": {**env, **options.pop("env", {})}, **options}
    log = folder / "log"
    try:
        with log.open("wb") as stderr:
            async with Client.start(argv, stderr=stderr, **options) as client:
                yield Editor(client, folder)
    finally:
        sys.stderr.write(log.read_text(errors="replace"))  # pytest shows it if the test failed


def configuration(url: str, predict: str = "", timeout_ms: int = 30_000) -> str:
    """A user file."""
    pace = "debounce_ms = 0\nthrottle_ms = 0\n" if "_ms" not in predict else ""
    return f"""
[endpoint]
url = "{url}"
model = "m"
format = "zeta2.1"
timeout_ms = {timeout_ms}
[predict]
{pace}{predict}
"""


def files_below(folder: Path) -> set[Path]:
    """All files in a folder, however deep."""
    return {Path(at) / name for at, _, names in os.walk(folder) for name in names}
