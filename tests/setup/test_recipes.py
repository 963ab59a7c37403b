"""Each recipe on a home of its own: what it finds, writes, leaves alone, and takes back."""

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.setup.machine import Machine
from zeta_lsp.setup.jobs import jobs
from zeta_lsp.setup.lisp import is_balanced
from zeta_lsp.setup.recipes.book import NAMES
from zeta_lsp.setup.recipes.helix import servers_in

HEALTH = """\
case "$2" in
python) printf 'Configured language servers:\\n  ✘ ty: not found\\n  ✓ pylsp: /usr/bin/pylsp\\n' ;;
zig) printf 'Configured language servers: None\\nConfigured debug adapter: None\\n' ;;
go) printf 'Configured language servers:\\n  ✘ gopls: not found\\nConfigured formatter: None\\n' ;;
--version) echo helix 25.07.1 ;;
*) [ "$1" = --version ] && echo helix 25.07.1 || echo 'unknown language' ;;
esac"""
CODE = """\
case "$1" in
--version) echo 1.104.0 ;;
--list-extensions) cat "$HOME/extensions" 2>/dev/null ;;
esac"""


def with_editors(machine: Machine) -> Machine:
    """One of everything, with settings that look like a person's."""
    machine.program("nvim", "NVIM v0.12.4")
    machine.program("vim", "VIM - Vi IMproved 9.1 (2024 Jan 02)")
    machine.program("emacs", "GNU Emacs 30.1")
    machine.program("hx", script=HEALTH)
    machine.program("kak", "Kakoune v2024.05.18")
    machine.program("kate", "kate 24.12.0")
    machine.program("subl", "Sublime Text Build 4192")
    machine.program("zed", "Zed 1.2.3")
    machine.program("idea", "")
    machine.program("codium", script=CODE)
    machine.write(".vim/pack/x/start/coc.nvim/plugin/coc.vim", "")
    return machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return with_editors(Machine(tmp_path))


_HELIX = """\
# mine
[[language]]
name = "go"

[language-server.x]
command = "x"

[[language]]
name = "rust"
auto-format = true"""
SETTABLE = ("neovim", "vim", "coc", "emacs", "zed", "sublime", "helix", "kakoune", "kate")
FILES: dict[str, tuple[str, str]] = {
    "coc": (".vim/coc-settings.json", '{\n  // mine\n  "suggest.noselect": true,\n}'),
    "emacs": (".emacs.d/init.el", ';; mine\n(setq a ?\\( b "\\"(") ; )'),
    "zed": (".config/zed/settings.json", '// mine\n{"theme": "One", "edit_predictions": {}}'),
    "sublime": (
        ".config/sublime-text/Packages/User/LSP.sublime-settings",
        '{\n\t"clients": {\n\t\t"pyright": {"enabled": true}, // mine\n\t},\n}\n',
    ),
    "helix": (
        ".config/helix/languages.toml",
        _HELIX,
    ),
    "kakoune": (".config/kak/kakrc", "# mine\neval %sh{kak-lsp --kakoune -s $kak_session}"),
    "kate": (
        ".config/kate/lspclient/settings.json",
        '{ "servers": { "nim": { "command": ["nimlsp", "x"], "url": "u" } } }',
    ),
}
SHAPES: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "bom": lambda text: f"\ufeff{text}".encode(),
    "line end": lambda text: f"{text}\n\n".encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", SETTABLE)
def test_setting_up_twice_is_setting_up_once_and_undo_restores_every_byte(
    machine: Machine, name: str, shape: str
) -> None:
    path, text = FILES.get(name, ("unrelated", "x"))
    machine.write(path, SHAPES[shape](text))
    before = machine.files()
    status, said = machine.setup(name, "--yes")
    assert status == 0, said
    after = machine.files()
    assert after != before
    if path in before and name in FILES:
        assert b"mine" not in before[path] or b"mine" in after[path]
        assert after[path].startswith(b"\xef\xbb\xbf") == (shape == "bom")
        assert after[path].count(b"\r\n") in (0, after[path].count(b"\n"))
    status, said = machine.setup(name, "--yes")
    assert "set up already" in said
    assert machine.files() == after
    machine.setup(name, "--undo", "--yes")
    assert machine.files() == before


@pytest.mark.parametrize("name", FILES)
def test_what_was_added_since_survives_the_undo(machine: Machine, name: str) -> None:
    path, text = FILES[name]
    file = machine.write(path, f"{text}\n")
    machine.setup(name, "--yes")
    file.write_bytes(b"\n" + file.read_bytes() + b"\n\n")
    status, said = machine.setup(name, "--undo", "--yes")
    assert status == 0, said
    assert file.read_text() == f"\n{text}\n\n\n"


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"emacs", "kakoune"}))
def test_a_file_that_cannot_be_read_is_never_written(machine: Machine, name: str) -> None:
    file = machine.write(FILES[name][0], "{ [ not valid")
    status, _ = machine.setup(name, "--yes")
    assert status == 1
    assert file.read_text() == "{ [ not valid"


