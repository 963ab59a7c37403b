import os
from pathlib import Path

import pytest

from zeta_lsp.cli.settings_file import FileRead, read_project_file, read_user_file

TOML = '[endpoint]\nurl = "http://localhost:8000/v1/completions"\n'


def written(path: Path, content: str = TOML, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(mode)
    return path


def reason(read: FileRead) -> str:
    (problem,) = read.problems
    assert read.layer is None
    return problem.message


def test_a_private_file_is_read(tmp_path: Path) -> None:
    read = read_user_file(written(tmp_path / "config.toml"))
    assert read.layer is not None
    assert read.layer.tree == {"endpoint": {"url": "http://localhost:8000/v1/completions"}}
    assert read.layer.place == str(tmp_path / "config.toml")
    assert not read.problems


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert read_user_file(tmp_path / "none.toml") == FileRead()
    assert read_project_file(tmp_path) == FileRead()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_refused(tmp_path: Path, mode: int) -> None:
    assert "chmod 600" in reason(read_user_file(written(tmp_path / "c.toml", mode=mode)))


def test_a_file_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "c.toml")
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert "another user" in reason(read_user_file(path))


def test_a_file_that_others_can_read_is_used_with_a_warning_if_it_may_hold_secrets(
    tmp_path: Path,
) -> None:
    assert not read_user_file(written(tmp_path / "a.toml", mode=0o644)).problems
    secret = f'{TOML}headers = {{ Authorization = "canary" }}\n'
    read = read_user_file(written(tmp_path / "b.toml", secret, mode=0o644))
    assert read.layer is not None
    assert "chmod 600" in str(read.problems[0])
    assert "canary" not in str(read.problems[0])


def test_a_file_in_a_workspace_folder_is_refused(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    path = written(repository / "config.toml")
    assert "workspace folder" in reason(read_user_file(path, [repository]))
    assert read_user_file(path, [tmp_path / "other"]).layer is not None


def test_a_link_into_a_workspace_folder_is_refused(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    written(repository / "config.toml")
    (tmp_path / "config.toml").symlink_to(repository / "config.toml")
    read = read_user_file(tmp_path / "config.toml", [repository])
    assert "workspace folder" in reason(read)


def test_whoever_opens_the_home_folder_keeps_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = written(tmp_path / ".config" / "zeta-lsp" / "config.toml")
    for root in (tmp_path, tmp_path / ".config", path.parent):
        assert read_user_file(path, [root]).layer is not None, root
    inside = written(tmp_path / "repository" / "config.toml")
    assert read_user_file(inside, [inside.parent]).layer is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('secret = "canary', "not valid TOML"),
        ("a = 1\nb = canary\n", "not valid TOML at line 2, column 5"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("x" * 70_000, "larger than 65536 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_not_what(
    tmp_path: Path, content: str, said: str
) -> None:
    written(tmp_path / ".zeta.toml", content)
    message = reason(read_project_file(tmp_path))
    assert said in message
    assert "canary" not in message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".zeta.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in reason(read_project_file(tmp_path))


@pytest.mark.timeout(10)  # opening a pipe would wait for ever
def test_a_pipe_or_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".zeta.toml")
    assert "not a file" in reason(read_project_file(tmp_path))
    (tmp_path / "config.toml").mkdir()
    assert reason(read_user_file(tmp_path / "config.toml"))
