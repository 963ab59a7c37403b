import pytest

from zeta_lsp.core.text import Encoding
from zeta_lsp.server.encoding import choose_encoding, encoding_for

ALL = ["utf-8", "utf-32", "utf-16"]


@pytest.mark.parametrize(
    ("name", "offered", "chosen"),
    [
        ("Neovim", ["utf-8", "utf-16", "utf-32"], Encoding.UTF16),
        ("Eglot", ["utf-32", "utf-8", "utf-16"], Encoding.UTF32),
        ("emacs", ["utf-32", "utf-8", "utf-16"], Encoding.UTF16),
        ("helix", ["utf-8", "utf-32", "utf-16"], Encoding.UTF8),
        ("zeta-lsp demo", ["utf-32"], Encoding.UTF32),
        ("code-server", ["utf-16"], Encoding.UTF16),
        ("ALE", None, Encoding.UTF16),
        (None, [], Encoding.UTF16),
        (None, ["utf-7"], Encoding.UTF16),
        (None, ["utf-7", "utf-8"], Encoding.UTF8),
        ("helix", ["utf-7", "utf-32"], Encoding.UTF32),
    ],
)
def test_utf_16_unless_one_program_alone_speaks_for_the_client(
    name: str | None, offered: list[str] | None, chosen: Encoding
) -> None:
    assert choose_encoding(name, offered) is chosen


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"capabilities": None, "clientInfo": None},
        {"capabilities": {"general": None}, "clientInfo": {"name": 7}},
        {"capabilities": {"general": {"positionEncodings": "utf-8"}}},
        {"capabilities": {"general": {"positionEncodings": [{}, None, 8]}}},
    ],
)
def test_a_client_that_says_it_badly_gets_utf_16(params: dict[str, object]) -> None:
    assert encoding_for(params) is Encoding.UTF16


def test_the_choice_is_read_from_initialize() -> None:
    params = {
        "capabilities": {"general": {"positionEncodings": ALL}},
        "clientInfo": {"name": "helix"},
    }
    assert encoding_for(params) is Encoding.UTF8
