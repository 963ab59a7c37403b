"""Sessions at random: whatever a person and an editor do, every request is answered, nothing fails.

The model answers late, in parts, in several places, or not at all; the editor cancels, applies all
of an answer or some of it, overlaps its requests, switches settings and closes the file. The seeds
are fixed: a session that fails, fails again.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.asynchronous import asynchronous
from tests.server.fakes import Desk, Json, reply_of
from zeta_lsp.core.errors import ModelTimeout
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput

METHODS = ("zeta/nextEdit", "textDocument/inlineCompletion", "textDocument/copilotInlineEdit")
COMMANDS = ("reject", "accept", "acceptWord", "acceptLine", "jump", "nextEdit", "explain", "pause")
STEPS = 60


class Chaos:
    """A person, an editor and a model, all of them moody."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.desk = Desk("".join(f"line{row} = value{row % 3} + {row}\n" for row in range(20)))
        self.desk.predictor.answers = [self.answer]
        self.asked: list[asyncio.Future[Json | None]] = []
        self.seen: list[Json] = []
        self.steps: list[Callable[[], Awaitable[None]]] = [
            self.ask,
            self.ask,
            self.type,
            self.apply,
            self.command,
            self.show,
            self.hold,
            self.cancel,
            self.configure,
            self.wait,
        ]

    def answer(self, given: PromptInput) -> Sequence[Reply] | Exception:
        """A rewrite of some rows, in one or two replies."""
        mood = self.chance.random()
        if mood < 0.1:
            return ModelTimeout("too slow")
        if mood < 0.2:
            return []
        rows = sorted({row for row in given.cursor_excerpt.split("\n") if row.strip()})
        pairs = [(row, self.rewritten(row)) for row in self.chance.sample(rows, min(3, len(rows)))]
        text = given.cursor_excerpt
        apart = [
            pair for pair in pairs if all(pair[0] not in row or pair[0] == row for row in rows)
        ]
        assert all(old in text for old, _ in apart)
        whole = reply_of(given, apart)
        if apart and mood < 0.5:
            return [reply_of(given, apart[:1], partial=True), whole]
        return [whole]

    def rewritten(self, row: str) -> str:
        words = row.split(" ")
        at = self.chance.randrange(len(words))
        words[at] = self.chance.choice(["foo", words[at] + "x", "(a, b)", "", words[at]])
        return " ".join(words) + self.chance.choice(["", "", "\nnew line"])

    async def step(self) -> None:
        """Do something."""
        self.desk.now_s += self.chance.random()
        await self.chance.choice(self.steps)()
        if self.chance.random() < 0.5:
            await asyncio.sleep(0)

    async def ask(self) -> None:
        method = self.chance.choice(METHODS)
        context = self.chance.choice([None, {"triggerKind": 1}, {"triggerKind": 2}])
        asking = asyncio.ensure_future(self.desk.ask(method, *self.place(), context=context))
        self.asked.append(asking)
        if self.chance.random() < 0.6 and self.desk.predictor.gate.is_set():
            reply = await asking
            if method == "zeta/nextEdit" and reply["edits"]:
                self.seen.append(reply)

    async def type(self) -> None:
        self.desk.type(*self.place(), self.chance.choice(["x", "foo", " ", "new", "\n"]))

    async def apply(self) -> None:
        """Apply a prediction, in whole or in part, and perhaps say so."""
        if (
            not self.seen
            or self.seen[-1]["edits"][0]["textDocument"]["version"] != self.desk.version
        ):
            return
        reply = self.seen[-1]
        edits = reply["edits"][: self.chance.choice([1, 9])]
        self.desk.change(*(self.some_of(edit) for edit in reversed(edits)))
        if self.chance.random() < 0.5:
            await self.desk.command("zeta.accept", {"id": reply["id"]})

    def some_of(self, edit: Json) -> tuple[tuple[int, int], tuple[int, int], str]:
        start, end = (
            (place["line"], place["character"])
            for place in (edit["range"]["start"], edit["range"]["end"])
        )
        text = edit["newText"]
        return start, end, text[: len(text) // 2] if self.chance.random() < 0.3 else text

    async def command(self) -> None:
        name = f"zeta.{self.chance.choice(COMMANDS)}"
        self.asked.append(asyncio.ensure_future(self.desk.command(name)))

    async def show(self) -> None:
        document = {"textDocument": {"uri": self.desk.uri}, "context": {}}
        self.desk.routes["textDocument/codeAction"].handle(document)
        if self.seen:
            item = {"command": {"arguments": [{"id": self.chance.choice(self.seen)["id"]}]}}
            self.desk.routes["textDocument/didShowInlineEdit"].handle({"item": item})

    async def hold(self) -> None:
        gate = self.desk.predictor.gate
        gate.clear() if gate.is_set() else gate.set()

    async def cancel(self) -> None:
        if self.asked:
            self.chance.choice(self.asked).cancel()

    async def configure(self) -> None:
        mode = self.chance.choice(["auto", "auto", "manual"])
        settings = {"settings": {"zeta": {"predict": {"mode": mode}}}}
        self.desk.routes["workspace/didChangeConfiguration"].handle(settings)

    async def wait(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    def place(self) -> tuple[int, int]:
        lines = self.desk.session.sync.files[self.desk.uri].document.lines
        row = self.chance.randrange(len(lines))
        return row, self.chance.randrange(len(lines[row].rstrip("\n")) + 1)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_every_request_is_answered(
    seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    session(seed)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@asynchronous
async def session(seed: int) -> None:
    chaos = Chaos(seed)
    async with asyncio.timeout(20):
        for _ in range(STEPS):
            await chaos.step()
        chaos.desk.predictor.gate.set()
        replies = await asyncio.gather(*chaos.asked, return_exceptions=True)
        assert chaos.desk.session.sync.files[chaos.desk.uri].document.unsynced is None
        await chaos.desk.session.aclose()
    failed = [one for one in replies if isinstance(one, BaseException)]
    assert {type(one) for one in failed} <= {asyncio.CancelledError}
    assert chaos.desk.session.sync.files == {}
    assert len(asyncio.all_tasks()) == 1
