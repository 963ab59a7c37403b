"""Helix: zeta-lsp as one more language server of the common languages, in `languages.toml`.

A language that is named there replaces the list of servers that Helix has for it, so that list is
asked for (`hx --health python`) and written down with zeta-lsp at its end.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit

from zeta_lsp.setup.change import Change, Plan, content_of
from zeta_lsp.setup.recipes.recipe import Found
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded
from zeta_lsp.setup.toml_edit import edited, values_in

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
    """Helix from 23.05 on, where a language can have several servers."""

    names = ("helix",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        program = here.program(
            ("hx", "helix"), ("/opt/homebrew/bin/hx", "/snap/bin/helix", "~/.cargo/bin/hx")
        )
        return [Found("helix", "Helix", program, here.version_of(program))] if program else []

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        path = here.config / "helix" / "languages.toml"
        before = content_of(path)
        text, name = decoded(before, str(path)), str(path)
        own = values_in(text, name)
        usual = _usual_servers(_languages(own), found.program, here)
        command = here.server_for(desktop=False)
        after = edited(text, lambda document: _add(document, command, usual), name)
        note = "In Helix: a prediction is a completion entry, and `space a` offers it."
        return Plan((Change(path, before, after.encode("utf-8")),), notes=(note,))


def servers_in(health: str) -> list[str]:
    """The language servers in what `hx --health LANGUAGE` prints, in their order."""
    plain = _COLOUR.sub("", health)
    _, _, listed = plain.partition("Configured language servers:")
    rows = listed.split("Configured debug adapter", 1)[0]
    return [] if rows.strip() == "None" else _ROW.findall(rows)


def _languages(own: Mapping[str, Any]) -> list[str]:
    named = [str(each.get("name")) for each in own.get("language", ()) if isinstance(each, dict)]
    return sorted({*LANGUAGES, *named})


def _usual_servers(
    languages: Iterable[str], program: str, here: Surroundings
) -> dict[str, list[str]]:
    """What each language has without us; without those that this Helix does not know."""
    usual = {}
    for language in languages:
        try:
            health = here.run((program, "--health", language))
        except OSError:
            continue
        if "Configured language servers:" in health:
            usual[language] = [each for each in servers_in(health) if each != SERVER]
    return usual


def _add(document: tomlkit.TOMLDocument, command: str, usual: Mapping[str, list[str]]) -> None:
    servers = document.get("language-server")
    if servers is None:
        servers = document["language-server"] = tomlkit.table(is_super_table=True)
    if servers.get(SERVER, {}).get("command") != command:
        servers[SERVER] = {"command": command}
    languages = document.get("language")
    if languages is None:
        languages = document["language"] = tomlkit.aot()
    known = {str(each.get("name")): each for each in languages}
    for name, names in usual.items():
        if name not in known:
            entry = tomlkit.table()
            entry["name"] = name
            entry["language-servers"] = [*names, SERVER]
            languages.append(entry)
        elif SERVER not in map(_name_of, known[name].get("language-servers", ())):
            _join(known[name], names)


def _join(entry: Any, usual: list[str]) -> None:
    if "language-servers" in entry:
        entry["language-servers"].append(SERVER)
    else:
        entry["language-servers"] = [*usual, SERVER]


def _name_of(server: Any) -> str:
    """A server is named, or a table that narrows what it is asked for."""
    return str(server.get("name")) if isinstance(server, Mapping) else str(server)
