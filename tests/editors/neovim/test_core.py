"""Beside Neovim's own inline completion: one ghost text, one question to the model, no quarrel."""

from collections.abc import Callable

import pytest

from tests.editors.driver import until
from tests.editors.drivers.neovim import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, ending, line
from tests.editors.stage import Stage

ENABLED = "vim.lsp.inline_completion.enable(true)\n"
OWN = "vim.schedule(function() require('zeta').setup({ ghost = 'own' }) end)\n"
CORE = "vim.schedule(function() require('zeta').setup({ ghost = 'core' }) end)\n"
DRAWS = """
local namespace = vim.api.nvim_get_namespaces()[...]
return namespace and #vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, {}) or 0
"""
CORES, OURS = "nvim.lsp.inline_completion", "zeta"

pytestmark = pytest.mark.editor
Start = Callable[..., Editor]


def proposed(editor: Editor, stage: Stage, name: str) -> None:
    """The shop with ghost text on the screen."""
    stage.answers()
    editor.open(stage.file(name, BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")


def marks(editor: Editor, namespace: str) -> int:
    """How many marks somebody has drawn."""
    return int(editor.lua(DRAWS, namespace))


@pytest.mark.parametrize("settings", [ENABLED, CORE], ids=["enabled", "ghost = core"])
def test_core_draws_ghost_text_where_it_is_enabled(
    start: Start, stage: Stage, settings: str
) -> None:
    editor = start(settings=settings)
    asked = stage.asked
    proposed(editor, stage, "core.py")
    until(lambda: editor.lua("return require('zeta').shown()") == "ghost", "the answer to us")
    assert (marks(editor, CORES), marks(editor, OURS)) == (1, 0)
    assert stage.asked - asked <= len(TYPED), "a question of its own for each"
    editor.accept()
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")
    assert editor.cursor() == (GHOST_ROW, len(f"    {TYPED}{REST}"))
    assert marks(editor, CORES) == 0
    editor.keys("<Esc>u")
    until(lambda: line(editor) == f"    {TYPED}", "undo takes back what was accepted alone")


def test_a_word_of_what_core_drew_is_taken(start: Start, stage: Stage) -> None:
    editor = start(settings=ENABLED)
    proposed(editor, stage, "word.py")
    until(lambda: editor.lua("return require('zeta').shown()") == "ghost", "the answer to us")
    editor.accept_word()
    until(lambda: line(editor) == f"    {TYPED}(", "the first word")
    until(lambda: editor.ghost() == REST[1:], "core draws the rest")


def test_what_core_cannot_draw_the_plugin_does(start: Start, stage: Stage) -> None:
    editor = start(settings=ENABLED)
    stage.answers()
    path = stage.file("diff.py", BEFORE)
    editor.open(path)
    stage.answers(("    return net + tax", "    return net + tax + check"))
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type("check = 1")
    shown = editor.wait(editor.diff, "the edit below")
    assert "+ check" in shown.new
    assert marks(editor, CORES) == 0
    editor.accept()
    until(lambda: line(editor, 3) == "    return net + tax + check", "the accepted edit")
    ending(stage, path, "accepted")


def test_own_ghost_text_keeps_core_from_drawing_ours(start: Start, stage: Stage) -> None:
    editor = start(settings=ENABLED + OWN)
    proposed(editor, stage, "own.py")
    assert (marks(editor, CORES), marks(editor, OURS)) == (0, 1)
    assert editor.lua("return vim.lsp.inline_completion.is_enabled()"), "others may still use it"


def test_the_plain_set_up_of_core_works_without_the_plugin(start: Start, stage: Stage) -> None:
    editor = start(settings=f"vim.g.loaded_zeta = true\n{ENABLED}")
    proposed(editor, stage, "plain.py")
    assert marks(editor, CORES) == 1
    editor.lua("vim.lsp.inline_completion.get()")
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")
