"""`zeta-lsp config`: the settings as they count, where each comes from, and their schema.

Shown to people and pasted into bug reports: headers, further body fields, credentials in a proxy's
or endpoint's address and the arguments of a key command are left out. Keys are never in settings.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from zeta_lsp.cli.folders import PROJECT_FILE, config_path
from zeta_lsp.cli.overrides import overrides
from zeta_lsp.cli.screen import Row, complain, say, show_rows
from zeta_lsp.cli.sources import Sources, gather
from zeta_lsp.core.layers import Origin
from zeta_lsp.core.resolve import Resolved
from zeta_lsp.core.settings import Settings

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HIDDEN = "(not shown)"


def run_config(options: argparse.Namespace, variables: Mapping[str, str], here: Path) -> int:
    """Run the command. `here` is the folder it was called in."""
    if options.what == "path":
        say(str(config_path(variables)))
    elif options.what == "schema":
        say(json.dumps(schema(), indent=2))
    else:
        project = Path(options.project) if options.project else project_of(here)
        roots = [project] if project else []
        _show(gather(variables, overrides(options), roots), project, as_json=options.json)
    return 0


def schema() -> dict[str, Any]:
    """The JSON Schema of a settings file."""
    return {"$schema": SCHEMA_DIALECT, **Settings.model_json_schema()}


def project_of(folder: Path) -> Path | None:
    """The nearest folder, from `folder` upwards, that has settings of its own."""
    folders = (folder, *folder.parents)
    return next((each for each in folders if (each / PROJECT_FILE).is_file()), None)


def described(resolved: Resolved) -> dict[str, Any]:
    """The settings as plain values, without anything that may be secret."""
    tree = resolved.settings.model_dump(mode="json")
    return {name: _without_secrets(value) for name, value in tree.items()}


def origins(resolved: Resolved) -> dict[str, str]:
    """Where the value of each dotted key comes from."""
    given = {key: " + ".join(origin) for key, origin in resolved.origins.items()}
    keys = [key for key, _ in _leaves(resolved.settings)]
    return {key: given.get(key, _above(given, key)) for key in keys}


def _show(sources: Sources, project: Path | None, *, as_json: bool) -> None:
    resolved = sources.resolved()
    if as_json:
        document = {
            "files": {"user": str(sources.user_file), "project": project and str(project)},
            "endpoint": resolved.endpoint_name,
            "settings": described(resolved),
            "origins": origins(resolved),
            "problems": [str(problem) for problem in resolved.problems],
        }
        say(json.dumps(document, indent=2))
        return
    for problem in resolved.problems:
        complain(f"problem: {problem}")
    say(f"# user file: {sources.user_file}{'' if sources.user_file.exists() else ' (none yet)'}")
    show_rows(_rows(resolved), sys.stdout)


def _rows(resolved: Resolved) -> list[Row]:
    places = origins(resolved)
    values = dict(_flat(described(resolved), ""))
    return [
        [
            (key, "bold"),
            (places[key], "dim" if places[key] == Origin.BUILT_IN else "green"),
            (json.dumps(values.get(key), ensure_ascii=False), ""),
        ]
        for key in places
    ]


def _leaves(section: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by dotted key, endpoints in tables of their own included."""
    for name in type(section).model_fields:
        value, key = getattr(section, name), f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from _leaves(value, f"{key}.")
        elif name == "endpoints":
            for each, endpoint in value.items():
                yield from _leaves(endpoint, f"{key}.{each}.")
        else:
            yield key, value


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Each value of a tree by dotted key, and each table too: some settings are tables."""
    for name, value in tree.items():
        yield f"{prefix}{name}", value
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")


def _above(given: Mapping[str, str], key: str) -> str:
    """The origin of entries below a key, such as single languages, or the built-in one."""
    below = [origin for known, origin in given.items() if known.startswith(f"{key}.")]
    return below[-1] if below else Origin.BUILT_IN.value


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _hidden(name, each) for name, each in value.items()}
    return value


def _hidden(name: str, value: Any) -> Any:
    if name in ("headers", "extra_body") and isinstance(value, Mapping):
        return dict.fromkeys(value, _HIDDEN)
    if name == "api_key_command" and value:
        return [value[0], *[_HIDDEN for _ in value[1:]]]
    if name in ("url", "proxy") and isinstance(value, str):
        address, mark, _ = value.partition("?")
        return f"{address}{mark}{_HIDDEN if mark else ''}"
    return _without_secrets(value)
