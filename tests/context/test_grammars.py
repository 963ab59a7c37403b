"""Every grammar that is promised loads and parses, however an editor names the language."""

import pytest
from tree_sitter import Parser

from zeta_lsp.context.grammars import grammar_name, language_for

SAMPLES = {
    "bash": "if true; then echo hi; fi\n",
    "c": "int main(void) { return 0; }\n",
    "cpp": "namespace a { template <class T> T f(T x) { return x; } }\n",
    "csharp": "class A { int F() => 1; }\n",
    "css": "a:hover { color: red; }\n",
    "go": "package main\n\nfunc main() {}\n",
    "html": "<!doctype html><p>hi</p>\n",
    "java": "class A { int f() { return 1; } }\n",
    "javascript": "const A = () => <b>hi</b>;\n",
    "json": '{"a": [1, 2]}\n',
    "kotlin": "fun f(a: Int): Int = a\n",
    "lua": "local function f() return 1 end\n",
    "php": "<?php function f() { return 1; }\n",
    "python": "def f(a):\n    return a\n",
    "ruby": "def f(a)\n  a\nend\n",
    "rust": "fn f(a: i32) -> i32 { a }\n",
    "scala": "object A { def f(a: Int) = a }\n",
    "toml": "[a]\nb = 1\n",
    "tsx": "const A = (): JSX.Element => <b>hi</b>;\n",
    "typescript": "function f<T>(a: T): T { return <T>a; }\n",
    "yaml": "a:\n  - b\n",
}


@pytest.mark.parametrize(("name", "sample"), SAMPLES.items())
def test_each_grammar_reads_its_language(name: str, sample: str) -> None:
    language = language_for(name, "untitled")
    assert language is not None
    tree = Parser(language).parse(sample.encode())
    assert not tree.root_node.has_error


@pytest.mark.parametrize(
    ("language_id", "path", "name"),
    [
        ("python", "a.txt", "python"),
        ("typescriptreact", "", "tsx"),
        ("javascriptreact", "", "javascript"),
        ("shellscript", "", "bash"),
        ("sh", "", "bash"),
        ("csharp", "", "csharp"),
        ("cs", "", "csharp"),
        ("C++", "", "cpp"),
        ("jsonc", "", "json"),
        ("", "src/a.tsx", "tsx"),
        ("plaintext", "src/a.TS", "typescript"),
        ("", "a.test.mjs", "javascript"),
        ("", "a/b.d/Gemfile", "ruby"),
        ("", "/home/me/.bashrc", "bash"),
        ("", "include/a.hpp", "cpp"),
        ("", "dir.py/README", None),
        ("", "", None),
        ("klingon", "a.klingon", None),
    ],
)
def test_a_language_is_known_by_its_id_or_by_the_file(
    language_id: str, path: str, name: str | None
) -> None:
    assert grammar_name(language_id, path) == name
    assert (language_for(language_id, path) is None) == (name is None)
