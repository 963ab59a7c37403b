"""What prose cannot hold: the direction of imports, and files that say what they are for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "zeta_lsp"
ROOMS = ("gateway", "models", "context", "server", "cli", "journal", "demo", "setup")
OUTSIDE = {"pygls", "lsprotocol", "httpx", "sqlite3", "sqlite_utils", "watchdog", "asyncio"}
CAPTURE = sorted((ROOT / "capture").rglob("*.py"))
PIPELINE = sorted((ROOT / "pipeline").rglob("*.py"))
BESIDE = CAPTURE + PIPELINE
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "project" not in path.parts) + BESIDE
"""Our modules; the demonstration's own project is data."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "zeta_lsp" and len(parts) > 1 else None


@pytest.mark.parametrize("path", [path for path in MODULES if path not in BESIDE], ids=name_of)
def test_imports_point_to_the_core_and_never_to_a_neighbour(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0]
    if own == "__main__.py":
        return
    allowed = {None, "core", own} if own in ROOMS else {None, "core"}
    assert {room_of(module) for module in imports_of(path)} <= allowed


@pytest.mark.parametrize("path", BESIDE, ids=name_of)
def test_capture_and_pipeline_know_the_core_and_nothing_else_of_the_server(path: Path) -> None:
    if path.name == "__main__.py":
        return
    ours = {module for module in imports_of(path) if module.split(".")[0] == "zeta_lsp"}
    assert {room_of(module) for module in ours} <= {"core"}


@pytest.mark.parametrize("room", ["capture", "pipeline"])
def test_nothing_but_a_main_file_knows_the_rooms_beside(room: str) -> None:
    knowing = [
        name_of(path)
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != room
        and any(module.split(".")[0] == room for module in imports_of(path))
    ]
    assert {Path(one).name for one in knowing} <= {"__main__.py"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=name_of)
def test_the_core_reaches_nothing_outside(path: Path) -> None:
    assert not OUTSIDE & {module.split(".")[0] for module in imports_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_oracle_is_never_imported_by_the_product() -> None:
    assert not [path for path in MODULES if "zeta_bindings" in path.read_text(encoding="utf-8")]


def test_nothing_refers_to_documents_that_do_not_ship() -> None:
    notes = ("zeta2.md", "stack.md", "reliability.md", "style.md")
    ours = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").glob("*.md")]
    found = [
        name_of(path)
        for path in ours
        if path != Path(__file__) and any(n in path.read_text(encoding="utf-8") for n in notes)
    ]
    assert found == []
