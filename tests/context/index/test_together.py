"""Files that change together: what git's objects tell, and what a prompt gets of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.context.index.committing import Committing, git
from tests.context.index.living import PATIENCE_S, living, where
from zeta_lsp.context.index.client import Index
from zeta_lsp.context.index.commits import COMMITS_MAX, FILES_MAX
from zeta_lsp.context.index.together import Together
from zeta_lsp.context.index.trial import Trial
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import Receipt, Visit


@pytest.fixture
def made(tmp_path: Path) -> Committing:
    return Committing(tmp_path / "top")


def read(top: Path, trial: Path | None = None, budget_s: float = 60.0) -> Together:
    together = Together([str(top)], Trial(trial), budget_s)
    for _ in together.renewed():
        pass
    return together


def beside(together: Together, file: Path) -> list[str]:
    return [Path(path).name for path in together.files_with(str(file))]


def test_files_of_two_commits_or_more_belong_together_closest_first(made: Committing) -> None:
    for names in ("a b c", "a b", "a log", "c log", "b log", "a log", "c", "a once"):
        made.touch(*(f"{name}.py" for name in names.split()))
    assert beside(read(made.top), made.top / "a.py") == ["b.py", "log.py"]


def test_a_name_that_is_no_text_is_passed_over(made: Committing) -> None:
    strange = os.fsdecode(b"\xff.py")
    for number in range(2):
        made.commit(dict.fromkeys(("a.py", "b.py", strange), f"{number}\n"))
    assert beside(read(made.top), made.top / "a.py") == ["b.py"]


def test_history_is_read_again_only_when_another_commit_is_checked_out(made: Committing) -> None:
    made.touch("a.py", "b.py")
    together = read(made.top)
    assert list(together.renewed()) == []
    assert beside(together, made.top / "a.py") == []
    made.touch("a.py", "b.py")
    assert list(together.renewed())
    assert beside(together, made.top / "a.py") == ["b.py"]


def test_packed_history_and_packed_refs_are_read(made: Committing) -> None:
    for _ in range(5):
        made.touch("sub/a.py", "b.py")
    git(made.top, "gc", "-q")
    assert not (made.top / ".git/refs/heads/main").exists()
    assert beside(read(made.top), made.top / "sub/a.py") == ["b.py"]


def test_a_folder_of_a_repository_has_its_history(made: Committing) -> None:
    made.touch("sub/a.py", "sub/b.py")
    made.touch("sub/a.py", "sub/b.py")
    together = read(made.top / "sub")
    assert together.files_with(str(made.top / "sub/a.py")) == [str(made.top / "sub/b.py")]
    assert together.files_with("/elsewhere/a.py") == []


def test_a_linked_worktree_has_the_history_of_its_repository(
    made: Committing, tmp_path: Path
) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    tree = tmp_path / "tree"
    git(made.top, "worktree", "add", "-q", str(tree))
    assert beside(read(tree), tree / "a.py") == ["b.py"]


def test_a_project_cannot_point_to_somebody_elses_repository(
    made: Committing, tmp_path: Path
) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    git(made.top, "worktree", "add", "-q", str(tmp_path / "tree"))
    theirs = f"{made.top}/.git"
    for number, pointer in enumerate((theirs, "../top/.git", f"{theirs}/worktrees/tree", "x")):
        other = tmp_path / f"other{number}"
        other.mkdir()
        (other / ".git").write_text(f"gitdir: {pointer}\n")
        assert beside(read(other), other / "a.py") == []
    link = tmp_path / "link"
    link.mkdir()
    (link / ".git").symlink_to(made.top / ".git")
    assert beside(read(link), link / "a.py") == []


def test_merges_and_large_commits_say_nothing(made: Committing) -> None:
    made.touch("a.py")
    for _ in range(2):
        made.touch("a.py", *(f"f{number}.py" for number in range(FILES_MAX)))
    for number in range(2):
        git(made.top, "checkout", "-q", "-b", f"side{number}")
        made.touch("b.py")
        made.touch("c.py")
        git(made.top, "checkout", "-q", "main")
        made.touch("a.py")
        git(made.top, "merge", "-q", f"side{number}", time_s=1_800_000_000)
    assert beside(read(made.top), made.top / "a.py") == []
    assert beside(read(made.top), made.top / "b.py") == []


def test_only_the_latest_commits_count(made: Committing) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    tree, tip = git(made.top, "rev-parse", "HEAD^{tree}"), git(made.top, "rev-parse", "HEAD")
    for number in range(COMMITS_MAX - 1):
        time_s = 1_750_000_000 + number
        tip = git(made.top, "commit-tree", tree, "-p", tip, "-m", "x", time_s=time_s)
    git(made.top, "reset", "-q", "--hard", tip)
    assert beside(read(made.top), made.top / "a.py") == []


def test_what_was_read_when_the_time_is_over_counts(made: Committing) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    assert beside(read(made.top, budget_s=0.0), made.top / "a.py") == []


def test_a_shallow_clone_tells_what_it_has(made: Committing, tmp_path: Path) -> None:
    for _ in range(4):
        made.touch("a.py", "b.py")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "3", made.top.as_uri(), str(clone))
    assert beside(read(clone), clone / "a.py") == ["b.py"]


def objects_of(top: Path) -> Iterator[Path]:
    return (path for path in sorted((top / ".git/objects").glob("??/*")))


def test_damaged_objects_end_the_reading(made: Committing) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    for path in objects_of(made.top):
        path.chmod(0o644)
        path.write_bytes(b"\x78\x9c damaged")
    assert beside(read(made.top), made.top / "a.py") == []


@pytest.mark.parametrize("name", ["HEAD", "objects", "pack", "commit"])
def test_pipes_in_a_repository_are_never_waited_for(made: Committing, name: str) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    git_folder, head = made.top / ".git", git(made.top, "rev-parse", "HEAD")
    pipes = {
        "HEAD": git_folder / "HEAD",
        "objects": git_folder / "objects",
        "pack": git_folder / "objects/pack/pack-1.pack",
        "commit": git_folder / "objects" / head[:2] / head[2:],
    }
    if pipes[name].exists():
        pipes[name].rename(made.top / "aside")
    os.mkfifo(pipes[name])
    assert beside(read(made.top), made.top / "a.py") == []


def test_borrowed_objects_are_not_read(made: Committing, tmp_path: Path) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    git(tmp_path, "clone", "-q", "--shared", str(made.top), "clone")
    assert beside(read(tmp_path / "clone"), tmp_path / "clone/a.py") == []


def test_a_repository_that_brought_helpers_down_is_left_alone(
    made: Committing, tmp_path: Path
) -> None:
    made.touch("a.py", "b.py")
    made.touch("a.py", "b.py")
    note = tmp_path / "note"
    note.write_text(f"2\n{made.top / '.git/objects'}")
    assert beside(read(made.top, note), made.top / "a.py") == []
    note.write_text("")
    assert beside(read(made.top, note), made.top / "a.py") == ["b.py"]


Shown = tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]


async def until_git_tells(index: Index, path: Path, *visits: Visit) -> Shown:
    """Ask again until the history was read, which happens between questions."""
    for _ in range(round(PATIENCE_S / 0.01)):
        shown = await index.excerpts([], str(path), visits)
        if any(receipt.door == "git" for receipt in shown[1]):
            return shown
        await where(index, path, "nothing")
    raise AssertionError


@asynchronous
async def test_glimpses_of_visited_files_and_of_files_that_change_together(
    made: Committing,
) -> None:
    names = ("a.py", "b.py", "c.py", "gone.py", "ignored.py", "secrets/key.py", "notes.txt")
    for _ in range(2):
        made.touch(*names)
    (made.top / "gone.py").unlink()
    (made.top / ".gitignore").write_text("ignored.py\n")
    top = made.top
    async with living(top) as (index, _):
        visits = [Visit(str(top / name), 1, 7.0) for name in ("a.py", "b.py", "ignored.py", ".env")]
        files, receipts = await until_git_tells(index, top / "a.py", *visits)
    assert [file.path for file in files] == ["top/b.py", "top/c.py"]
    assert [(one.door, one.row_range, one.rank, one.age_s) for one in receipts] == [
        ("recent", (0, 2), 0, 7.0),
        ("git", (0, 1), 1, 0.0),
    ]
    assert files[1].excerpts[0].text == "def of_c():"


@asynchronous
async def test_a_file_that_is_shown_for_a_visit_is_not_shown_again_for_git(
    made: Committing,
) -> None:
    long = "def first():\n    return 1\n" + "\n" * 90 + "def last():\n    return 2\n"
    for number in range(2):
        made.touch("a.py", "c.py")
        made.commit({"a.py": f"{number}{number}\n", "b.py": f"{long}{number}\n"})
    top = made.top
    async with living(top) as (index, _):
        visit = Visit(str(top / "b.py"), 92)
        files, receipts = await until_git_tells(index, top / "a.py", visit)
    assert [(file.path, len(file.excerpts)) for file in files] == [("top/b.py", 1), ("top/c.py", 1)]
    assert [receipt.door for receipt in receipts] == ["recent", "git"]


@asynchronous
async def test_a_visited_buffer_is_shown_as_it_is_now(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "b.py").write_text("b = 1\n")
    async with living(tmp_path) as (index, _):
        index.overlay(str(tmp_path / "b.py"), "b = 2\n")
        visit = Visit(str(tmp_path / "b.py"), 0)
        files, _ = await index.excerpts([], str(tmp_path / "a.py"), [visit])
    assert files[0].excerpts[0].text == "b = 2"
