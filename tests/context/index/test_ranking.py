"""The definition that the code means comes first, in each language; namesakes stay behind.

The small projects are in ``cases/``; `marked` says how a question and its answer are marked. Where
nothing is marked as the answer, there must be none.
"""

from pathlib import Path

import pytest

from tests.context.index.marked import Project, asked, cases, indexed, written
from zeta_lsp.context.index.view import MAX_NAMED
from zeta_lsp.core.related import Place

CASES = [
    pytest.param(project, id=f"{file.stem}: {title}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.txt"))
    for title, project in cases(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("project", CASES)
def test_the_definition_that_is_meant_comes_first(project: Project, tmp_path: Path) -> None:
    path, identifier, expected = written(tmp_path, project)
    workspace = indexed(tmp_path)
    try:
        assert list(asked(workspace, path, identifier)[:1]) == expected[:1]
    finally:
        workspace.close()


def test_a_definition_is_where_it_stands(tmp_path: Path) -> None:
    project = {"main.py": "def ‹total›(): ...\n", "other.py": "def total(): ...\n"}
    path, identifier, _ = written(tmp_path, project)
    workspace = indexed(tmp_path)
    assert asked(workspace, path, identifier) == (Place(str(path), 0, 4, 0, 9),)
    workspace.close()


def test_a_name_that_is_everywhere_is_found_in_its_own_package(tmp_path: Path) -> None:
    project = {"a/main.go": "package a\n\nfunc run() { ‹make2›() }\n"}
    project |= {f"p{n}/x.go": "package p\n\nfunc make2() {}\n" for n in range(MAX_NAMED + 50)}
    project |= {"a/z.go": "package a\n\nfunc «make2»() {}\n"}
    path, identifier, expected = written(tmp_path, project)
    workspace = indexed(tmp_path)
    assert list(asked(workspace, path, identifier)) == expected
    workspace.close()


def test_the_type_of_what_holds_a_value_comes_behind_it(tmp_path: Path) -> None:
    project = {
        "main.py": "from shop import made\n\n\ndef show():\n    item = made()\n    ‹item›\n",
        "shop.py": "class Item: ...\n\n\ndef made() -> Item: ...\n",
    }
    path, identifier, _ = written(tmp_path, project)
    workspace = indexed(tmp_path)
    try:
        places = asked(workspace, path, identifier)
    finally:
        workspace.close()
    assert [(Path(place.path).name, place.start_row) for place in places] == [
        ("main.py", 4),
        ("shop.py", 0),
    ]
