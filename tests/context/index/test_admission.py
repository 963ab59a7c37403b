"""What may be read: not what git ignores, not what is excluded, nothing behind a link."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.context.index.marked import finish, indexed
from zeta_lsp.context.index.admission import Admission
from zeta_lsp.context.index.ignores import ignored, layer_of
from zeta_lsp.context.index.messages import Note, Reason, Report
from zeta_lsp.context.index.walking import MAX_DEPTH, File, walk

TREE = {
    "a.py": "",
    "build/a.py": "",
    "src/build/b.py": "",
    "src/gen.py": "",
    "src/keep/gen.py": "",
    "docs/x.py": "",
    "docs/y/x.py": "",
    "logs/today.py": "",
    "logs/kept.py": "",
    "deep/er/and/deeper/a.py": "",
    "UPPER.py": "",
    "sp ace.py": "",
}
RULES = [
    {".gitignore": "/build/\n"},
    {".gitignore": "build\n"},
    {".gitignore": "gen.py\n", "src/keep/.gitignore": "!gen.py\n"},
    {".gitignore": "logs/*\n!logs/kept.py\n"},
    {".gitignore": "logs/\n!logs/kept.py\n"},
    {".gitignore": "docs/**/x.py\n# docs\n\n"},
    {".gitignore": "**/and/\n"},
    {".gitignore": "*.py\n!/a.py\n"},
    {".gitignore": "[a-d]*.py\n"},
    {"src/.gitignore": "/gen.py\n"},
    {"src/.gitignore": "*\n!keep/\n!keep/**\n"},
    {".gitignore": "sp\\ ace.py\nUPPER.py  \n"},
    {".gitignore": "/*\n!/src/\n"},
    {".git/info/exclude": "docs\n", ".gitignore": "!docs/x.py\n"},
]


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def found(root: Path, *globs: str) -> set[str]:
    admission = Admission([str(root)], globs)
    entries = walk(admission, str(root), str(root))
    return {str(Path(e.path).relative_to(root)) for e in entries if isinstance(e, File)}


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_files_are_ignored_as_git_does(rules: dict[str, str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    make(tmp_path, TREE | rules)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.py"]
    listed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    assert found(tmp_path) == set(listed.decode().split("\0")) - {""}


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_a_single_path_is_judged_as_the_walk_does(rules: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    make(tmp_path, TREE | rules)
    admission = Admission([str(tmp_path)], [])
    assert {name for name in TREE if admission.admits(str(tmp_path / name))} == found(tmp_path)


def test_rules_above_the_root_count(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    make(tmp_path, {".gitignore": "gen.py\n/pkg/out/\n", "pkg/a.py": "", "pkg/gen.py": ""})
    make(tmp_path, {"pkg/out/a.py": ""})
    assert found(tmp_path / "pkg") == {"a.py"}


def test_nothing_is_read_of_a_root_that_is_ignored_itself(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    make(tmp_path, {".gitignore": "out\n", "out/a.py": ""})
    told: list[Report] = []
    workspace = indexed(tmp_path / "out", told)
    workspace.close()
    assert found(tmp_path / "out") == set()
    assert Note(Reason.FOLDER_IGNORED, 1) in told


def test_excluded_files_stay_out(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": "", "secrets/b.py": "", ".ssh/c.py": "", "mine/d.py": "", "x/y.py": ""})
    assert found(tmp_path, "mine/", "x/*.py") == {"a.py"}


def test_folders_of_tools_are_not_entered(tmp_path: Path) -> None:
    make(
        tmp_path, {"a.py": "", "node_modules/x/b.js": "", "env/pyvenv.cfg": "", "env/lib/c.py": ""}
    )
    make(tmp_path, {"target/CACHEDIR.TAG": "", "target/d.rs": "", ".git/hooks/e.py": ""})
    assert found(tmp_path) == {"a.py"}


def test_links_lead_nowhere(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    make(root, {"a.py": ""})
    make(outside, {"b.py": "", "c/d.py": ""})
    (root / "b.py").symlink_to(outside / "b.py")
    (root / "c").symlink_to(outside / "c")
    (root / "loop").symlink_to(root)
    admission = Admission([str(root)], [])
    assert found(root) == {"a.py"}
    assert not admission.admits(str(root / "c" / "d.py"))
    assert not admission.admits(str(root / "loop" / "a.py"))
    assert not admission.admits(str(outside / "b.py"))


def test_a_root_that_is_a_link_is_what_it_links_to(tmp_path: Path) -> None:
    make(tmp_path / "real", {"a.py": "", ".gitignore": "b.py\n", "b.py": "", "c/d.py": ""})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    admission = Admission([str(tmp_path / "link")], [])
    assert found(tmp_path / "link") == {"a.py", "c/d.py"}
    assert admission.admits(str(tmp_path / "link" / "c" / "d.py"))


def test_data_and_unknown_files_are_not_code(tmp_path: Path) -> None:
    make(tmp_path, {"a.json": "{}", "b.txt": "", "c.yaml": "", "Makefile": "", "d.go": ""})
    assert found(tmp_path) == {"d.go"}


def test_a_name_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": ""})
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.py")).write_text("")
    assert found(tmp_path) == {"a.py"}


def test_folders_without_end_are_cut_off(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * (MAX_DEPTH + 2))
    make(deep, {"a.py": ""})
    make(tmp_path, {"a.py": ""})
    told: list[Report] = []
    workspace = indexed(tmp_path, told)
    workspace.close()
    assert found(tmp_path) == {"a.py"}
    assert Note(Reason.TOO_DEEP, 1) in told


def test_a_folder_that_cannot_be_listed_costs_nothing(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": ""})
    finish(walk(Admission([str(tmp_path)], []), str(tmp_path / "gone"), str(tmp_path)))
    assert found(tmp_path) == {"a.py"}


@given(stars=st.integers(4, 30), deep=st.booleans())
def test_a_pattern_of_many_stars_is_cut_short_and_ignores_more(
    tmp_path_factory: pytest.TempPathFactory, stars: int, deep: bool
) -> None:
    folder = tmp_path_factory.mktemp("stars")
    pattern = "/".join(["**", "a"] * stars) if deep else "*a" * stars + "*b"
    (folder / ".gitignore").write_text(pattern + "\n", encoding="utf-8")
    name = "/".join("a" * 40) if deep else "a" * 200
    assert ignored(layer_of(str(folder)), f"{folder}/{name}b", is_folder=False) or deep


def test_too_many_patterns_ignore_everything(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": "", "b/.gitignore": "x\n" * 2001, "b/a.py": ""})
    assert found(tmp_path) == {"a.py"}
