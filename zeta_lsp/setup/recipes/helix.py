"""Helix: one more language server of the common languages, and keys for its commands.

What goes into `languages.toml` and `config.toml` is read from the files that come with zeta-lsp. A
language that is named there replaces the list of servers that Helix has for it, so that list is
asked for (`hx --health python`) and written down with ours at its end. Keys that are taken stay.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from zeta_lsp.setup.change import Change, Plan, Refused, content_of
from zeta_lsp.setup.recipes.recipe import Editor, Found, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded
from zeta_lsp.setup.toml_edit import TomlFile, values_in

_EDITOR = Editor(
    "helix", "Helix", ("hx", "helix"), ("~/.cargo/bin/hx",), "com.helix_editor.Helix", "25.07"
)
LANGUAGES = (
    "bash", "c", "c-sharp", "cpp", "css", "go", "html", "java", "javascript", "json", "jsx",
    "kotlin", "lua", "markdown", "php", "python", "ruby", "rust", "scala", "sql", "swift", "toml",
    "tsx", "typescript", "yaml", "zig",
)  # fmt: skip
"""Languages get predictions if they are here or in the person's own file."""
SERVER = "zeta"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ROW = re.compile(r"^\s+\S+ ([^\s:]+):", re.MULTILINE)


class Helix:
    """Helix from 25.07 on, whose keys can say where the cursor is."""

    names = ("helix",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        keys, notes = _keys(here)
        return Plan((_languages(found, here), keys), notes=notes)


def servers_in(health: str) -> list[str]:
    """The language servers in what `hx --health LANGUAGE` prints, in their order."""
    _, _, listed = _COLOUR.sub("", health).partition("Configured language servers:")
    rows = listed.split("Configured debug adapter", 1)[0]
    return _ROW.findall(rows)


def _languages(found: Found, here: Surroundings) -> Change:
    path = here.config / "helix" / "languages.toml"
    before = content_of(path)
    text, name = decoded(before, str(path)), str(path)
    file = TomlFile(text, name)
    own = file.values.get("language", ())
    named = {str(each.get("name")) for each in own if isinstance(each, Mapping)}
    usual = _usual_servers(sorted({*LANGUAGES, *named}), found.program, here)
    server = _shipped("languages.toml", here)["language-server"][SERVER]
    server = {**server, "command": here.server_for(desktop=False)}
    add_server(file, server, usual)
    return Change(path, before, file.text().encode("utf-8"))


def _keys(here: Surroundings) -> tuple[Change, tuple[str, ...]]:
    """The change of `config.toml`, and what could not be put there."""
    path = here.config / "helix" / "config.toml"
    before = content_of(path)
    wanted = _shipped("config.toml", here)
    note = "A prediction is a completion entry, and `space a` offers it; `A-l` takes it."
    try:
        file = TomlFile(decoded(before, str(path)), str(path))
        taken = file.fill(wanted)
        after = file.text()
    except Refused as fault:
        return Change(path, before, before), (note, f"No keys were set: {fault}.")
    notes = [f"{key} means something else already and stays." for key in taken]
    return Change(path, before, after.encode("utf-8")), (note, *notes)


def _shipped(name: str, here: Surroundings) -> dict[str, Any]:
    path = here.client("helix") / name
    return values_in(path.read_text("utf-8"), str(path))


def _usual_servers(
    languages: Iterable[str], program: str, here: Surroundings
) -> dict[str, list[str]]:
    """What each language has without us; without those that this Helix does not know."""
    usual = {}
    for language in languages:
        health = here.run((program, "--health", language))
        if "Configured language servers:" in health:
            usual[language] = [each for each in servers_in(health) if each != SERVER]
    return usual


def add_server(file: TomlFile, server: Mapping[str, Any], usual: Mapping[str, list[str]]) -> None:
    """Add our server, and name it for the languages in `usual` behind their usual servers.

    Raises:
        Refused: what stands under `language` is no list of tables.
    """
    languages = file.values.get("language", [])
    if not isinstance(languages, list) or not all(isinstance(each, dict) for each in languages):
        raise Refused("languages.toml has no list of languages")
    for key, value in server.items():
        file.put(("language-server", SERVER, key), value)
    known = {str(each.get("name")): row for row, each in enumerate(languages)}
    for name, names in usual.items():
        if name not in known:
            entry = {"name": name, "language-servers": [*names, SERVER]}
            file.add_table("language", entry)
            continue
        servers = languages[known[name]].get("language-servers")
        if servers is None:
            file.put_in_table("language", known[name], "language-servers", [*names, SERVER])
        elif SERVER not in map(_name_of, servers):
            file.add_item("language", known[name], "language-servers", SERVER)


def _name_of(server: Any) -> str:
    """A server is named, or a table that narrows what it is asked for."""
    return str(server.get("name")) if isinstance(server, Mapping) else str(server)
