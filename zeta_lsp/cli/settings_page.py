"""`docs/settings.md`, written from the settings themselves.

    python -m zeta_lsp.cli.settings_page docs/settings.md

A test compares the page with what this would write, so that it cannot fall behind.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zeta_lsp.core.entries import SECTIONS
from zeta_lsp.core.environment import variable_for
from zeta_lsp.core.exclusion import BUILT_IN_GLOBS
from zeta_lsp.core.layers import Narrowing
from zeta_lsp.core.settings import (
    EndpointSettings,
    ExperimentSettings,
    Section,
    Settings,
    narrowing_of,
)

_INTRODUCTION = """\
# Settings

This page is generated from the settings' own descriptions; `zeta-lsp config schema` prints the same
as JSON Schema for editors, and `zeta-lsp config` shows what counts right now and where each value
comes from.

## Where settings come from

| | source | may |
|---|---|---|
| 1 | built-in | |
| 2 | your file, which `zeta-lsp config path` names | set everything |
| 3 | environment, `ZETA_LSP_<TABLE>_<FIELD>` | set everything but `api_key_command` |
| 4 | command line, `--url` …, `--set TABLE.FIELD=VALUE` | the same |
| 5 | your editor: `initializationOptions` or its configuration, under `zeta` | narrow |
| 6 | the project: `.zeta.toml` in a workspace folder | narrow |

Later sources count over earlier ones, field by field. A language server cannot tell your editor's
settings from those in a cloned repository, so what comes from an editor or a project can only
**narrow**: switch off, exclude, shrink, slow down, or name one of *your* endpoints. Everything else
there is ignored, and its name (never its value) is reported once. The tables below say what each
setting allows.

A wrong value never stops the server: it is reported and what counted before stays in place.

Your own file decides where your code is sent. It is not used if it belongs to another user, if
others can write to it, or if it lies in a workspace folder (unless that folder is your home or
config folder). It never holds a key, only the name of the variable that does (`api_key_env`) or a
program that prints it (`api_key_command`).

When a later source gives an endpoint a `url` of another origin (scheme, host or port), nothing that
was set for the endpoint before counts for the new one, so that a key never goes to a stranger.

## Example

```toml
[endpoint]
url = "http://127.0.0.1:8000/v1/completions"
model = "zed-industries/zeta-2.1"

[endpoints.work]                  # a project may say: endpoint = "work"
url = "https://models.example.com/v1/completions"
model = "zeta-2"
api_key_env = "WORK_KEY"

[predict]
debounce_ms = 100
languages = { markdown = "manual" }
disabled_globs = ["customers/", "*.sql"]
```

A project's `.zeta.toml`:

```toml
endpoint = "work"                 # or "embedded": this project's code goes nowhere

[predict]
mode = "manual"
disabled_globs = ["fixtures/"]
```

## Globs

As in ignore files, without negation: a glob without a slash matches at any depth, `docs/*.md` is
relative to the workspace folder, `**` crosses folders, a folder stands for everything in it, and
`{a,b}` means either. Case makes no difference. Absolute paths and what a link points to are matched
too. These are excluded always:

"""

_ENVIRONMENT = """\
## Other environment variables

| variable | does |
|---|---|
| `ZETA_LSP_ENDPOINT` | names one of your endpoints, or `embedded` |
| `ZETA_LSP_CONFIG` | path of your settings file |
| `ZETA_LSP_DATA_DIR` | folder for what is written while running |
| `ZETA_LSP_NO_CAPTURE`, `DO_NOT_TRACK` | forbid capture, unless empty or `0` |

In environment variables and after `--set`, lists are separated by commas and tables are
`name=value` pairs separated by commas.
"""


_VARIANTS = """\
Both are lists of tables, `[[experiments.variants]]` and `[[experiments.shadow]]`, with a `name`, a
`weight` and any setting of `[endpoint]`. One without `url` and `kind` asks the endpoint in use."""
_NOT_IN_VARIABLES = frozenset({"api_key_command", "headers", "extra_body", "variants", "shadow"})


def page() -> str:
    """The whole page, as Markdown."""
    globs = "\n".join(f"- `{glob}`" for glob in BUILT_IN_GLOBS)
    parts = [f"{_INTRODUCTION}{globs}\n- `id_*` without an extension"]
    parts += ["\n".join(_section(name, model)) for name, model in SECTIONS.items()]
    return "\n\n".join([*parts, _ENVIRONMENT])


def _section(name: str, model: type[Section]) -> Iterator[str]:
    yield f"## `[{name}]`\n"
    yield f"{model.__doc__}\n"
    if model is EndpointSettings:
        yield f"`[endpoints.NAME]`: {Settings.model_fields['endpoints'].description}\n"
    if model is ExperimentSettings:
        yield f"{_VARIANTS}\n"
    yield "| setting | default | limits | an editor or a project may | |"
    yield "|---|---|---|---|---|"
    for field in model.model_fields:
        yield _row(name, model, field)


def _row(section: str, model: type[Section], field: str) -> str:
    about = " ".join((model.model_fields[field].description or "").split())
    cells = (
        f"`{field}`",
        _default(model, field),
        _limits(model.model_json_schema()["properties"][field]),
        _allowed(narrowing_of(model, field)),
        f"{about} {_variable(section, field)}".strip(),
    )
    return f"| {' | '.join(cells)} |"


def _variable(section: str, field: str) -> str:
    """The environment variable, for what is easily written in one."""
    return "" if field in _NOT_IN_VARIABLES else f"`{variable_for(section, field)}`"


def _default(model: type[Section], field: str) -> str:
    default = model.model_fields[field].default
    if default == BUILT_IN_GLOBS:
        return "see above"
    return f"`{json.dumps(default)}`" if default not in ("", (), {}) else ""


def _limits(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "minimum" in schema:
        return f"{schema['minimum']:g} to {_plain(schema['maximum'])}"
    return {"boolean": "true, false", "array": "list", "object": "table"}.get(
        schema.get("type", ""), "text"
    )


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _allowed(narrowing: Narrowing | None) -> str:
    return narrowing.value if narrowing else ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
