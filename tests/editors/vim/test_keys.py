"""Keys are ours only while something of ours is on the screen."""

from collections.abc import Callable

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line
from tests.editors.stage import Stage
from tests.editors.vim.conftest import Open

pytestmark = pytest.mark.editor


def proposed(vim: Editor, opened: Open) -> None:
    """Ghost text behind what was typed."""
    opened(BEFORE, RULE)
    vim.place(GHOST_ROW, GHOST_COL)
    vim.type(TYPED)
    until(lambda: vim.ghost() == REST, "the ghost text")


def test_tab_is_a_tab_where_nothing_is_shown(vim: Editor, opened: Open) -> None:
    opened(BEFORE)
    vim.place(GHOST_ROW, 0)
    vim.press("Tab")
    until(lambda: line(vim).startswith("\t") or line(vim) == " " * 8, "a tab")


def test_a_mapping_of_somebody_else_means_the_same_again_afterwards(
    vim: Editor, opened: Open
) -> None:
    opened(BEFORE)
    vim.command("inoremap <buffer> <expr> <Tab> repeat('mine', 1)")
    before = vim.evaluate("maparg('<Tab>', 'i')")
    proposed_here(vim)
    assert vim.evaluate("maparg('<Tab>', 'i')") == "<Plug>(zeta-accept)"
    vim.accept()
    until(lambda: line(vim) == f"    {TYPED}{REST}", "the accepted text")
    assert vim.evaluate("maparg('<Tab>', 'i')") == before
    vim.press("Tab")
    until(lambda: line(vim).endswith("mine"), "what the mapping inserts")


def proposed_here(vim: Editor) -> None:
    """Ghost text in the file that is open."""
    vim.stage.answers(RULE)
    vim.place(GHOST_ROW, GHOST_COL)
    vim.type(TYPED)
    until(lambda: vim.ghost() == REST, "the ghost text")


def test_tab_belongs_to_the_menu_while_it_is_open(vim: Editor, opened: Open) -> None:
    opened(BEFORE)
    vim.command("inoremap <expr> <Tab> pumvisible() ? '<C-N>' : '<Tab>'")
    vim.command("setlocal completeopt=menuone,noinsert,noselect")
    try:
        proposed_here(vim)
        vim.evaluate('feedkeys("\\<C-N>", "t")')
        until(lambda: vim.evaluate("pumvisible()"), "the menu")
        assert vim.evaluate("maparg('<Tab>', 'i')").startswith("pumvisible()")
        vim.press("C-e")
        until(lambda: not vim.evaluate("pumvisible()"), "no menu")
    finally:
        vim.command("iunmap <Tab>")


def test_tab_belongs_to_a_snippet_that_waits(start: Callable[..., Editor], stage: Stage) -> None:
    plugin = stage.folder / "snippets" / "autoload"
    plugin.mkdir(parents=True)
    (plugin / "vsnip.vim").write_text("function vsnip#jumpable(_)\n  return 1\nendfunction\n")
    vim = start(settings=f"set runtimepath+={plugin.parent}\nruntime autoload/vsnip.vim")
    vim.open(stage.file("snippet.py", BEFORE))
    proposed_here(vim)
    assert vim.evaluate("maparg('<Tab>', 'i')") == ""


def test_ctrl_g_still_begins_what_vim_means_by_it(vim: Editor, opened: Open) -> None:
    opened("one\n")
    vim.place(0, 3)
    vim.type(" two")
    vim.press("C-g", "u")
    vim.type(" three")
    vim.undo()
    until(lambda: line(vim, 0) == "one two", "the first step undone")


def test_ghost_text_is_taken_in_normal_mode_too(vim: Editor, opened: Open) -> None:
    proposed(vim, opened)
    vim.press("Escape")
    vim.rest(0.3)
    until(lambda: vim.ghost() == REST, "the ghost text")
    vim.accept()
    until(lambda: line(vim) == f"    {TYPED}{REST}", "the accepted text")
    assert vim.mode() == "n"


def test_without_mappings_the_keys_are_vims_own(start: Callable[..., Editor], stage: Stage) -> None:
    vim = start(settings="let g:zeta_no_mappings = 1\nlet g:zeta_accept_key = ''")
    vim.open(stage.file("plain.py", BEFORE))
    assert vim.evaluate("maparg('<C-G>w', 'i')") == ""
    proposed_here(vim)
    assert vim.evaluate("maparg('<Tab>', 'i')") == ""
