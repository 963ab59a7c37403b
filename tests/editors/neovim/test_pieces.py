"""The plugin's pieces by themselves, in both versions: edits, words, typing along, options.

One Neovim without a server answers all of it; what edits do to a buffer is compared with what the
protocol says that they do to a text.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import pynvim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e import parts
from tests.editors.drivers.neovim import PLUGIN, oldest

APPLY = """
local text, newline, given = ...
local edits = require('zeta.edits')
vim.cmd('enew!')
local buf = vim.api.nvim_get_current_buf()
vim.bo[buf].fileformat = newline == '\\r\\n' and 'dos' or 'unix'
vim.api.nvim_buf_set_name(buf, '/' .. buf .. '.txt')
local lines = vim.split(text, newline, { plain = true })
table.remove(lines) -- what stands behind the last line end
vim.api.nvim_buf_set_lines(buf, 0, -1, true, lines)
edits.undo_step(buf)
for _, one in ipairs(given) do
  one.textDocument = { uri = vim.uri_from_bufnr(buf) }
end
local read = edits.read(buf, given, 'utf-16')
local last = math.max(vim.api.nvim_buf_line_count(buf) - 1, 0)
local foreseen = edits.rewritten(buf, read, 0, last)
edits.apply(buf, read)
local applied = vim.api.nvim_buf_get_lines(buf, 0, -1, true)
if #read > 0 then vim.cmd('silent undo') end
local undone = vim.api.nvim_buf_get_lines(buf, 0, -1, true)
return { applied, foreseen, undone }
"""
ALONG = """
local ghost, typed, more = ...
local edits = { { row = 0, col = 2, end_row = 0, end_col = 2, lines = ghost } }
if more ~= vim.NIL then
  edits[2] = { row = 0, col = 5, end_row = 0, end_col = 5, lines = { more } }
