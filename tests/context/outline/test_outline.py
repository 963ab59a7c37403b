"""Outlines and imports of real code in every language, and of code that is broken."""

import argparse
import ast
import inspect
import textwrap
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.context.outline.printed import EXPECTED, SAMPLES, language_of, printed
from zeta_lsp.context.outline import Survey, imports, outline, survey
from zeta_lsp.context.outline.query import OUTLINE_BYTES
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.related import Binding, Import, Item
from zeta_lsp.core.text import split_lines, without_surrogates

FILES = sorted(SAMPLES.iterdir())
MODULES = [Path(str(module.__file__)) for module in (argparse, inspect, typing, textwrap)]


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("sample", FILES, ids=name_of)
def test_a_sample_has_the_items_and_imports_that_a_person_found_in_it(sample: Path) -> None:
    expected = EXPECTED / f"{sample.name}.txt"
    assert printed(sample) == expected.read_text(encoding="utf-8")


def test_every_language_with_queries_has_a_sample() -> None:
    import zeta_lsp.context.outline

    queries = Path(zeta_lsp.context.outline.__file__).parent / "queries"
    sampled = {language_of(sample) for sample in FILES}
    assert {query.stem for query in queries.glob("*.scm")} == sampled - {"tsx"}
    assert len(sampled) >= 12


def definitions(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.lineno - 1, node.end_lineno


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_classes_and_functions_are_those_that_python_itself_finds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")

    def last_code(row: int) -> int:
        """The row behind code: comments that follow it are part of a body here."""
        while lines[row - 1].strip()[:1] in {"", "#"}:
            row -= 1
        return row

    items = [i for i in outline("python", text) if i.kind in {"class", "function", "method"}]
    found = [(item.name, item.start_row, last_code(item.end_row)) for item in items]
    assert found == sorted(definitions(ast.parse(text)), key=lambda one: one[1])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imported_names_are_those_that_python_itself_finds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [name for one in imports("python", text) for name in bound(one)]
    assert sorted(found) == sorted(python_imports(ast.parse(text)))


def bound(one: Import) -> Iterator[tuple[str, str, str]]:
    for binding in one.bindings:
        yield one.module, binding.name, binding.origin


def python_imports(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, alias.asname or alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module = "." * node.level + (node.module or "")
                yield module, alias.asname or alias.name, alias.name


SAMPLED = [(language_of(sample), sample.read_text(encoding="utf-8")) for sample in FILES]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str]:
    """A sample with a part cut out, repeated or replaced."""
    language, text = draw(st.sampled_from(SAMPLED))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 200)))
    put = draw(
        st.sampled_from(["", "\r", "\r\n", "é🙂", "{", '"', "\x00", "\ud800"]) | st.just(text)
    )
    return language, text[:start] + put + text[end:]


@given(damaged())
def test_items_of_damaged_code_are_well_formed(code: tuple[str, str]) -> None:
    language, text = code
    found = survey(language, text)
    lines = split_lines(text)
    assert_well_formed(found, lines)
    shown = [without_surrogates(line) for line in lines]
    for item in found.items:
        assert shown[item.name_row][item.name_col :].startswith(item.name.split("\n")[0][:1])


def assert_well_formed(found: Survey, lines: list[str]) -> None:
    starts = [item.start_row for item in found.items]
    assert starts == sorted(starts)
    for item in found.items:
        assert 0 <= item.start_row < item.end_row <= len(lines)
        assert item.start_row < item.body_start_row <= item.body_end_row <= item.end_row
        assert item.start_row <= item.name_row < item.end_row
    assert_nested(found.items)
    for one in found.imports:
        assert 0 <= one.start_row < one.end_row <= len(lines)


def assert_nested(items: tuple[Item, ...]) -> None:
    around: list[Item] = []
    for item in items:
        assert item.depth <= len(around)
        del around[item.depth :]
        if around:
            assert around[-1].start_row <= item.start_row
            assert item.end_row <= around[-1].end_row
        around.append(item)


def test_rows_and_columns_are_the_documents_whatever_ends_its_lines() -> None:
    text = "x = 'é'\r\rclass É:\r\n    '🙂'; y = 1\n\n    def ü(self): pass\n"
    found = [(i.name, i.name_row, i.name_col) for i in outline("python", text)]
    assert found == [("x", 0, 0), ("É", 2, 6), ("y", 3, 9), ("ü", 5, 8)]


def test_a_body_leaves_the_rows_that_hold_head_and_end() -> None:
    code = {
        "csharp": "class A\n{\n    int b;\n    int c;\n}\n",
        "ruby": "class A\n  b\n  c\nend\n",
        "typescript": "class A\n{\n  b = 1;\n  c = 2;\n}\n",
    }
    bodies = {language: outline(language, text)[0] for language, text in code.items()}
    rows = {language: (i.body_start_row, i.body_end_row) for language, i in bodies.items()}
    assert rows == {"csharp": (2, 4), "ruby": (1, 3), "typescript": (2, 4)}


def test_a_definition_on_one_row_has_no_body() -> None:
    item = outline("python", "def f(): return 1\n")[0]
    assert (item.body_start_row, item.body_end_row) == (item.end_row, item.end_row)


def test_python_aliases_of_types_are_items() -> None:
    found = outline("python", "type Names = list[str]\n")
    assert [(item.kind, item.name) for item in found] == [("type", "Names")]


def test_trees_of_imports_are_read_to_their_leaves() -> None:
    text = "use a::{b, c::{self, d as e, f::*}, /* g */ h};\nuse ::serde;\nuse i::j as _;\n"
    assert [(one.module, one.bindings) for one in imports("rust", text)] == [
        ("a", (Binding("b", "b"), Binding("c", "c"), Binding("h", "h"))),
        ("a::c", (Binding("e", "d"),)),
        ("a::c::f", (Binding("*", "*"),)),
        ("serde", (Binding("serde", ""),)),
        ("i", ()),
    ]


def test_packages_of_go_are_called_as_their_paths_end() -> None:
    text = 'package p\nimport (\n"a.b/c/v3"\n"gopkg.in/yaml.v2"\n"v2"\n)\n'
    names = [binding.name for one in imports("go", text) for binding in one.bindings]
    assert names == ["c", "yaml", "v2"]


@pytest.mark.parametrize("language", ["json", "yaml", "klingon", ""])
def test_languages_without_queries_have_no_outline(language: str) -> None:
    assert survey(language, "{}\n") == Survey()


def test_editors_own_names_for_languages_are_understood() -> None:
    assert outline("typescriptreact", "class A {}")[0].name == "A"
    assert outline("shellscript", "f() { :; }")[0].name == "f"


def test_a_text_that_is_too_long_has_no_outline() -> None:
    assert survey("python", "x = 1\n" + "#" * OUTLINE_BYTES) == Survey()


def test_nesting_of_any_depth_is_read() -> None:
    assert len(outline("javascript", "class A { m() {" * 400 + "}" * 800)) == 800
    assert imports("rust", "use " + "a::{" * 500 + "b" + "}" * 500 + ";")


def test_brackets_without_end_do_not_cost_a_minute() -> None:
    assert outline("python", "x = 1\n" + "(\n" * 50_000) == ()


def test_rows_that_nobody_reads_have_no_items() -> None:
    row = "function f() {}" * (LONG_LINE_CHARS // 15 + 1)
    found = outline("javascript", f"{row}\nfunction g() {{}}\n")
    assert [item.name for item in found] == ["g"]
