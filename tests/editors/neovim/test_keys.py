"""Keys belong to the plugin only while something of it is on the screen."""

from collections.abc import Callable

import pytest

from tests.editors.driver import until
from tests.editors.drivers.neovim import Editor
from tests.editors.neovim.conftest import Open
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, ending, line
from tests.editors.stage import Stage

MAPPED = "return vim.fn.maparg(..., 'i', false, true).desc or ''"
SNIPPET = "vim.snippet.expand('f(${1:net}, ${2:rate})$0')"

pytestmark = pytest.mark.editor


def proposed(editor: Editor, opened: Open) -> None:
    """The shop with ghost text on the screen, in Insert mode."""
    opened(BEFORE, RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")


def menu(editor: Editor) -> None:
    """Open the completion menu; it inserts nothing yet."""
    editor.nvim.command("set completeopt=menuone,noinsert")
    editor.keys("<C-n>")
    until(lambda: editor.lua("return vim.fn.pumvisible()") == 1, "the menu")


def test_tab_indents_where_nothing_is_shown(editor: Editor, opened: Open) -> None:
    opened("a\n")
    usual = editor.lua(MAPPED, "<Tab>")
    editor.keys("A<Tab>b<Esc>")
    until(lambda: editor.text() in ("a\tb\n", "a   b\n"), "an indent")
    assert editor.lua(MAPPED, "<Tab>") == usual


def test_tab_is_given_back_once_the_ghost_text_is_gone(editor: Editor, opened: Open) -> None:
    proposed(editor, opened)
    assert editor.lua(MAPPED, "<Tab>") == "Zeta: accept"
    editor.type("x")
    until(lambda: editor.ghost() == "", "nothing shown any more")
    editor.keys("<Tab>y")
    until(lambda: line(editor).endswith("y"), "what was typed")
    assert line(editor) in (f"    {TYPED}x\ty", f"    {TYPED}x  y")


def test_a_mapping_of_the_buffer_is_given_back(editor: Editor, opened: Open) -> None:
    opened(BEFORE, RULE)
    editor.lua("vim.keymap.set('i', '<Tab>', '<C-o>:let g:mine = 1<CR>', { buffer = true })")
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    editor.accept()
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")
    assert editor.lua("return vim.g.mine") is None
    editor.keys("<Tab>")
    until(lambda: editor.lua("return vim.g.mine") == 1, "the mapping of before")


def test_ghost_text_hides_behind_a_menu_and_tab_is_the_menus(
    editor: Editor, opened: Open, stage: Stage
) -> None:
    opened("checking = 1\n" + BEFORE, RULE)
    editor.place(GHOST_ROW + 1, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    menu(editor)
    until(lambda: editor.ghost() == "", "no ghost text beside it")
    assert editor.lua(MAPPED, "<Tab>") != "Zeta: accept"
    editor.keys("<C-e>")
    until(lambda: editor.ghost() == REST, "the ghost text again")
    editor.accept()
    until(lambda: line(editor, GHOST_ROW + 1) == f"    {TYPED}{REST}", "the accepted text")


def test_ghost_text_may_stay_beside_a_menu(start: Callable[..., Editor], stage: Stage) -> None:
    editor = start(
        settings="vim.schedule(function() require('zeta').setup({ with_menu = true }) end)"
    )
    editor.open(stage.file("beside.py", "checking = 1\n" + BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW + 1, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    menu(editor)
    until(lambda: editor.ghost() == REST, "the ghost text is there")
    assert editor.lua(MAPPED, "<Tab>") != "Zeta: accept"


def test_tab_goes_on_in_a_snippet(editor: Editor, opened: Open) -> None:
    opened(BEFORE, ("    f(net, rate)\n", "    f(net, rate) + check\n"))
    editor.place(GHOST_ROW, GHOST_COL)
    editor.lua(SNIPPET)
    until(lambda: "f(net, rate)" in line(editor), "the snippet")
    editor.keys("tax")
    editor.wait(lambda: line(editor) == "    f(tax, rate)", "the first place is filled")
    editor.keys("<Tab>")
    editor.keys("fee")
    until(lambda: line(editor) == "    f(tax, fee)", "the second place is filled")
    editor.lua("vim.snippet.stop()")


def test_hidden_text_stays_away_until_the_text_changes_and_is_not_rejected(
    editor: Editor, opened: Open, stage: Stage
) -> None:
    path = opened(BEFORE, RULE, name="hidden.py")
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    editor.keys("<M-h>")
    until(lambda: editor.ghost() == "", "nothing shown any more")
    for key in ("<Left>", "<Right>"):
        editor.keys(key)
        editor.lua("vim.wait(400)")  # longer than the cursor rests
        assert editor.ghost() == ""
    editor.ask()
    until(lambda: editor.ghost() == REST, "it comes back for who asks")
    assert not any(
        one["ending"] == "rejected" for one in stage.journal() if "hidden" in one["path"]
    )
    editor.accept()
    ending(stage, path, "accepted")


def test_escape_turns_down_in_normal_mode(editor: Editor, opened: Open, stage: Stage) -> None:
    path = opened("one = 1\ntwo = 2\n", ("two = 2\n", "two = 3\n"), name="escape.py")
    editor.keys("A  # €<Esc>")
    editor.wait(editor.diff, "the diff")
    editor.reject()
    until(lambda: editor.diff() is None, "nothing shown any more")
    ending(stage, path, "rejected")
    assert editor.lua("return vim.fn.maparg('<Esc>', 'n')") == ""


def test_keys_of_ones_own(start: Callable[..., Editor], stage: Stage) -> None:
    options = "{ keys = { accept = { i = '<C-y>' }, reject = false } }"
    editor = start(settings=f"vim.schedule(function() require('zeta').setup({options}) end)")
    editor.open(stage.file("own.py", BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    assert editor.lua(MAPPED, "<Tab>") != "Zeta: accept"
    assert editor.lua(MAPPED, "<C-]>") == ""
    editor.keys("<C-y>")
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")


def test_plug_mappings_serve_keys_that_are_mapped_at_all_times(
    editor: Editor, opened: Open
) -> None:
    editor.lua("vim.keymap.set('i', '<C-g><C-g>', '<Plug>(zeta-accept-word)')")
    proposed(editor, opened)
    editor.keys("<C-g><C-g>")
    until(lambda: line(editor) == f"    {TYPED}(", "the first word")
    editor.lua("vim.keymap.del('i', '<C-g><C-g>')")


def test_a_recorded_macro_plays_without_predictions(editor: Editor, opened: Open) -> None:
    opened("one = 1\ntwo = 2\nsix = 6\n")
    editor.keys("qqA # x<Esc>jq2@q")
    until(lambda: editor.text() == "one = 1 # x\ntwo = 2 # x\nsix = 6 # x\n", "it was played")
