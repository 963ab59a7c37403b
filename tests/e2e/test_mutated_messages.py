"""Messages that are nearly right: parts of good ones replaced by anything, thousands of them.

Whatever comes, every request gets one reply that is no internal error, and the server ends cleanly.
The seeds are fixed.
"""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json

MESSAGES = 800
INTERNAL_ERROR = -32603
ROWS = "".join(f"row {number}\n" for number in range(24))
REQUESTS = [
    "textDocument/inlineCompletion",
    "textDocument/copilotInlineEdit",
    "zeta/nextEdit",
    "textDocument/completion",
    "textDocument/codeAction",
    "workspace/executeCommand",
    "checkStatus",
    "signIn",
    "signOut",
    "setEditorInfo",
]
NOTIFICATIONS = [
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "textDocument/willSave",
    "textDocument/didShowInlineEdit",
    "textDocument/didShowCompletion",
    "textDocument/didPartiallyAcceptCompletion",
    "textDocument/didFocus",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didChangeWatchedFiles",
    "workspace/didRenameFiles",
    "$/setTrace",
]


def good(uri: str) -> Json:
    """Parameters that every method finds its own in."""
    place = {"line": 1, "character": 2}
    folder = {"uri": "file:///other", "name": "other"}
    return {
        "textDocument": {"uri": uri, "version": 1, "languageId": "python", "text": ROWS},
        "position": place,
        "range": {"start": place, "end": place},
        "context": {
            "triggerKind": 1,
            "only": ["quickfix"],
            "selectedCompletionInfo": {"range": {"start": place, "end": place}, "text": "row"},
        },
        "contentChanges": [{"range": {"start": place, "end": place}, "text": "x"}, {"text": ROWS}],
        "command": "zeta.accept",
        "arguments": [{"textDocument": {"uri": uri}, "position": place, "id": "x"}],
        "item": {"command": {"arguments": [{"id": "x"}]}},
        "settings": {"zeta": {"predict": {"mode": "auto", "disabled_globs": ["*.key"]}}},
        "event": {"added": [folder], "removed": [folder]},
        "files": [{"oldUri": uri, "newUri": uri}],
        "changes": [{"uri": uri, "type": 2}],
    }


class Mutator:
    """Replaces parts of a value."""

    def __init__(self, seed: int, uri: str) -> None:
        self.chance = random.Random(seed)
        self.odd: list[Any] = [None, True, 0, 1, -1, 2**31, 2**63, 1e300, 0.5, "", "x", [], {}]
        self.odd += ["\ud800", "\0", "zeta.nextEdit", "zeta.pause", "off", uri, "file:///%00", "x:"]
        self.odd += [[None], [[]], [{}], {"uri": uri}, {"uri": 7}, {"line": 5, "character": 1}]

    def mutated(self, value: Any) -> Any:
        """The value with one to three places changed; now and then something else altogether."""
        if self.chance.random() < 0.05:
            return self.chance.choice(self.odd)
        value = copy.deepcopy(value)
        for _ in range(self.chance.randrange(1, 4)):
            self._change(value)
        return value

    def _change(self, value: Any) -> None:
        while isinstance(value, dict | list) and value:
            keys = list(value) if isinstance(value, dict) else range(len(value))
            key = self.chance.choice(keys)
            if self.chance.random() < 0.4 or not isinstance(value[key], dict | list):
                value[key] = copy.deepcopy(self.chance.choice(self.odd))
                return
            value = value[key]


@pytest.mark.parametrize("seed", range(3))
@asynchronous
async def test_every_request_gets_one_reply_that_is_no_mistake_of_ours(
    seed: int, tmp_path: Path
) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        mutator, asked = Mutator(seed, uri), []
        for _ in range(MESSAGES):
            params = mutator.mutated(good(uri))
            if mutator.chance.random() < 0.5:
                ed.client.notify(mutator.chance.choice(NOTIFICATIONS), params)
            else:
                asked.append(ed.client.ask(mutator.chance.choice(REQUESTS), params))
        replies = [await ed.client.reply_to(ident) for ident in asked]
        faults = [reply["error"] for reply in replies if "error" in reply]
        assert faults
        assert not [fault for fault in faults if fault["code"] == INTERNAL_ERROR]
        assert ed.client.strays == []
        assert await ed.client.shut_down() == 0
        assert "Traceback" not in ed.log.read_text()
