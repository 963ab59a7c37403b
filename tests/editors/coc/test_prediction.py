"""The pure part of the extension, in the Node that coc.nvim runs in."""

import json
import subprocess
from typing import Any

import pytest

from tests.editors.drivers.coc import EXTENSION, missing, node

BUILT = EXTENSION / "lib" / "prediction.js"
URI = "file:///a.py"

pytestmark = pytest.mark.editor


def called(function: str, *arguments: Any) -> Any:
    """The value of an exported function."""
    if not BUILT.exists():
        missing("the extension is not built: run tests/editors/install/coc.sh")
    given = ", ".join(json.dumps(one) for one in arguments)
    script = f"console.log(JSON.stringify(require({str(BUILT)!r}).{function}({given})))"
    done = subprocess.run([node(), "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def place(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, Any]:
    return {
        "textDocument": {"uri": URI, "version": 1},
        "range": {"start": place(*start), "end": place(*end)},
        "newText": text,
    }


def reply(*edits: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "p1", "edits": list(edits), "cursor": None, "jump": None, **more}


@pytest.mark.parametrize(
    ("text", "word", "line"),
    [
        ("(net, rate)", "(", "(net, rate)"),
        ("net, rate)", "net", "net, rate)"),
        ("  größe = 1\nx", "  größe", "  größe = 1\n"),
        ("\r\n    x", "\r\n    x", "\r\n"),
        ("🎉🎉 a", "🎉🎉", "🎉🎉 a"),
    ],
)
def test_a_word_and_a_line_are_what_the_contract_says(text: str, word: str, line: str) -> None:
    assert (called("firstWord", text), called("firstLine", text)) == (word, line)


def test_only_text_at_the_cursor_is_ghost_text() -> None:
    at = place(0, 3)
    inserted = called("read", reply(edit((0, 3), (0, 3), "x")), URI, 1)
    replaced = called("read", reply(edit((0, 3), (0, 4), "x")), URI, 1)
    behind = called("read", reply(edit((0, 5), (0, 5), "x")), URI, 1)
    assert [called("ghost", one, at) for one in (inserted, replaced, behind)] == ["x", None, None]


def test_nothing_is_read_from_a_reply_with_a_reason() -> None:
    assert called("read", {**reply(), "id": None, "reason": "no_change"}, URI, 1) is None


@pytest.mark.parametrize(
    ("text", "end"), [("ab", (2, 5)), ("a\nbc", (3, 2)), ("a\r\n", (3, 0)), ("", (2, 3))]
)
def test_an_inserted_text_ends_where_it_says(text: str, end: tuple[int, int]) -> None:
    assert called("endOf", place(2, 3), text) == place(*end)