end
local prediction = { kind = 'ghost', edits = edits, at = { row = 0, col = 2 } }
local left = require('zeta.prediction').along(prediction, typed)
if not left then return nil end
return vim.tbl_map(function(one) return { one.row, one.col, one.lines } end, left.edits)
"""
WORD = "return require('zeta.words').word(...)"
LINE = "return require('zeta.words').line(...)"
PROBLEMS = "return require('zeta.config').problems(...)"

pytestmark = pytest.mark.editor
_chars = st.text(alphabet="aé🎉\t ", max_size=6)


@pytest.fixture(scope="module", params=["now", "oldest"])
def nvim(request: pytest.FixtureRequest) -> Iterator[pynvim.Nvim]:
    """A Neovim that knows the plugin, and nothing else."""
    program = parts.neovim() if request.param == "now" else oldest()
    argv = [program, "--embed", "--headless", "--clean", "-n"]
    one = pynvim.attach("child", argv=[*argv, "--cmd", f"set rtp+={PLUGIN}"])
    yield one
    with contextlib.suppress(EOFError, OSError):  # it is gone: that was the point
        one.command("qall!")
    one.close()


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, int, str]]]:
    """Lines, and edits as (begin, end, new text) in offsets of code points; some end at the end."""
    lines = draw(st.lists(_chars, min_size=1, max_size=5))
    length = sum(len(one) + 1 for one in lines)
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=6)))
    news = st.lists(_chars, min_size=1, max_size=3).map("\n".join)
    edits = [(begin, end, draw(news)) for begin, end in zip(cuts[::2], cuts[1::2], strict=False)]
    return lines, edits


def position(text: str, offset: int) -> dict[str, int]:
    """An offset as the protocol counts."""
    head = text[:offset]
    line = head.rpartition("\n")[2]
    return {"line": head.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


def applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    """What the protocol says that edits do."""
    for begin, end, new in reversed(edits):
        text = text[:begin] + new + text[end:]
    return text


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(change=changes())
def test_edits_do_to_a_buffer_what_the_protocol_says(
    nvim: pynvim.Nvim, newline: str, change: tuple[list[str], list[tuple[int, int, str]]]
) -> None:
    lines, edits = change
    text = "".join(f"{one}\n" for one in lines)
    sent = [
        {
            "range": {"start": position(text, begin), "end": position(text, end)},
            "newText": new.replace("\n", newline),
        }
        for begin, end, new in edits
    ]
    now, foreseen, undone = nvim.exec_lua(APPLY, text.replace("\n", newline), newline, sent)
    expected = applied(text, edits)
    # A buffer always ends its last line, and is never without one.
    assert now == expected.removesuffix("\n").split("\n")
    assert foreseen == now, "what is drawn is what is done"
    assert undone == lines, "one step of undo"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (["(net, rate)"], ["("]),
        (["net, rate)"], ["net"]),
        ([", rate)"], [","]),
        ([" rate)"], [" rate"]),
        (["  == 1"], ["  =="]),
        (["   "], ["   "]),
        (["", "    log(net)"], ["", "    log"]),
        (["größe = 1"], ["größe"]),
        (["🎉🎉 x"], ["🎉🎉"]),
        (["x"], ["x"]),
        ([""], [""]),
    ],
)
def test_the_next_word(nvim: pynvim.Nvim, text: list[str], word: list[str]) -> None:
    assert nvim.exec_lua(WORD, text) == word


def test_words_make_up_the_whole_text(nvim: pynvim.Nvim) -> None:
    left, words = ["if a_1 >= 2:", "    größe('🎉')", ""], 0
    while left != [""]:
        word = nvim.exec_lua(WORD, left)
        assert word != [""], left
        left = ["\n".join(left).removeprefix("\n".join(word))]
        left = left[0].split("\n")
        words += 1
    assert words == 10


def test_the_next_line_has_its_end(nvim: pynvim.Nvim) -> None:
    assert nvim.exec_lua(LINE, ["a", "b", ""]) == ["a", ""]
    assert nvim.exec_lua(LINE, ["b"]) == ["b"]


@pytest.mark.parametrize(
    ("ghost", "typed", "more", "left"),
    [
        (["(net)"], ["(n"], None, [[0, 4, ["et)"]]]),
        (["(net)"], ["(net)"], None, []),
        (["(net)"], ["x"], None, None),
        (["(net)"], ["(net)!"], None, None),
        (["a", "  b"], ["a", " "], None, [[1, 1, [" b"]]]),
        (["a", "  b"], ["a", ""], None, [[1, 0, ["  b"]]]),
        (["a", "  b"], ["b", ""], None, None),
        (["é🎉"], ["é"], None, [[0, 4, ["🎉"]]]),
        (["ab"], ["a"], ")", [[0, 3, ["b"]], [0, 6, [")"]]]),
        (["ab"], ["ab"], ")", [[0, 7, [")"]]]),
    ],
)
def test_typing_along_leaves_the_rest(
    nvim: pynvim.Nvim, ghost: list[str], typed: list[str], more: str | None, left: Any
) -> None:
    assert nvim.exec_lua(ALONG, ghost, typed, more) == left


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, None),
        ({"ghost": "own", "rest_ms": 0, "with_menu": True, "keys": {"accept": "<C-y>"}}, None),
        ({"keys": {"reject": {"n": False, "i": "<C-e>"}}}, None),
        ({"gost": "own"}, "there is no option gost"),
        ({"ghost": "mine"}, "ghost is 'auto', 'own' or 'core'"),
        ({"rest_ms": -1}, "rest_ms is a number of milliseconds"),
        ({"with_menu": 1}, "with_menu is true or false"),
        ({"keys": {"acept": "x"}}, "there is no option keys.acept"),
        ({"keys": {"accept": {"v": "x"}}}, "keys.accept is a key, false, or a table"),
        ({"keys": "x"}, "keys is a table"),
        ("x", "the options are a table"),
    ],
)
def test_options_are_checked(nvim: pynvim.Nvim, options: Any, problem: str | None) -> None:
    found = nvim.exec_lua(PROBLEMS, options)
    assert len(found) == (1 if problem else 0)
    assert problem is None or problem in found[0]


def test_every_lua_file_loads_by_itself(nvim: pynvim.Nvim) -> None:
    for path in (PLUGIN / "lua").rglob("*.lua"):
        name = ".".join(path.relative_to(PLUGIN / "lua").with_suffix("").parts)
        nvim.exec_lua("assert(require(...))", name.removesuffix(".init"))
