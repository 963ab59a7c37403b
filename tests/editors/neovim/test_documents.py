"""What the README and the help say is what is so."""

import contextlib
import re
from collections.abc import Iterator

import pynvim
import pytest

from tests.e2e import parts
from tests.editors.drivers.neovim import CHECKOUT, PLUGIN, configuration

DEFAULTS = """
local given
package.loaded.zeta = { setup = function(options) given = options end }
assert(loadstring(...))()
package.loaded.zeta = nil
return vim.deep_equal(given, require('zeta.config').now)
"""
TAGS = """
vim.cmd.helptags(vim.fn.fnameescape(...))
return vim.fn.getcompletion('zeta', 'help')
"""
DEFINED = """
require('zeta.draw').highlights()
return vim.tbl_filter(function(name) return vim.fn.hlexists(name) == 0 end, { ... })
"""
LUA = re.compile(r"```lua\n(.*?)```", re.DOTALL)
HELP = PLUGIN / "doc" / "zeta.txt"
EDITORS = CHECKOUT / "docs" / "editors.md"

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def nvim() -> Iterator[pynvim.Nvim]:
    """A Neovim that knows the plugin, and nothing else."""
    argv = [parts.neovim(), "--embed", "--headless", "--clean", "-n"]
    one = pynvim.attach("child", argv=[*argv, "--cmd", f"set rtp+={PLUGIN}"])
    yield one
    with contextlib.suppress(EOFError, OSError):  # it is gone: that was the point
        one.command("qall!")
    one.close()


def lua_of_the_help(section: str) -> str:
    """The first Lua of a section of the help."""
    behind = HELP.read_text(encoding="utf-8").partition(f"*{section}*")[2]
    return behind.partition(">lua\n")[2].partition("\n<")[0]


def test_the_defaults_of_the_readme_and_the_help_are_those_of_the_code(nvim: pynvim.Nvim) -> None:
    assert nvim.exec_lua(DEFAULTS, configuration("Options"))
    assert nvim.exec_lua(DEFAULTS, lua_of_the_help("zeta-options"))


def test_the_help_has_its_tags(nvim: pynvim.Nvim) -> None:
    try:
        tags = nvim.exec_lua(TAGS, str(HELP.parent))
    finally:
        (HELP.parent / "tags").unlink(missing_ok=True)
    assert {"zeta", "zeta.txt", "zeta-keys", "zeta-options"} <= set(tags)


def test_the_highlight_groups_of_the_help_exist(nvim: pynvim.Nvim) -> None:
    named = [word.strip("*") for word in HELP.read_text(encoding="utf-8").split() if "*hl-" in word]
    assert len(named) == 4
    assert nvim.exec_lua(DEFINED, *[name.removeprefix("hl-") for name in named]) == []


def test_the_page_on_all_editors_shows_what_the_readme_does() -> None:
    """And what the README shows is what the tests start Neovim with."""
    section = (
        EDITORS.read_text(encoding="utf-8").partition("\n## Neovim\n")[2].partition("\n## ")[0]
    )
    blocks = LUA.findall(section)
    assert configuration("Minimal configuration") in blocks
    assert set(blocks) <= set(LUA.findall((PLUGIN / "README.md").read_text(encoding="utf-8")))
