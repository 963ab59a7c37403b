"""The command line of the proxy: whose options are whose."""

import pytest

from zeta_lsp.cli.arguments import parse
from zeta_lsp.core.errors import UsageError


@pytest.mark.parametrize(
    ("arguments", "server"),
    [
        (["--", "pyright-langserver", "--stdio"], ["pyright-langserver", "--stdio"]),
        (["pyright-langserver", "--stdio"], ["pyright-langserver", "--stdio"]),
        (["--", "wrap", "--", "clangd", "--help"], ["wrap", "--", "clangd", "--help"]),
        (["--", "server", "--model", "its-own"], ["server", "--model", "its-own"]),
    ],
)
def test_everything_from_the_server_on_is_the_servers(
    arguments: list[str], server: list[str]
) -> None:
    options = parse(["proxy", *arguments])
    assert options.server == server
    assert options.model is None


def test_our_own_options_stand_before_the_server() -> None:
    options = parse(["proxy", "--model", "zeta-2.1", "--set", "predict.mode=manual", "--", "ruff"])
    assert options.model == "zeta-2.1"
    assert options.set == ["predict.mode=manual"]
    assert options.server == ["ruff"]


@pytest.mark.parametrize("arguments", [[], ["--"], ["--model", "m"], ["--model", "m", "--"]])
def test_a_proxy_of_nothing_is_wrong_use(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match="name the language server"):
        parse(["proxy", *arguments])
