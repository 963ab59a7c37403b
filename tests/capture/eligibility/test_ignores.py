"""What git ignores, told without git; git itself is the judge in the differential test."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.eligibility.ignores import MAX_FILE_BYTES, MAX_PATTERNS, Ignores

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}
PATHS = (
    "a",
    "a/b",
    "a/b/c.py",
    "b/a",
    "b/c.py",
    "c.py",
    "d/a/b/c.log",
    "d/x.log",
    "x.log",
    "d/d/d",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git" / "info").mkdir(parents=True)
    return tmp_path


def write(file: Path, *patterns: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(patterns) + "\n")


@pytest.mark.parametrize(
    ("patterns", "ignored", "kept"),
    [
        (["*.log"], ["x.log", "a/b/x.log"], ["x.py", "log"]),
        (["/build"], ["build", "build/x"], ["a/build"]),
        (["build/"], ["a/build/x", "build/x"], ["build", "a/build"]),
        (["*.log", "!keep.log"], ["x.log"], ["keep.log", "a/keep.log"]),
        (["a/", "!a/keep.py"], ["a/keep.py"], []),
        (["/*", "!/src"], ["x.py", "lib/x.py"], ["src/x.py"]),
        (["docs/**/gen"], ["docs/gen", "docs/a/b/gen/x"], ["gen"]),
        (["a/**", "!a/keep.py"], ["a/x.py"], ["a", "a/keep.py"]),
        (["**/cache"], ["cache/x", "a/b/cache/x"], ["cached/x"]),
        (["{a,b}.py"], ["{a,b}.py"], ["a.py", "b.py"]),
        ([r"\#x", r"\!y", "z\\ "], ["#x", "!y", "z "], ["x", "y", "z"]),
        (["x.py   "], ["x.py"], []),
        (["# x.py", "", "/"], [], ["x.py", "a/b"]),
        (["[ab].py", "bad[", "*.tmp"], ["a.py", "q.tmp"], ["c.py", "bad["]),
        (["Build.PY"], ["build.py"], []),
    ],
)
def test_patterns_mean_what_they_mean_to_git(
    root: Path, patterns: list[str], ignored: list[str], kept: list[str]
) -> None:
    write(root / ".gitignore", *patterns)
    ignores = Ignores(root)
    assert [path for path in ignored if not ignores.ignores(root / path)] == []
    assert [path for path in kept if ignores.ignores(root / path)] == []


def test_a_deeper_file_wins_over_a_higher_one(root: Path) -> None:
    write(root / ".gitignore", "*.log")
    write(root / "a" / ".gitignore", "!*.log", "secret.log")
    ignores = Ignores(root)
    assert ignores.ignores(root / "x.log")
    assert not ignores.ignores(root / "a" / "x.log")
    assert ignores.ignores(root / "a" / "b" / "secret.log")


def test_patterns_above_the_workspace_folder_count(root: Path) -> None:
    write(root / ".gitignore", "packages/*/out")
    (root / "packages" / "web").mkdir(parents=True)
    assert Ignores(root / "packages" / "web").ignores(root / "packages/web/out/x.js")


def test_the_exclude_file_counts_in_a_repository_and_in_a_worktree(root: Path) -> None:
    write(root / ".git" / "info" / "exclude", "notes")
    assert Ignores(root).ignores(root / "notes")
    git = root / ".git" / "worktrees" / "w"
    write(git / "commondir", "../..")
    write(root / "w" / ".git", f"gitdir: {git}")
    assert Ignores(root / "w").ignores(root / "w" / "notes")


def test_a_changed_file_of_patterns_is_read_again(root: Path) -> None:
    write(root / ".gitignore", "x.py")
    ignores = Ignores(root)
    assert ignores.ignores(root / "x.py")
    before = ignores.stamps(root / "x.py")
    write(root / ".gitignore", "other.py")
    assert ignores.stamps(root / "x.py") != before
    assert not ignores.ignores(root / "x.py")


def test_patterns_too_many_to_read_ignore_everything_below(root: Path) -> None:
    write(root / "a" / ".gitignore", *("x" for _ in range(MAX_PATTERNS + 1)))
    write(root / "b" / ".gitignore", "#" * MAX_FILE_BYTES)
    ignores = Ignores(root)
    assert ignores.ignores(root / "a" / "y.py")
    assert ignores.ignores(root / "b" / "y.py")
    assert not ignores.ignores(root / "y.py")


def test_only_regular_files_are_read(root: Path) -> None:
    os.mkfifo(root / ".gitignore")
    (root / "w").mkdir()
    os.mkfifo(root / "w" / ".git")  # opening it would wait for a writer
    assert not Ignores(root / "w").ignores(root / "w" / "x.py")
    write(root / "patterns", "*.py")
    (root / "a").mkdir()
    (root / "a" / ".gitignore").symlink_to(root / "patterns")  # git does not follow it either
    ignores = Ignores(root)
    assert not ignores.ignores(root / "a" / "x.py")


def test_hostile_patterns_take_no_time(root: Path) -> None:
    write(root / ".gitignore", "*a" * 60 + "b", "**/a" * 30 + "/**/b", "[a-z]*" * 30 + "0")
    started = time.thread_time()
    assert not Ignores(root).ignores(root / ("a" * 200) / ("a/" * 100 + "a" * 200))
    assert time.thread_time() - started < 5  # backtracking would take years


def test_a_folder_without_a_repository_has_patterns_too(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "x.py")
    assert Ignores(tmp_path).ignores(tmp_path / "x.py")


PATTERN_PARTS = st.sampled_from(["a", "b", "c.py", "*.log", "*", "**", "d", "x*", "?", "[ab]"])
PATTERNS = st.builds(
    lambda negated, rooted, parts, folder: negated + rooted + "/".join(parts) + folder,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PATTERN_PARTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)


@settings(max_examples=100, deadline=None)
@given(patterns=st.lists(PATTERNS, min_size=1, max_size=4))
def test_whatever_git_ignores_is_ignored(
    tmp_path_factory: pytest.TempPathFactory, patterns: list[str]
) -> None:
    """Every path that git ignores; paths that git keeps may be ignored here in doubt."""
    root = tmp_path_factory.mktemp("repository")
    run = ("git", "-C", str(root), "-c", "core.ignoreCase=false")
    subprocess.run([*run, "init", "-q"], check=True, env=ENVIRONMENT)
    write(root / ".gitignore", *patterns)
    judged = subprocess.run(
        [*run, "check-ignore", "--no-index", "--stdin"],
        input="\n".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    ignores = Ignores(root)
    assert [path for path in judged.stdout.split() if not ignores.ignores(root / path)] == []