def test_every_editor_is_found_with_its_version(machine: Machine) -> None:
    found = {job.found.name: job.found for job in jobs(machine.here)}
    assert set(found) == {*SETTABLE, "vscodium", "jetbrains"}
    assert found["emacs"].version == "30.1"
    assert found["sublime"].title == "Sublime Text"
    assert found["vscodium"].program == str(machine.bin / "codium")
    assert set(found) <= set(NAMES)


def test_an_editor_that_hangs_or_crashes_is_listed_without_a_version(machine: Machine) -> None:
    machine.program("zed", script="exit 3")
    found = {job.found.name: job.found for job in jobs(machine.here)}
    assert found["zed"].version == ""


@pytest.mark.parametrize(
    ("program", "says", "name"),
    [
        ("nvim", "NVIM v0.10.4", "neovim"),
        ("vim", "VIM - Vi IMproved 9.0", "vim"),
        ("emacs", "GNU Emacs 27.1", "emacs"),
        ("hx", "helix 24.07", "helix"),
    ],
)
def test_what_is_too_old_says_which_version_is_needed(
    machine: Machine, program: str, says: str, name: str
) -> None:
    machine.program(program, says)
    (job,) = jobs(machine.here, [name])
    assert "or newer is needed" in job.plan.refusal


def test_a_flatpak_is_found_and_explained(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    path = machine.write(".local/share/flatpak/exports/bin/dev.zed.Zed", "")
    path.chmod(0o755)
    (job,) = jobs(machine.here)
    assert job.found.program == str(path)
    assert "Flatpak" in job.plan.refusal


def test_applications_of_macos_are_found(tmp_path: Path) -> None:
    machine = Machine(tmp_path, platform="darwin")
    place = "Applications/Visual Studio Code.app/Contents/Resources/app/bin/code"
    machine.write(place, f"#!/bin/sh\n{CODE}\n").chmod(0o755)
    (job,) = jobs(machine.here)
    assert job.found.name == "vscode"


def test_an_editor_on_the_path_of_a_terminal_starts_the_server_by_name(machine: Machine) -> None:
    machine.setup("neovim", "--yes")
    assert "vim.lsp.config" not in machine.files()[".config/nvim/plugin/zeta-lsp.lua"].decode()


def test_a_desktop_editor_starts_the_server_by_its_path(machine: Machine) -> None:
    machine.setup("emacs", "--yes")
    server = str(machine.bin / "zeta-lsp")
    assert (
        f'(setq zeta-server-command \'("{server}"))' in machine.files()[".emacs.d/init.el"].decode()
    )


def test_neovim_with_another_name_is_set_up_under_that_name(machine: Machine) -> None:
    machine.variables["NVIM_APPNAME"] = "my-nvim"
    machine.setup("neovim", "--yes")
    assert ".config/my-nvim/plugin/zeta-lsp.lua" in machine.files()


def test_vim_is_set_up_where_its_vimrc_is(machine: Machine) -> None:
    machine.write(".config/vim/vimrc", "")
    machine.setup("vim", "--yes")
    assert ".config/vim/plugin/zeta-lsp.vim" in machine.files()


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ([], ".emacs.d/init.el"),
        ([".config/emacs/early-init.el"], ".config/emacs/init.el"),
        ([".config/emacs/init.el", ".emacs.d/x"], ".emacs.d/init.el"),
        ([".emacs", ".emacs.d/init.el"], ".emacs"),
        ([".config/doom/config.el", ".config/emacs/bin/doom"], ".config/doom/config.el"),
    ],
)
def test_emacs_is_set_up_in_the_file_that_it_reads(
    machine: Machine, there: list[str], written: str
) -> None:
    for name in there:
        machine.write(name, "")
    machine.setup("emacs", "--yes")
    assert b"global-zeta-mode" in machine.files()[written]


def test_spacemacs_gets_a_snippet(machine: Machine) -> None:
    machine.write(".spacemacs", "(defun dotspacemacs/user-config ())")
    status, said = machine.setup("emacs", "--yes")
    assert status == 1
    assert "user-config" in said
    assert "(global-zeta-mode 1)" in said


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("", True), ("(a [b] \"(\" ?\\( ?( ;)\n)", True), ("(a", False), (")", False),
        ("(a]", False), ('"', False), ('"\\"', False), ("; (", True),
        ("(a?b ?\\C-\\( ?\\\")", True),
        ("(char-equal ?\\s ?\\t)", True), ("\\( a", True), ("(a ?\\\\)", True), ("?\\", True),
    ],
)  # fmt: skip
def test_brackets_of_lisp_are_counted(text: str, balanced: bool) -> None:
    assert is_balanced(text) is balanced


