import pytest

from zeta_lsp.cli.arguments import parse
from zeta_lsp.cli.overrides import overrides
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.resolve import resolve


def test_an_editor_that_names_no_command_gets_the_server() -> None:
    assert parse([]).command == "serve"
    assert parse(["--stdio"]).command == "serve"
    assert parse(["--tcp", "127.0.0.1:7171"]).tcp == ("127.0.0.1", 7171)
    assert parse(["serve", "--ws", "[::1]:80"]).ws == ("::1", 80)


@pytest.mark.parametrize(
    ("typed", "meant"), [("explian", "explain"), ("docter", "doctor"), ("server", "serve")]
)
def test_a_mistyped_command_is_understood_but_not_run(typed: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean `zeta-lsp {meant}`"):
        parse([typed])


def test_an_unknown_command_points_to_the_help() -> None:
    with pytest.raises(UsageError, match="zeta-lsp --help"):
        parse(["xyzzy"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tcp", "7171"],
        ["--tcp", "host:99999"],
        ["--tcp", "a:1", "--ws", "b:2"],
        ["explain", "--last", "0"],
        ["explain", "--last", "many"],
        ["config", "everything"],
        ["doctor", "--kind", "grpc"],
        ["--frobnicate"],
    ],
)
def test_wrong_options_end_with_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        parse(arguments)
    assert ending.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", "serve", "demo", "doctor", "explain", "config"])
def test_every_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        parse([*command.split(), "--help"])
    assert ending.value.code == 0
    examples = capsys.readouterr().out.partition("examples:\n")[2]
    assert f"zeta-lsp {command}".strip() in examples


def test_options_become_settings() -> None:
    options = parse(
        ["doctor", "--url", "http://localhost:1/v1", "--model", "m", "--set", "predict.mode=off"]
    )
    resolved = resolve(overrides(options))
    assert resolved.settings.active_endpoint.url == "http://localhost:1/v1"
    assert resolved.settings.active_endpoint.model == "m"
    assert resolved.settings.predict.mode == "off"
    assert not resolved.problems


def test_an_endpoint_can_be_named_and_changed() -> None:
    assert [layer.tree for layer in overrides(parse(["--endpoint", "work", "--model", "m"]))] == [
        {"endpoint": "work"},
        {"endpoint": {"model": "m"}},
    ]
