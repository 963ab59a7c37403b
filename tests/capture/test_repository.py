"""What is read of git repositories, good ones and bad ones. Git itself only helps the tests."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from capture.gitdiff import file_diff
from capture.repository import Repository


def git(folder, *arguments, **more):
    names = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    names |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in names.items()}
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **names}
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True, **more)
    return done.stdout.decode().strip()


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "basket.py").write_text("one\ntwo\nthree\n")
    (folder / "plain.txt").write_text("a\r\nb\r\n", newline="")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Begin")
    git(folder, "remote", "add", "origin", "https://me:secret@example.com/shop/shop.git?x=1")
    return folder


def found(folder):
    repository = Repository.find(folder)
    assert repository is not None
    return repository


def test_the_commit_that_is_checked_out_is_found_however_refs_are_kept(project):
    head = git(project, "rev-parse", "HEAD")
    assert found(project).revision() == head
    git(project, "pack-refs", "--all")
    assert found(project).revision() == head
    git(project, "checkout", "-q", "--detach")
    assert found(project).revision() == head
    assert found(project / "src").revision() == head


def test_a_repository_without_commits_has_no_revision(tmp_path):
    git(tmp_path, "init", "-q")
    assert found(tmp_path).revision() == ""
    assert found(tmp_path).uncommitted_diff(["a"], ["x\n"]).startswith("diff --git")


def test_the_remote_has_no_credentials(project):
    assert "secret" not in found(project).url
    assert found(project).url.endswith("example.com/shop/shop")


@pytest.mark.parametrize("packed", [False, True])
def test_git_applies_the_diff(project, tmp_path, packed):
    if packed:
        git(project, "gc", "-q")
    new = {"src/basket.py": "one\n2\nthree\nfour", "src/new.py": "x\n", "empty.py": ""}
    diff = found(project).uncommitted_diff(list(new), list(new.values()))
    git(project, "apply", "-", input=diff.encode())
    assert {path: (project / path).read_text() for path in new} == new


def test_paths_are_the_repositorys(project):
    diff = found(project / "src").uncommitted_diff(["basket.py"], ["one\n"])
    assert "--- a/src/basket.py\n+++ b/src/basket.py\n@@ -1,3 +1 @@\n one\n-two\n-three\n" in diff


def test_nothing_changed_is_an_empty_diff(project):
    texts = ["one\ntwo\nthree\n", "a\r\nb\r\n"]
    assert found(project).uncommitted_diff(["src/basket.py", "plain.txt"], texts) == ""
    assert found(project).uncommitted_diff(["src/basket.py"], ["one\r\ntwo\r\nthree\r\n"]) == ""


def test_a_large_diff_is_none(project):
    assert found(project).uncommitted_diff(["big.py"], ["x" * 60 + "\n"] * 1) is not None
    assert found(project).uncommitted_diff(["big.py"], ["x" * 63 + "\n" * 70_000]) is None
    assert found(project).uncommitted_diff(["a.py", "b.py"], ["x\n" * 15_000] * 2) is None


def test_diffs_follow_the_commit(project):
    repository = found(project)
    text = "one\n2\nthree\n"
    assert repository.uncommitted_diff(["src/basket.py"], [text])
    (project / "src" / "basket.py").write_text(text)
    git(project, "commit", "-qam", "Count")
    assert repository.uncommitted_diff(["src/basket.py"], [text]) == ""


def test_a_linked_worktree_is_followed(project, tmp_path):
    tree = tmp_path / "linked"
    git(project, "worktree", "add", "-q", "-b", "side", str(tree))
    (tree / "src" / "basket.py").write_text("one\n")
    git(tree, "commit", "-qam", "Side")
    assert found(tree).revision() == git(tree, "rev-parse", "HEAD")
    assert found(tree).revision() != found(project).revision()
    assert found(tree).uncommitted_diff(["src/basket.py"], ["one\n"]) == ""


def test_a_submodule_is_followed(project, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "--quiet", "add", str(project), "inner")
    assert found(outer / "inner").revision() == git(project, "rev-parse", "HEAD")


def test_a_file_that_names_a_foreign_repository_is_not_followed(project, tmp_path):
    for line in (f"gitdir: {project}/.git", "gitdir: ../shop/.git", "gitdir: /dev", "nonsense"):
        hostile = tmp_path / "hostile"
        hostile.mkdir(exist_ok=True)
        (hostile / ".git").write_text(line + "\n")
        assert Repository.find(hostile) is None


def test_a_worktree_that_is_not_named_in_turn_is_not_followed(project, tmp_path):
    git(project, "worktree", "add", "-q", str(tmp_path / "linked"))
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    (hostile / ".git").write_text((tmp_path / "linked" / ".git").read_text())
    assert Repository.find(hostile) is None


def test_links_pipes_and_loops_are_not_followed(project, tmp_path):
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    (hostile / ".git").symlink_to(project / ".git")
    assert Repository.find(hostile) is None
    (hostile / ".git").unlink()
    os.mkfifo(hostile / ".git")
    assert Repository.find(hostile) is None


@pytest.mark.parametrize("name", ["HEAD", "config", "refs/heads/main", "packed-refs"])
def test_a_pipe_in_place_of_a_file_is_no_file(project, name):
    head = found(project).revision()
    place = project / ".git" / name
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    repository = found(project)
    assert repository.revision() in ("", head)
    repository.uncommitted_diff(["src/basket.py"], ["one\n"])


def test_pipes_among_objects_end_in_no_diff(project):
    head = found(project).revision()
    loose = project / ".git" / "objects" / head[:2] / head[2:]
    loose.unlink()
    os.mkfifo(loose)
    assert found(project).uncommitted_diff(["src/basket.py"], ["one\n"]) is None
    loose.unlink()
    os.mkfifo(project / ".git" / "objects" / "pack" / "pack-1.pack")
    assert found(project).uncommitted_diff(["src/basket.py"], ["one\n"]) is None


def test_refs_in_a_circle_or_outside_are_no_revision(project):
    head = project / ".git" / "HEAD"
    for line in ("ref: refs/heads/loop", "ref: ../../etc/passwd", "ref: refs/../HEAD", "x" * 9999):
        head.write_text(line + "\n")
        (project / ".git" / "refs" / "heads" / "loop").write_text("ref: refs/heads/loop\n")
        assert found(project).revision() == ""


def test_a_configuration_is_not_obeyed(project, tmp_path):
    other = tmp_path / "other"
    other.write_text('[remote "origin"]\n\turl = https://example.com/evil/evil.git\n')
    with (project / ".git" / "config").open("a") as config:
        config.write(f"[include]\n\tpath = {other}\n[core]\n\tfsmonitor = touch {tmp_path}/ran\n")
    repository = found(project)
    repository.uncommitted_diff(["src/basket.py"], ["one\n"])
    assert "evil" not in repository.url
    assert not (tmp_path / "ran").exists()


def test_a_huge_or_broken_configuration_gives_no_remote(project):
    config = project / ".git" / "config"
    for content in ("x" * 400_000, "[remote", "a = b\n", "[remote]\nurl = x\n", '[remote "a"]\n'):
        config.write_text(content)
        assert found(project).url == ""


def test_borrowed_objects_are_not_read(project, tmp_path):
    info = project / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{tmp_path}\n")
    assert found(project).uncommitted_diff(["src/basket.py"], ["one\n"]) is None


def test_damaged_objects_end_in_no_diff(project):
    for place in sorted((project / ".git" / "objects").glob("??/*")):
        place.chmod(0o644)
        place.write_bytes(b"not zlib")
    assert found(project).uncommitted_diff(["src/basket.py"], ["one\n"]) is None


def test_made_up_changes_are_applied_by_git(tmp_path):
    git(tmp_path, "init", "-q")
    rng = random.Random(5)
    for _ in range(25):
        old = "".join(rng.choice("abc") + "\n" for _ in range(rng.randrange(30)))
        rows = old.split("\n")
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(rows))
            rows[at : at + rng.randrange(3)] = [rng.choice("xyz")] * rng.randrange(3)
        new = "\n".join(rows)
        Path(tmp_path / "f").write_text(old)
        if diff := file_diff("f", old, new):
            git(tmp_path, "apply", "--unidiff-zero", "-", input=diff.encode())
        assert (tmp_path / "f").read_text() == new
