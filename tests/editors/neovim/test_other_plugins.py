"""Other plugins, unmodified, with the configurations that the README gives for them.

They are not part of this project and not fetched by it: a test runs where a variable names a
checkout (ZETA_SIDEKICK, ZETA_COPILOT_LSP, ZETA_BLINK, ZETA_CMP, ZETA_LAZY), and is skipped if not.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.neovim import PLUGIN, Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, ending, line
from tests.editors.stage import Stage

DRAWN = """
local out, namespace = {}, vim.api.nvim_get_namespaces()[...]
for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
  for _, chunk in ipairs(mark[4].virt_text or {}) do out[#out + 1] = chunk[1] end
  for _, row in ipairs(mark[4].virt_lines or {}) do
    for _, chunk in ipairs(row) do out[#out + 1] = chunk[1] end
  end
end
return table.concat(out, '')
"""
MAPPED = "return vim.fn.maparg('<Tab>', 'i', false, true).desc or ''"
SHOP = "def gross(net, rate):\n    tax = net * rate\n    return net\n\n\nprint(gross)\n"
EDIT = ("    return net\n", "    return net + tax\n")
BLINK = """
require('blink.cmp').setup({
  keymap = { preset = 'super-tab' },
  fuzzy = { implementation = 'lua' },
  completion = { list = { selection = { preselect = true } } },
  sources = { default = { 'buffer' } },
})
"""
CMP = """
local cmp = require('cmp')
cmp.register_source('words', {
  complete = function(_, _, done) done({ { label = 'checking' }, { label = 'checked' } }) end,
})
cmp.setup({
  sources = { { name = 'words' } },
  mapping = {
    ['<Tab>'] = cmp.mapping(function(fallback)
      if cmp.visible() then cmp.confirm({ select = true }) else fallback() end
    end, { 'i' }),
    ['<C-e>'] = cmp.mapping.abort(),
  },
})
"""

pytestmark = pytest.mark.editor
Start = Callable[..., Editor]


def checkout(variable: str) -> Path:
    """The folder that a variable names."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"set {variable} to a checkout of the plugin")
    return Path(folder)


def drawn(editor: Editor, namespace: str) -> str:
    """The virtual text of somebody."""
    return str(editor.lua(DRAWN, namespace))


def changed_above(editor: Editor, stage: Stage, name: str) -> Path:
    """A file in Normal mode in which the model wants to change the row two below the cursor."""
    stage.answers()
    path = stage.file(name, SHOP)
    editor.open(path)
    stage.answers(EDIT)
    editor.keys("ggA  # €<Esc>")
    return path


def test_sidekick_draws_and_applies_next_edits(start: Start, stage: Stage) -> None:
    editor = start(heading="sidekick.nvim", plugins=(checkout("ZETA_SIDEKICK"),))
    path = changed_above(editor, stage, "sidekick.py")
    editor.wait(lambda: "tax" in drawn(editor, "sidekick.ui"), "the edit as sidekick draws it")
    editor.keys("<Tab>")
    until(lambda: editor.cursor()[0] == 2, "the first Tab goes there")
    editor.keys("<Tab>")
    until(lambda: line(editor) == "    return net + tax", "the second applies")
    ending(stage, path, "accepted")


def test_ghost_text_beside_sidekick_is_neovims_own(start: Start, stage: Stage) -> None:
    editor = start(heading="sidekick.nvim", plugins=(checkout("ZETA_SIDEKICK"),))
    stage.answers()
    editor.open(stage.file("beside.py", BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    editor.keys("<Tab>")
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")


def test_our_plugin_leaves_sidekicks_server_alone(start: Start, stage: Stage) -> None:
    plugins = (checkout("ZETA_SIDEKICK"), PLUGIN)
    editor = start(heading="sidekick.nvim", plugins=plugins)
    changed_above(editor, stage, "both.py")
    editor.wait(lambda: "tax" in drawn(editor, "sidekick.ui"), "the edit as sidekick draws it")
    assert editor.lua("return package.loaded['zeta.watch'] == nil")


def test_copilot_lsp_draws_and_applies_next_edits(start: Start, stage: Stage) -> None:
    editor = start(heading="copilot-lsp", plugins=(checkout("ZETA_COPILOT_LSP"),))
    path = changed_above(editor, stage, "copilot.py")
    editor.wait(lambda: "tax" in drawn(editor, "copilotlsp.nes"), "the edit as it draws it")
    editor.keys("<Tab>")
    until(lambda: editor.cursor()[0] == 2, "the first Tab goes there")
    editor.wait(lambda: editor.lua("return vim.b.nes_state ~= nil"), "the edit is still there")
    editor.keys("<Tab>")
    until(lambda: line(editor) == "    return net + tax", "the second applies")
    ending(stage, path, "accepted")


def menus(stage: Stage, start: Start, name: str, settings: str, variable: str) -> Editor:
    """An editor with a completion plugin whose menu comes by itself."""
    editor = start(settings=settings, plugins=(checkout(variable),))
    stage.answers()
    editor.open(stage.file(f"{name}.py", "checking = checked = 1\n" + BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW + 1, GHOST_COL)
    editor.type(TYPED)
    return editor


@pytest.mark.parametrize(
    ("name", "settings", "variable", "is_open"),
    [
        ("blink", BLINK, "ZETA_BLINK", "return require('blink.cmp').is_menu_visible()"),
        ("cmp", CMP, "ZETA_CMP", "return require('cmp').visible()"),
    ],
)
def test_a_menu_hides_ghost_text_and_keeps_tab(
    start: Start, stage: Stage, name: str, settings: str, variable: str, is_open: str
) -> None:
    editor = menus(stage, start, name, settings, variable)
    editor.wait(lambda: editor.lua(is_open), "the menu")
    until(lambda: editor.lua("return require('zeta').shown()") is None, "nothing of ours is shown")
    assert editor.ghost() == ""
    assert editor.lua(MAPPED) != "Zeta: accept"
    editor.keys("<C-e>")
    until(lambda: not editor.lua(is_open), "the menu is closed")
    editor.wait(lambda: editor.ghost() == REST, "the ghost text comes back")
    editor.keys("<Tab>")
    until(lambda: line(editor, GHOST_ROW + 1) == f"    {TYPED}{REST}", "the accepted text")
    editor.keys("<CR>che")
    editor.wait(lambda: editor.lua(is_open), "the menu again")
    editor.keys("<Tab>")
    until(lambda: line(editor, GHOST_ROW + 2).strip().startswith("check"), "Tab is the menu's")
    assert "che\t" not in editor.text()


def test_lazy_loads_the_plugin(start: Start, stage: Stage) -> None:
    editor = start(heading="lazy.nvim", plugins=(checkout("ZETA_LAZY"),))
    proposed(editor, stage, "lazy.py")


def test_vim_pack_loads_the_plugin(start: Start, stage: Stage) -> None:
    """From a repository in the place of the checkout, agreeing to the installation."""
    clone = stage.folder / "home" / "src" / "zeta-lsp"
    clone.parent.mkdir(parents=True, exist_ok=True)
    if clone.is_symlink():
        clone.unlink()
    shutil.copytree(PLUGIN, clone / "editors" / "nvim")
    name = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*name, "commit", "-q", "-m", "x")):
        subprocess.run(["git", *words], cwd=clone, check=True)
    agree = """
    local add = vim.pack.add
    vim.pack.add = function(specs, options)
      options.confirm = false
      add(specs, options)
    end
    """
    editor = start(heading="vim.pack", settings=agree)
    found = editor.lua("return vim.api.nvim_get_runtime_file('lua/zeta', false)")
    assert "/pack/core/opt/" in found[0]
    proposed(editor, stage, "pack.py")


def proposed(editor: Editor, stage: Stage, name: str) -> None:
    """Ghost text comes and is accepted."""
    stage.answers()
    editor.open(stage.file(name, BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    editor.keys("<Tab>")
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")