@given(st.text(alphabet='()[]"\\?; a\n', max_size=20))
def test_any_text_can_be_counted(text: str) -> None:
    assert is_balanced(f"({text}") is False or is_balanced(text) is False


def test_helix_keeps_the_servers_that_a_language_has(machine: Machine) -> None:
    machine.write(*FILES["helix"])
    machine.setup("helix", "--yes")
    written = tomllib.loads(machine.files()[".config/helix/languages.toml"].decode())
    servers = {each["name"]: each.get("language-servers") for each in written["language"]}
    assert servers == {
        "go": ["gopls", "zeta"],
        "python": ["ty", "pylsp", "zeta"],
        "rust": None,  # this Helix does not know it
        "zig": ["zeta"],
    }
    assert written["language-server"]["zeta"]["command"] == "zeta-lsp"


def test_keys_of_helix_that_are_taken_stay_and_are_named(machine: Machine) -> None:
    machine.write(".config/helix/config.toml", '[keys.insert]\nA-w = "no_op" # mine\n')
    _, said = machine.setup("helix", "--yes")
    assert "keys.insert.A-w means something else already" in said
    assert 'A-w = "no_op" # mine' in machine.files()[".config/helix/config.toml"].decode()


def test_servers_are_read_in_colour_too() -> None:
    coloured = (
        "Configured language servers:\n  \x1b[32m✓\x1b[m a-b: /x\nConfigured debug adapter: c"
    )
    assert servers_in(coloured) == ["a-b"]


def test_kate_keeps_the_server_of_a_language_behind_ours(machine: Machine) -> None:
    machine.program("clangd", "")
    machine.write(*FILES["kate"])
    machine.setup("kate", "--yes")
    written = json.loads(machine.files()[".config/kate/lspclient/settings.json"])["servers"]
    ours = str(machine.bin / "zeta-lsp")
    proxy = [ours, "proxy", "--set", "predict.hints=true", "--"]
    assert written["nim"] == {"command": [*proxy, "nimlsp", "x"], "url": "u"}
    assert written["c"]["command"][:6] == [*proxy, "clangd"]
    assert written["python"]["command"] == [ours, "--set", "predict.hints=true"]


def test_kakoune_without_its_language_client_gets_a_snippet(machine: Machine) -> None:
    machine.write(".config/kak/kakrc", "# nothing")
    status, said = machine.setup("kakoune", "--yes")
    assert status == 1
    assert "does not start kakoune-lsp" in said
    assert "[zeta]" in said


def test_jetbrains_gets_the_steps(machine: Machine) -> None:
    status, said = machine.setup("jetbrains")
    assert status == 0 or "LSP4IJ" in said
    assert str(machine.bin / "zeta-lsp") in said


def extended(machine: Machine, tmp_path: Path, *, built: bool) -> str:
    """A machine whose clients are copies; what the extension is installed from."""
    clients = tmp_path / "clients"
    shutil.copytree(machine.here.client("vscode"), clients / "vscode", ignore=_only_description)
    if built:
        (clients / "vscode" / "zeta-lsp.vsix").write_bytes(b"x")
    machine.clients = clients
    return str(clients / "vscode" / "zeta-lsp.vsix") if built else "zeta-lsp.zeta-lsp"


def _only_description(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name != "package.json"}


@pytest.mark.parametrize("built", [True, False])
def test_an_extension_is_installed_by_the_editor_itself(
    machine: Machine, tmp_path: Path, built: bool
) -> None:
    source = extended(machine, tmp_path, built=built)
    code = str(machine.bin / "codium")
    status, said = machine.setup("vscodium", "--yes")
    assert status == 0, said
    assert f"run: {code} --install-extension {source}" in said
    assert machine.executed == [(code, "--install-extension", source)]
    machine.write("extensions", "a.b\nzeta-lsp.zeta-lsp\n")
    assert "set up already" in machine.setup("vscodium", "--yes")[1]
    machine.setup("vscodium", "--undo", "--yes")
    assert machine.executed[1:] == [(code, "--uninstall-extension", "zeta-lsp.zeta-lsp")]


def test_a_server_that_is_not_on_the_path_is_named_in_the_settings(machine: Machine) -> None:
    (machine.bin / "zeta-lsp").rename(machine.home / "zeta-lsp")
    machine.server = str(machine.home / "zeta-lsp")
    machine.write(".config/VSCodium/User/settings.json", '{\n    "a": 1, // mine\n}\n')
    machine.setup("vscodium", "--yes")
    assert machine.files()[".config/VSCodium/User/settings.json"].decode() == (
        '{\n    "a": 1, // mine\n'
        f'    "zeta.server.command": [\n      "{machine.server}"\n    ]\n}}\n'
    )
