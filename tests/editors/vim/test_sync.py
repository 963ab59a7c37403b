"""Whatever is done to a buffer, the server's text is the buffer's text."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor

LINE = st.text(alphabet="ab 🎉é\tx", max_size=6)
TYPED = st.text(alphabet="ab 🎉é\n", min_size=1, max_size=5)
KEYS = st.one_of(
    st.sampled_from(
        [
            *("x", "dd", "dw", "J", "3J", "p", "P", "yyp", "yyP", "D", "~", "ddp", "dG", "dgg"),
            *("u", "2u", "\\<C-R>", "g-", "g+", ">>", "<<", "gUU", ".", "\\<C-A>", "gqq", "Vyp"),
            *("yiwP", "vjd", "vjp", "ggdG", "Vjp", "\\<C-V>jd", "\\<C-V>jIz\\<Esc>", "R🎉b\\<Esc>"),
            *(":%s/a/🎉é/ge\r", ":%s/ //ge\r", ":%s/b/\\r/ge\r", ":s/x/\\r\\r/e\r", ":g/x/d\r"),
            *(
                ":sort\r",
                ":m0\r",
                ":m$\r",
                ":t.\r",
                ":%j\r",
                ":1,2d\r",
                ":.!tr a b\r",
                ":normal! Az\r",
            ),
            *("A\\<CR>\\<BS>\\<BS>\\<Esc>", "i\\<C-W>\\<C-U>\\<Esc>", "o\\<Tab>\\<C-D>z\\<Esc>"),
            *(":set ff=dos\r", ":set ff=unix\r", ":earlier 3\r", ":later 9\r", "qqAq\\<Esc>jq2@q"),
        ]
    ),
    st.builds(
        lambda command, text: f"{command}{text}\\<Esc>", st.sampled_from("iaIAoOcsSC"), TYPED
    ),
    st.sampled_from(["gg", "G", "j", "k", "h", "l", "$", "0", "w", "b", "3l"]),
)
EX_FLUSH = "\\<Cmd>call zeta#documents#FlushAll()\\<CR>"
REDRAW = "\\<Cmd>redraw\\<CR>"


@pytest.fixture(scope="module")
def vim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with Stage(tmp_path_factory.mktemp("vim")) as stage:
        seen = stage.folder / "mirror.json"
        stage.command = [sys.executable, "-m", "tests.editors.vim.mirror", str(seen)]
        stage.environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[3])
        with Editor(stage, settings="set hidden nomore report=9999 shortmess=aoOtTWAIcCqF") as vim:
            vim.open(stage.file("first.txt", ""))
            yield vim


def mirrored(vim: Editor) -> dict[str, Any]:
    """What the server heard last, and what it takes the text for."""
    known: dict[str, Any] = json.loads((vim.stage.folder / "mirror.json").read_text())
    return known


def pressed(vim: Editor, keys: str) -> None:
    """Work keys off at once, in Normal mode, as a macro does."""
    quoted = keys.replace('"', '\\"').replace("\n", "\\<CR>").replace("\r", "\\<CR>")
    vim.evaluate(f'feedkeys("{quoted}", "tx")')


def same(vim: Editor, name: str) -> None:
    """The server's text becomes the buffer's."""
    vim.evaluate("execute('call zeta#documents#FlushAll()')")
    text = vim.text()

    def is_same() -> bool:
        known = mirrored(vim)
        assert known["unsynced"] is None, known
        return known["uri"].endswith(name) and known["text"] == text

    try:
        until(is_same, timeout_s=3)
    except AssertionError as fault:
        raise AssertionError(f"{text!r} is {mirrored(vim)}") from fault


numbers = iter(range(10**6))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lines=st.lists(LINE, min_size=1, max_size=6),
    steps=st.lists(st.tuples(KEYS, st.sampled_from(["", "", EX_FLUSH, REDRAW])), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_edit_reaches_the_server(
    vim: Editor, lines: list[str], steps: list[tuple[str, str]], end: str
) -> None:
    name = f"p{next(numbers)}.txt"
    path = vim.stage.file(name, "".join(line + end for line in lines))
    vim.evaluate(f"execute('hide edit {path}')")
    assert vim.evaluate("zeta#IsFollowed()")
    for keys, after in steps:
        pressed(vim, keys + after)
    same(vim, name)
