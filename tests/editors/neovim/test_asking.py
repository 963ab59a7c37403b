"""When the plugin asks, and which answers count: beside a server that answers when told to."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pynvim
import pytest

from tests.e2e import parts
from tests.editors.driver import until
from tests.editors.drivers.neovim import PLUGIN, oldest

FAKE = Path(__file__).with_name("fake_server.lua").read_text(encoding="utf-8")
REST_MS = 150
SHOWN = "return require('zeta').shown()"

pytestmark = pytest.mark.editor


class Asking:
    """One editor, with the fake server attached to a fresh buffer of some lines for each test."""

    def __init__(self, program: str) -> None:
        argv = [program, "--embed", "--headless", "--clean", "-n"]
        self.nvim = pynvim.attach("child", argv=[*argv, "--cmd", f"set rtp+={PLUGIN}"])
        self.nvim.ui_attach(60, 12, rgb=True, ext_linegrid=True)
        self.nvim.exec_lua(FAKE)

    def begin(self, path: Path) -> None:
        """A new file, and nothing asked yet."""
        path.write_text("one = 1\ntwo = 2\n\nfour = 4\n")
        self.nvim.input(r"<C-\><C-n>")
        self.nvim.command(f"silent edit! {path}")
        self.lua("fake.start()")
        until(lambda: self.lua("return #vim.lsp.get_clients({ bufnr = 0 }) == 1"), "it is attached")
        self.rest()
        self.lua("fake.asked, fake.cancelled, fake.told = {}, {}, {} vim.cmd('messages clear')")

    def close(self) -> None:
        with contextlib.suppress(EOFError, OSError):  # it is gone: that was the point
            self.nvim.command("qall!")
        self.nvim.close()

    def lua(self, code: str, *args: Any) -> Any:
        return self.nvim.exec_lua(code, *args)

    def keys(self, keys: str) -> None:
        """Press keys and wait until they are worked off."""
        self.nvim.input(keys)
        self.lua("vim.wait(20)")

    def rest(self) -> None:
        """Let the cursor rest longer than it has to."""
        self.lua(f"vim.wait({2 * REST_MS})")

    def kinds(self) -> list[int]:
        """The trigger kinds of all questions."""
        return list(self.lua("return fake.kinds()"))

    def asked(self, count: int) -> None:
        """Wait until so many questions were asked."""
        until(lambda: len(self.kinds()) >= count, f"{count} questions")
        assert len(self.kinds()) == count

    def answer(
        self, number: int, new: str = "!", at: tuple[int, int] = (0, 8), **more: Any
    ) -> None:
        """Answer a question with an insertion at a place."""
        place = {"line": at[0], "character": at[1]}
        document = {"version": more.pop("version", None)}
        span = {"start": place, "end": place}
        edit = {"textDocument": document, "range": span, "newText": new}
        result = {"id": f"p{number}", "edits": [edit], "cursor": None, "jump": None, "reason": None}
        self.lua("fake.answer(...)", number, result | more)
        self.lua("vim.wait(30)")

    def shown(self) -> Any:
        """What can be accepted."""
        return self.lua(SHOWN)


@pytest.fixture(scope="module", params=["now", "oldest"])
def editor(request: pytest.FixtureRequest) -> Iterator[Asking]:
    one = Asking(parts.neovim() if request.param == "now" else oldest())
    yield one
    one.close()


@pytest.fixture
def asking(editor: Asking, tmp_path: Path) -> Asking:
    editor.begin(tmp_path / "file.py")
    return editor


def test_every_change_is_asked_about_once_and_cancels_the_question_before(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.keys("x")
    asking.keys("y")
    asking.asked(3)
    asking.rest()
    assert asking.kinds() == [2, 2, 2], "resting where one was asked for is no reason to ask again"
    assert len(asking.lua("return fake.cancelled")) == 2


def test_a_cursor_that_rests_is_a_reason_to_ask(asking: Asking) -> None:
    asking.keys("j")
    assert asking.kinds() == []
    asking.asked(1)
    asking.keys("k")
    asking.keys("j")
    asking.keys("k")
    asking.asked(2)


def test_an_answer_is_shown_and_reported_when_it_is_accepted(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1)
    assert asking.shown() == "ghost"
    asking.keys("<Tab>")
    assert asking.nvim.current.line == "one = 1;!"
    assert asking.lua("return fake.told") == [["zeta.accept", "p1"]]
    asking.asked(2)


def test_who_goes_where_a_hint_leads_asks_there(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    uri = Path(asking.nvim.current.buffer.name).as_uri()
    place = {"line": 3, "character": 5}
    asking.answer(1, jump={"textDocument": {"uri": uri}, "position": place}, edits=[])
    assert asking.shown() == "jump"
    asking.keys("<Tab>")
    assert asking.nvim.current.window.cursor == (4, 5)
    assert asking.kinds() == [2, 1], "it is the person who asks, whatever the mode"


@pytest.mark.parametrize("keys", ["x", "<Esc>j", "<Left>", "<Esc>:1<Home>"])
def test_an_answer_to_another_moment_is_not_shown(asking: Asking, keys: str) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.keys(keys)
    asking.answer(1)
    assert asking.shown() is None


def test_an_answer_about_another_version_is_not_shown(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1, version=1)
    assert asking.shown() is None


def test_an_answer_about_this_version_is_shown(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1, version=asking.lua("return vim.b.changedtick"))
    assert asking.shown() == "ghost"


def test_a_save_makes_no_other_text(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.keys("<Cmd>silent write<CR>")
    asking.answer(1, "(a)\n")
    asking.keys("<Cmd>silent write<CR>")
    assert asking.shown() == "ghost"
    assert asking.kinds() == [2], "it is asked once for a text"
    asking.keys("<Tab>")
    assert asking.nvim.current.buffer[:2] == ["one = 1;(a)", ""]


def test_a_text_that_is_read_anew_is_another_one(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1)
    asking.keys("<Cmd>silent write | silent edit!<CR>")
    assert asking.shown() is None


def test_a_refusal_is_no_prediction_and_no_error(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.lua("fake.refuse(1)")
    asking.lua("vim.wait(30)")
    assert asking.shown() is None
    assert asking.lua("return vim.fn.execute('messages')").strip() == ""


@pytest.mark.parametrize("keys", ["v", "V", "R", "gh"])
def test_nothing_is_asked_in_modes_of_another_purpose(asking: Asking, keys: str) -> None:
    asking.keys(f"{keys}<Right>")
    asking.rest()
    assert asking.kinds() == []


def test_nothing_is_asked_where_nothing_can_be_changed(asking: Asking) -> None:
    asking.nvim.command("setlocal nomodifiable")
    asking.keys("j")
    asking.rest()
    assert asking.kinds() == []


def test_who_asks_is_answered_whatever_was_hidden(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1)
    asking.keys("<M-h>")
    assert asking.shown() is None
    asking.keys("<M-n>")
    assert asking.kinds() == [2, 1]
    asking.answer(2)
    assert asking.shown() == "ghost"


def test_typing_along_shortens_and_anything_else_hides(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1, "(a)\n")
    asking.keys("(")
    asking.keys("a")
    assert asking.shown() == "ghost"
    asking.keys(")<CR>")
    assert asking.shown() is None, "all of it was typed"
    asking.answer(4, "(b)", (1, 0))
    asking.keys("b")
    assert asking.shown() is None, "something else was typed"


def test_ghost_text_goes_when_the_cursor_does(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1)
    asking.keys("<Left>")
    assert asking.shown() is None


def test_a_diff_waits_for_the_next_answer_but_not_for_long(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1, "!", (1, 0))
    assert asking.shown() == "diff"
    asking.nvim.input("x")
    assert asking.shown() is None, "it cannot be accepted any more"
    until(lambda: asking.lua("return fake.asked[2] ~= nil"), "the next question")
    asking.lua("vim.wait(100)")
    namespace = "vim.api.nvim_get_namespaces().zeta"
    drawn = f"return #vim.api.nvim_buf_get_extmarks(0, {namespace}, 0, -1, {{}})"
    assert asking.lua(drawn) == 0


def test_the_screen_is_empty_once_the_server_is_gone(asking: Asking) -> None:
    asking.keys("A;")
    asking.asked(1)
    asking.answer(1)
    asking.lua("vim.lsp.buf_detach_client(0, vim.lsp.get_clients()[1].id)")
    assert asking.shown() is None
    asking.keys("x")
    asking.rest()
    assert len(asking.kinds()) == 1
