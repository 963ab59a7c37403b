"""The configurations that ship for editors without a client of ours, read as those editors do."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "editors"
CLIENTS = Path(__file__).resolve().parents[1] / "golden" / "clients"
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Json = dict[str, Any]


def text(name: str) -> str:
    """A file of `editors/`."""
    return (FOLDER / name).read_text(encoding="utf-8")


def command_of(editor: str) -> list[str]:
    """What an editor starts."""
    match editor:
        case "helix":
            server = tomllib.loads(text("helix/languages.toml"))["language-server"]["zeta"]
            return [server["command"], *server["args"]]
        case "kate":
            return list(json.loads(text("kate/settings.json"))["servers"]["python"]["command"])
        case "kakoune":
            table = text("kakoune/zeta.kak").split("lsp_servers %{")[1].split("}")[0]
            server = tomllib.loads(table)["zeta"]
            return [server["command"], *server["args"]]
        case "sublime":
            settings = json.loads(text("sublime/LSP.sublime-settings"))
            return list(settings["clients"]["zeta"]["command"])
        case _:
            template = json.loads(text("jetbrains/template.json"))
            return str(template["programArgs"]["default"]).split()


def initialize_of(client: str) -> Json:
    """The parameters of `initialize` that a client sends, but for its project."""
    found: Json = json.loads((CLIENTS / f"{client}.json").read_text())["initialize"]
    return found


def shown_in(page: str) -> list[str]:
    """The blocks of code in a page of `editors/`."""
    return _FENCE.findall(text(page))
