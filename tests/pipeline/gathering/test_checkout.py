"""A checkout holds the files of a revision, nothing that anybody takes orders from, and ends."""

import stat
from pathlib import Path

import pytest
from dulwich.objects import Blob, Tree
from dulwich.repo import Repo

from pipeline.gathering.checkout import checked_out
from pipeline.gathering.patched import applied_to, patched
from pipeline.records import Dropped
from tests.pipeline.synthesis.histories import tree
from zeta_lsp.context.headless.laying import Laid


def test_what_programs_take_orders_from_is_left_out(tmp_path: Path) -> None:
    files = {"a.py": "a\n", "web/node_modules/x/run.js": "x", ".cargo/config.toml": "x"}
    with Repo.init_bare(str(tmp_path)) as repo:
        store = repo.object_store
        made = store[tree(store, files)]
        assert isinstance(made, Tree)
        outside = Blob.from_string(b"/etc/passwd")
        store.add_object(outside)
        made.add(b"link.py", stat.S_IFLNK, outside.id)
        made.add(b"..", stat.S_IFREG | 0o644, outside.id)
        made.add(b".GIT", stat.S_IFREG | 0o644, outside.id)
        with checked_out(repo, made, "shop", 1000) as root:
            assert not isinstance(root, Dropped)
            assert [one.name for one in root.rglob("*") if one.is_file()] == ["a.py"]
            assert root.name == "shop"
        assert not root.parent.exists()


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../up"])
def test_a_checkout_never_leaves_its_folder(tmp_path: Path, name: str) -> None:
    with Repo.init_bare(str(tmp_path)) as repo:
        made = repo.object_store[tree(repo.object_store, {"a.py": ""})]
        assert isinstance(made, Tree)
        made_in = tmp_path / "in" / "here"
        made_in.mkdir(parents=True)
        with (
            pytest.raises(ValueError, match="name"),
            checked_out(repo, made, name, 9, made_in),
        ):
            pass
        assert list(made_in.parent.rglob("*")) == [made_in]


@pytest.mark.parametrize("path", ["../up.py", "/etc/up.py", "link/up.py", "link.py", "a\0.py", ""])
def test_no_text_is_laid_outside(tmp_path: Path, path: str) -> None:
    root, up = tmp_path / "root", tmp_path / "up.py"
    root.mkdir()
    up.write_text("mine\n")
    (root / "link").symlink_to(tmp_path)
    (root / "link.py").symlink_to(up)
    laid = Laid(root, {path: "theirs\n"})
    laid.write(but=root / "other.py")
    laid.put_back()
    assert laid.written == []
    assert up.read_text() == "mine\n"


def test_laid_texts_are_taken_away_again(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a\n")
    (tmp_path / "gone.py").write_text("b\n")
    laid = Laid(tmp_path, {"a.py": "c\n", "gone.py": None, "new/deep/b.py": "d\n", "me.py": "e\n"})
    laid.write(but=tmp_path / "me.py")
    found = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.py"))
    assert found == ["a.py", "new/deep/b.py"]
    assert (tmp_path / "a.py").read_text() == "c\n"
    laid.put_back()
    assert (tmp_path / "a.py").read_text() == "a\n"
    assert (tmp_path / "gone.py").read_text() == "b\n"
    assert not (tmp_path / "new").exists()


MOVED = "diff --git a/old.py b/new.py\nsimilarity index 90%\nrename from old.py\nrename to new.py\n"
GONE = "diff --git a/a.py b/a.py\ndeleted file mode 100644\n--- a/a.py\n+++ /dev/null\n"
GONE += "@@ -1,1 +0,0 @@\n-a\n"
SQL = "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,1 @@\n x\n--- a/b\n"
SQL += "--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-a\n+b\n"
DIFFS = {
    "changed": ("--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-a\n+b\n", {"a.py": "b\n"}),
    "moved": (MOVED, {"old.py": None, "new.py": "old\n"}),
    "deleted": (
        GONE,
        {"a.py": None},
    ),
    "new and empty": (
        "diff --git a/e.py b/e.py\nnew file mode 100644\nindex 0000000..e69de29\n",
        {"e.py": ""},
    ),
    "two files, one with rows like headers": (
        SQL,
        {"a.py": "b\n", "q.sql": "x\n"},
    ),
    "no change": ("", {}),
    "another text": ("--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-z\n+b\n", None),
    "no diff": ("what?", None),
}


@pytest.mark.parametrize("name", DIFFS)
def test_diffs_of_many_files_apply(name: str) -> None:
    texts = {"a.py": "a\n", "old.py": "old\n", "q.sql": "x\n-- a/b\n"}
    diff, wanted = DIFFS[name]
    assert applied_to(diff, texts.get) == wanted


def test_line_ends_stay_as_they_are() -> None:
    assert patched("@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\r\nb\r\n") == "a\r\nc\r\n"
