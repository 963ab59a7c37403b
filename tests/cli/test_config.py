import json
from pathlib import Path
from typing import Any

from tests.cli.command import REPOSITORY, run
from zeta_lsp.cli.config import schema
from zeta_lsp.cli.settings_page import page

USER_FILE = """
[endpoint]
url = "https://models.example.com/v1/completions?key=canary1"
api_key_env = "MY_KEY"
headers = { X-Key = "canary2" }
extra_body = { token = "canary3" }

[endpoints.work]
url = "http://localhost:8000/v1/completions"
api_key_command = ["pass", "canary4"]

[predict]
debounce_ms = "fast"
languages = { go = "off" }
"""


def shown(home: Path, *arguments: str, **variables: str) -> dict[str, Any]:
    outcome = run(home, "config", "show", "--json", *arguments, **variables)
    assert (outcome.status, outcome.err) == (0, "")
    document: dict[str, Any] = json.loads(outcome.out)
    return document


def with_user_file(home: Path) -> None:
    (home / "config.toml").write_text(USER_FILE)
    (home / "config.toml").chmod(0o600)


def test_the_path_is_printed_alone(tmp_path: Path) -> None:
    outcome = run(tmp_path, "config", "path")
    assert outcome.out == f"{tmp_path / 'config.toml'}\n"


def test_the_default_path_lies_in_the_users_config_folder(tmp_path: Path) -> None:
    outcome = run(tmp_path, "config", "path", ZETA_LSP_CONFIG="", XDG_CONFIG_HOME="/xdg")
    assert outcome.out.endswith("/zeta-lsp/config.toml\n")


def test_every_value_says_where_it_comes_from(tmp_path: Path) -> None:
    with_user_file(tmp_path)
    (tmp_path / ".zeta.toml").write_text('[predict]\nmode = "manual"\n')
    document = shown(
        tmp_path, "--set", "predict.throttle_ms=500", ZETA_LSP_CONTEXT_DEFINITIONS="off"
    )
    origins = document["origins"]
    assert origins["predict.throttle_ms"] == "command line"
    assert origins["context.definitions"] == "environment"
    assert origins["predict.languages"] == "user file"
    assert origins["predict.mode"] == "project"
    assert origins["predict.max_in_flight"] == "built-in"
    assert document["settings"]["predict"]["mode"] == "manual"
    assert document["files"] == {"user": f"{tmp_path}/config.toml", "project": str(tmp_path)}


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with_user_file(tmp_path)
    (problem,) = shown(tmp_path)["problems"]
    assert "predict.debounce_ms: expected a whole number, got text; using 75" in problem
    assert "problem: predict.debounce_ms" in run(tmp_path, "config").err


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    with_user_file(tmp_path)
    for arguments in (["config"], ["config", "show", "--json"]):
        outcome = run(tmp_path, *arguments)
        assert "canary" not in outcome.out + outcome.err
        assert "MY_KEY" in outcome.out


def test_the_schema_describes_every_setting(tmp_path: Path) -> None:
    printed = json.loads(run(tmp_path, "config", "schema").out)
    assert printed == schema()
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    debounce = printed["$defs"]["PredictSettings"]["properties"]["debounce_ms"]
    assert (debounce["type"], debounce["minimum"], debounce["default"]) == ("integer", 0, 75)


def test_the_settings_page_is_current() -> None:
    written = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m zeta_lsp.cli.settings_page docs/settings.md"
