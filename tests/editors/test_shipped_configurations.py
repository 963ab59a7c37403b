"""What ships in `editors/` for editors that only need configuring is what they can read.

Names of settings are those of the programs' own sources, noted here with where they stand.
"""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.editors.shipped import FOLDER, shown_in, text
from zeta_lsp.gateway.snippets import zed_settings
from zeta_lsp.server.capabilities import COMMANDS

PAGES = {
    "helix/README.md": ("helix/languages.toml", "helix/config.toml"),
    "kate/README.md": ("kate/settings.json",),
    "kakoune/README.md": ("kakoune/zeta.kak",),
    "sublime/README.md": ("sublime/LSP.sublime-settings", "sublime/Default.sublime-keymap"),
    "jetbrains/README.md": (),
    "zed/README.md": ("zed/settings.json",),
}
SUBLIME_CLIENT = {
    "command", "enabled", "file_watcher", "tcp_port", "auto_complete_selector",
    "ignore_server_trigger_chars", "selector", "schemes", "priority_selector",
    "initialization_options", "settings", "experimental_capabilities", "disabled_capabilities",
    "env", "diagnostics_mode", "semantic_tokens", "markdown_language_map",
}  # fmt: skip
"""`ClientConfig` in sublimelsp/LSP, sublime-package.json, 2026-08-20."""
SUBLIME_VARIABLES = {"$document_id", "$file_uri", "$position", "$range", "$text_document_position"}
"""What `lsp_execute` replaces: sublimelsp/LSP, plugin/execute_command.py."""
LSP4IJ_TEMPLATE = {
    "id", "name", "programArgs", "workingDir", "expandConfiguration", "fileTypeMappings",
    "languageMappings", "disablePromotionFor",
}  # fmt: skip
"""redhat-developer/lsp4ij, ServerTemplate.java and LanguageServerTemplateDeserializer.java."""
KAKOUNE_SERVER = {
    "command", "args", "root", "root_globs", "single_instance", "settings", "settings_section",
    "workspace_did_change_configuration_subsection", "experimental", "symbol_kinds",
}  # fmt: skip
"""`lsp_servers` in kakoune-lsp 21.0.2, rc/lsp.kak."""
STAND_IN = """
# What zeta.kak needs of kakoune-lsp, writing down what it is asked.
declare-option str lsp_servers ''
define-command lsp-execute-command -params 2..3 %{ echo -to-file %opt{asked} %arg{@} }
"""


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_very_files_that_ship(page: str) -> None:
    shown = shown_in(page)
    for name in PAGES[page]:
        assert text(name) in shown, name


def test_helix_gets_keys_for_commands_that_there_are() -> None:
    config = tomllib.loads(text("helix/config.toml"))
    keys = config["keys"]
    bound = [keys["insert"], keys["normal"], keys["normal"]["space"]["z"]]
    runs = [run for table in bound for run in table.values() if not isinstance(run, dict)]
    lines = [line for run in runs for line in (run if isinstance(run, list) else [run])]
    names = [line.split()[1] for line in lines if line.startswith(":lsp-workspace-command ")]
    assert set(names) <= set(COMMANDS)
    assert {"zeta.accept", "zeta.nextEdit", "zeta.reject", "zeta.explain"} <= set(names)


def test_sublimes_settings_and_keys_have_names_that_the_package_knows() -> None:
    settings = json.loads(text("sublime/LSP.sublime-settings"))
    (client,) = settings["clients"].values()
    assert set(client) <= SUBLIME_CLIENT
    for key in json.loads(text("sublime/Default.sublime-keymap")):
        arguments = key["args"]
        assert key["command"] == "lsp_execute"
        assert arguments["session_name"] in settings["clients"]
        assert arguments["command_name"] in COMMANDS
        assert set(arguments.get("command_args", [])) <= SUBLIME_VARIABLES


def test_the_template_for_jetbrains_is_one_that_lsp4ij_imports() -> None:
    template = json.loads(text("jetbrains/template.json"))
    assert set(template) <= LSP4IJ_TEMPLATE
    assert template["programArgs"]["default"] == "zeta-lsp"
    for mapping in template["fileTypeMappings"]:
        assert set(mapping) == {"fileType", "languageId"}
        assert mapping["fileType"]["name"]
        assert all(pattern.startswith("*.") for pattern in mapping["fileType"]["patterns"])


def test_zeds_settings_are_those_that_the_gateway_prints() -> None:
    printed = json.loads(zed_settings("http://127.0.0.1:7411", ""))
    assert json.loads(text("zed/settings.json")) == printed


def test_kakoune_reads_the_file_and_its_keys_say_where_the_cursor_is(tmp_path: Path) -> None:
    program = shutil.which("kak")
    if program is None:
        pytest.skip("Kakoune is not here: apt-get install kakoune")
    asked, servers = tmp_path / "asked", tmp_path / "servers"
    script = tmp_path / "session.kak"
    script.write_text(
        f"""
        declare-option str asked '{asked}'
        {STAND_IN}
        source '{FOLDER / "kakoune" / "zeta.kak"}'
        set-option buffer lsp_servers '[pylsp]'
        trigger-user-hook LSPDefaultConfig=python
        echo -to-file '{servers}' %opt{{lsp_servers}}
        execute-keys -with-maps 'jlli<a-g><esc>'
        kill! 0
        """
    )
    (tmp_path / "shop.py").write_text("one\ntwo é three\n")
    command = [program, "-n", "-ui", "dummy", "-e", f"source {script}", "shop.py"]
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=home, check=False, timeout=30)
    assert done.returncode == 0
    tables = tomllib.loads(servers.read_text())
    assert list(tables) == ["pylsp", "zeta"]
    assert set(tables["zeta"]) <= KAKOUNE_SERVER
    name, _, rest = asked.read_text().partition(" ")
    arguments, _, server = rest.strip().rpartition(" ")
    assert (name, server) == ("zeta.nextEdit", "zeta")
    assert json.loads(arguments) == [{"buffer": "shop.py", "line": 2, "column": 3}]
