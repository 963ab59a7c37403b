"""Syntax errors of whole texts are counted, whatever language they are in."""

import pytest

from zeta_lsp.context.faults import CHARS_MAX, syntax_errors


@pytest.mark.parametrize(
    ("path", "sound", "broken"),
    [
        ("a.py", "def f(a):\n    return a\n", "def f(a:\n    return a\n"),
        ("src/a.rs", "fn f() -> u8 { 1 }\n", "fn f( -> u8 { 1 }\n"),
        ("a.ts", "const a: number = 1;\n", "const a: = 1;\n"),
        ("a.go", "package a\n", "package a\nfunc f( {\n"),
    ],
)
def test_a_broken_text_has_errors_and_a_sound_one_has_none(
    path: str, sound: str, broken: str
) -> None:
    assert syntax_errors(path, sound) == 0
    assert (syntax_errors(path, broken) or 0) > 0


def test_more_breaks_are_more_errors() -> None:
    one = "x = (\n\n\ndef f():\n    pass\n"
    assert 0 < (syntax_errors("a.py", one) or 0) < (syntax_errors("a.py", one + one + one) or 0)


def test_nobody_can_say_it_of_an_unknown_language_or_of_too_much_text() -> None:
    assert syntax_errors("a.unknown", "(") is None
    assert syntax_errors("", "(") is None
    assert syntax_errors("a.py", "#" * (CHARS_MAX + 1)) is None


@pytest.mark.parametrize("text", ["", "\r", "a\r\nb", "\ud800", "\x00", "é = '名'\n"])
def test_any_text_can_be_asked_about(text: str) -> None:
    assert syntax_errors("a.py", text) is not None
