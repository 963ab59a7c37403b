"""Whether edits break the syntax around them, by real grammars."""

import pytest
from tree_sitter import Parser

from zeta_lsp.context.grammars import language_for
from zeta_lsp.context.soundness import WINDOW_BYTES, WINDOW_ROWS, errors_added
from zeta_lsp.context.syntax import SyntaxTree, syntax_for
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.text import split_lines

PYTHON = "def f(a):\n    return a + 1\n\n\ndef g(b):\n    return f(b)\n"
GO = "package a\n\nfunc f(a int) int {\n\treturn a\n}\n\nfunc g() int {\n\treturn f(1)\n}\n"
TYPESCRIPT = "export function f(a: number) {\n  return a;\n}\n"


def added(text: str, *changes: tuple[str, str], language: str = "python") -> int | None:
    """The verdict on replacing the first occurrence of each text by another."""
    grammar = language_for(language, "")
    assert grammar is not None
    edits = sorted(edit_of(text, old, new) for old, new in changes)
    return errors_added(Parser(grammar), language, split_lines(text), tuple(e for _, e in edits))


def edit_of(text: str, old: str, new: str) -> tuple[int, TextEdit]:
    at = text.index(old)
    start, end = text[:at].split("\n"), text[: at + len(old)].split("\n")
    return at, TextEdit(len(start) - 1, len(start[-1]), len(end) - 1, len(end[-1]), new)


@pytest.mark.parametrize(
    ("language", "text", "old", "sound", "broken"),
    [
        ("python", PYTHON, "f(b)", "f(b, 2)", "f(b, 2"),
        ("python", PYTHON, "def g(b):", "def g(c):", "def g(c)"),
        ("go", GO, "return f(1)", "if true {\n\t\treturn 2\n\t}\n\treturn 1", "if true {"),
        ("typescript", TYPESCRIPT, "return a;", "return a ?? 1;", "return (a ?? 1;"),
        ("php", "<?php\n\nfunction f() {\n    return 1;\n}\n", "1;", "2;", "(2;"),
        ("rust", "fn f() -> u8 {\n    1\n}\n", "    1\n", "    2\n", "    2\n}\n"),
    ],
)
def test_a_missing_bracket_is_found(language, text, old, sound, broken):
    assert added(text, (old, sound), language=language) == 0
    assert added(text, (old, broken), language=language) > 0


def test_edits_are_looked_at_together():
    opened, closed = ("return a + 1", "return (a +"), ("\n\n\ndef g", " 1)\n\n\ndef g")
    assert added(PYTHON, opened) > 0
    assert added(PYTHON, opened, closed) == 0


def test_text_that_was_broken_already_gives_no_verdict():
    broken = PYTHON.replace("a + 1", "(a + 1")
    assert added(broken, ("(a + 1", "((a + 1")) is None


def test_what_is_broken_elsewhere_does_not_matter():
    broken = GO.replace("return a\n", "return (a\n")
    assert added(broken, ("f(1)", "f(2)"), language="go") == 0
    assert added(broken, ("f(1)", "f(2"), language="go") > 0


def test_mending_is_sound():
    assert added(PYTHON.replace("f(b)", "f(b"), ("f(b", "f(b)")) == 0


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_languages_with_macros_give_no_verdict(language):
    text = "int f() { return 1; }\n"
    assert added(text, ("1;", "(1;"), language=language) is None
    tree = syntax_for(language, "")
    assert tree is not None
    assert tree.errors_added(split_lines(text), (edit_of(text, "1;", "(1;")[1],)) is None


def test_conditional_compilation_gives_no_verdict():
    text = "class A {\n    void F() {\n        G();\n    }\n}\n"
    assert added(text, ("G();", "G(;"), language="csharp") > 0
    assert added(text, ("        G();", "#if X\n        G(;"), language="csharp") is None


def test_a_comment_that_is_only_begun_gives_no_verdict():
    assert added(TYPESCRIPT, ("return a;", "/* return a;"), language="typescript") is None


def test_of_something_large_what_is_inside_is_looked_at():
    body = "".join(
        f"    def m{number}(self):\n        return {number}\n\n" for number in range(400)
    )
    text = "class A:\n" + body
    assert len(text) > WINDOW_BYTES
    assert added(text, ("return 200", "return (200)")) == 0
    assert added(text, ("return 200", "return (200")) > 0


def test_methods_of_a_large_class_are_nothing_outside_of_it_in_some_languages():
    body = "".join(f"  m{number}() {{ return {number}; }}\n\n" for number in range(400))
    text = "class A {\n" + body + "}\n"
    assert added(text, ("return 200", "return (200"), language="typescript") is None


def test_edits_that_leave_the_level_give_no_verdict():
    body = "".join(f"\tprint({number})\n" for number in range(600))
    text = "package a\n\nfunc f() {\n" + body + "}\n"
    split = ("\tprint(300)\n", "}\n\nfunc g() {\n")
    assert added(text, split, language="go") is None


def test_edits_far_apart_give_no_verdict():
    text = "x = 1\n" + "y = 1\n" * WINDOW_ROWS + "z = 1\n"
    assert added(text, ("x = 1", "x = (1"), ("z = 1", "z = 2")) is None


LONG_BODY = "def f():\n" + "".join(f"    print({number})\n" for number in range(1000))


@pytest.mark.parametrize(
    ("text", "edit"),
    [(LONG_BODY, ("t(500", "t((500")), ("x = '" + "a" * 99_999, ("x", "(x"))],
)
def test_too_much_to_parse_gives_no_verdict(text, edit):
    assert added(text, edit) is None


@pytest.mark.parametrize(
    "text", ["", "x", "\n\n", "x = 1\r\ny = 2\r\n", "é = '𝄞'\nx = 1", "\ud800"]
)
def test_any_text_can_be_looked_at(text):
    lines = split_lines(text)
    end = (len(lines) - 1, len(lines[-1]))
    grammar = language_for("python", "")
    assert grammar is not None
    for new in ("", "z = (", "z = 1\n"):
        for edit in (TextEdit(*end, *end, new), TextEdit(0, 0, *end, new)):
            verdict = errors_added(Parser(grammar), "python", lines, (edit,))
            assert verdict is None or verdict >= 0


class Clock:
    """Each look at it takes a while."""

    def __init__(self) -> None:
        self.now_s = self.step_s = 0.0

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def test_a_slow_grammar_gets_a_rest():
    clock, language = Clock(), language_for("python", "")
    assert language is not None
    tree, lines = SyntaxTree(language, clock), split_lines(PYTHON)
    _, edit = edit_of(PYTHON, "f(b)", "f(b")
    clock.step_s = 1.0
    assert tree.errors_added(lines, (edit,)) == 1
    clock.step_s = 0.0
    verdicts = [tree.errors_added(lines, (edit,)) for _ in range(22)]
    assert verdicts.count(None) == 20
    assert verdicts[-1] == 1
