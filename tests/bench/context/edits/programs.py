"""Running programs that a person would have: the proxy before a real server, and the bridge.

Both are zeta-lsp as it is installed, with a client that does what editors do: it opens the file,
types the hunks, rests, and asks for the next edit. The model is one on loopback that changes
nothing; what it was sent is what a prompt got to know.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from tests.bench.context.edits.page import Moment
from tests.e2e.editing import PROGRAM, configuration
from tests.e2e.model import Model, rewriting
from tests.lsp_client import NO_ANSWER, Client, Json
from zeta_lsp.context.headless import Command, Headless
from zeta_lsp.core.documents import Document, Position
from zeta_lsp.core.related import Identifier, Kind, Place
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.around import REST_S

LOOK_S = 3 * REST_S
"""How long a client rests before it asks again."""
_KINDS: dict[str, Kind] = {
    "zeta/definitions": "definition",
    "zeta/typeDefinitions": "typeDefinition",
}


class Program:
    """A running zeta-lsp with a client and the model that it asks.

    `lines` are those of the document that is open.
    """

    def __init__(self, client: Client, model: Model) -> None:
        self.client = client
        self.lines: Sequence[str] = ()
        self._model = model

    async def prompt(
        self,
        path: Path,
        language: str,
        moment: Moment,
        is_complete: Callable[[str], bool],
        tries: int,
    ) -> str:
        """The prompt at a moment, asked for again while it is not complete."""
        document = Document(path.as_uri(), language, 0, "".join(moment.opened), Encoding.UTF16)
        item = {"uri": document.uri, "languageId": language, "version": 0}
        self.client.notify(
            "textDocument/didOpen", {"textDocument": {**item, "text": document.text()}}
        )
        self._type(document, moment)
        self.lines = document.lines
        prompt = ""
        for _ in range(tries):
            await self._ask(document, moment.row, 0)  # so that the cursor moves there anew
            await self._ask(document, moment.row, moment.col)
            await asyncio.sleep(LOOK_S)
            prompt = await self._ask(document, moment.row, moment.col)
            if is_complete(prompt):
                break
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})
        return prompt

    def _type(self, document: Document, moment: Moment) -> None:
        for version, change in enumerate(moment.changes(), 1):
            assert change.range is not None
            document.apply(version, [change])
            places = {"start": _json(change.range.start), "end": _json(change.range.end)}
            params = {
                "textDocument": {"uri": document.uri, "version": version},
                "contentChanges": [{"range": places, "text": change.text}],
            }
            self.client.notify("textDocument/didChange", params)

    async def _ask(self, document: Document, row: int, col: int) -> str:
        """Ask for the next edit as a person does; the prompt that the model got."""
        params = {
            "textDocument": {"uri": document.uri, "version": document.version},
            "position": _json(document.position(row, col)),
            "context": {"triggerKind": 1},
        }
        await self.client.request("zeta/nextEdit", params)
        return self._model.asked[-1] if self._model.asked else ""


@asynccontextmanager
async def proxy(root: Path, command: Command) -> AsyncIterator[Program]:
    """``zeta-lsp proxy -- SERVER``."""

    def answer(request: Json) -> Any:
        if request["method"] != "workspace/configuration":
            return None
        return [_setting(command, item.get("section", "")) for item in request["params"]["items"]]

    argv = [str(PROGRAM), "proxy", "--", *command.argv]
    capabilities: Json = {
        "workspace": {"configuration": True, "workspaceFolders": True},
        "window": {"workDoneProgress": True},
        "textDocument": {"definition": {"linkSupport": True}},
    }
    options = {"initializationOptions": dict(command.options)}
    async with _program(argv, root, capabilities, answer, **options) as program:
        yield program


@asynccontextmanager
async def bridge(root: Path, server: Headless) -> AsyncIterator[Program]:
    """zeta-lsp with a client that asks a server for it."""
    answering: set[asyncio.Task[None]] = set()
    programs: list[Program] = []

    async def reply(request: Json, kind: Kind) -> None:
        items = await _answers(request["params"]["items"], server, kind, programs[0].lines)
        programs[0].client.send({"id": request["id"], "result": {"items": items}})

    def answer(request: Json) -> Any:
        if (kind := _KINDS.get(request["method"])) is None:
            return None
        task = asyncio.ensure_future(reply(request, kind))
        answering.add(task)
        task.add_done_callback(answering.discard)
        return NO_ANSWER

    capabilities = {"experimental": {"zetaBridge": True}}
    async with _program([str(PROGRAM)], root, capabilities, answer) as program:
        programs.append(program)
        yield program
        await asyncio.gather(*answering, return_exceptions=True)


@asynccontextmanager
async def _program(
    argv: Sequence[str],
    root: Path,
    capabilities: Json,
    answer: Callable[[Json], Any],
    **options: Any,
) -> AsyncIterator[Program]:
    async with Model(rewriting()) as model:
        with _home(model.url) as (env, log):
            async with Client.start(argv, env, cwd=root, stderr=log) as client:
                client.answers = answer
                folders = [{"uri": root.as_uri(), "name": root.name}]
                await client.initialize(
                    rootUri=root.as_uri(),
                    workspaceFolders=folders,
                    capabilities=capabilities,
                    **options,
                )
                yield Program(client, model)


@contextmanager
def _home(url: str) -> Iterator[tuple[dict[str, str], BinaryIO]]:
    """Settings that name a model, a place for data, and a log; all gone at the end."""
    with TemporaryDirectory() as home, Path(home, "log").open("wb") as log:
        config = Path(home, "config.toml")
        config.write_text(configuration(url))
        config.chmod(0o600)
        data = Path(home, "data")
        try:
            yield {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(data)}, log
        except BaseException:
            sys.stderr.write(Path(home, "log").read_text(errors="replace"))
            raise


async def _answers(
    items: Sequence[Json], server: Headless, kind: Kind, lines: Sequence[str]
) -> list[Json]:
    """What a server says to each item of a question, as the bridge wants it."""
    uri = items[0]["textDocument"]["uri"] if items else ""
    names = []
    for item in items:
        row = item["position"]["line"]
        col = _code_points(lines[row], item["position"]["character"])
        names.append(Identifier("", row, col, 0))
    told = await server.definitions(uri, names, kind)
    return [{"locations": [_location(place) for place in places or ()]} for places in told]


def _location(place: Place) -> Json:
    start = {"line": place.start_row, "character": place.start_col}
    end = {"line": place.end_row, "character": place.end_col}
    return {"uri": Path(place.path).as_uri(), "range": {"start": start, "end": end}}


def _code_points(line: str, units: int) -> int:
    """How many characters so many units of UTF-16 are."""
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


def _setting(command: Command, section: str) -> Any:
    found: Any = command.settings
    for part in section.split(".") if section else ():
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _json(place: Position) -> Json:
    return {"line": place.line, "character": place.character}
