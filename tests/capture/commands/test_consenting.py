import os
import pty
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from capture.commands import main
from capture.commands.arguments import parse
from capture.consent import Consents, Receipt
from capture.folder import capture_folder
from tests.capture.licences_generated import KNOWN
from tests.cli.command import REPOSITORY, environment
from zeta_lsp.core.errors import UsageError

NOW = 1_800_000_000.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "LICENSE").write_text(KNOWN["MIT"])
    return root


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *arguments: str | Path, enabled: bool = True) -> int:
    return main(
        [str(each) for each in arguments],
        data,
        enabled=enabled,
        settings_globs=("**/*.pem",),
        version="1.2.3",
    )


def status_of(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict:
    capsys.readouterr()
    assert run(data, "status", *arguments, "--json") == 0
    return msgspec.json.decode(capsys.readouterr().out)


def test_on_says_what_it_will_do_and_switches_on(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "on", project, "--level", "sessions", "--yes") == 0
    said = capsys.readouterr().out
    assert f"Record training data of {project}?" in said
    assert "MIT (says LICENSE)" in said
    assert f"sessions of {project}" in said
    receipt = Consents(capture_folder(data), lambda: NOW).receipts()[0]
    assert receipt.text in said
    assert (receipt.level, receipt.by_version) == ("sessions", "1.2.3")


def test_without_a_terminal_nobody_is_asked_and_nothing_is_made(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "on", project) == 2
    assert capsys.readouterr().err == (
        "zeta-lsp capture: nobody can be asked here; add --yes to consent\n"
    )
    assert not data.exists()


def answered(home: Path, answer: bytes, *arguments: str | Path) -> tuple[int, str]:
    """Run a command at a terminal, and answer its question."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "zeta_lsp", "capture", *map(str, arguments)],
            env=environment(home, PYTHONPATH=str(REPOSITORY)),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            cwd=home,
        ) as process:
            os.write(ours, answer)
            out, _ = process.communicate(timeout=60)
            return process.returncode, out.decode()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    ("answer", "status", "count"),
    [(b"y\n", 0, 1), (b"YES\n", 0, 1), (b"\n", 1, 0), (b"no\n", 1, 0), (b"\x04", 1, 0)],
)
def test_only_a_yes_is_a_consent(
    answer: bytes, status: int, count: int, project: Path, data: Path, tmp_path: Path
) -> None:
    ended, out = answered(tmp_path, answer, "on", project)
    assert ended == status
    assert "Record training data" in out
    assert len(Consents(capture_folder(data), lambda: NOW).receipts()) == count
    assert data.exists() == bool(count)


def test_a_project_that_is_not_open_is_refused_with_what_to_do(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "LICENSE").write_text("Hands off.")
    assert run(data, "on", project, "--yes") == 1
    fault = capsys.readouterr().err
    assert fault.count("\n") == 1
    assert "LICENSE is no licence that is recognised" in fault
    assert "--private" in fault
    assert not data.exists()
    assert run(data, "on", project, "--private", "--yes") == 0
    assert status_of(data, capsys, project)["projects"][0]["consent"]["private"] is True


def test_what_the_settings_forbid_nobody_can_switch_on(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "on", project, "--yes", enabled=False) == 1
    assert "DO_NOT_TRACK" in capsys.readouterr().err
    assert not data.exists()


def test_the_environment_forbids_it(project: Path, data: Path, tmp_path: Path) -> None:
    for name in ("DO_NOT_TRACK", "ZETA_LSP_NO_CAPTURE"):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "zeta_lsp", "capture", "on", str(project), "--yes"],
            env=environment(tmp_path, **{name: "1"}),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert not data.exists()


def test_off_withdraws_and_is_no_failure_where_nothing_was_on(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "off", project) == 0
    assert "Nothing was on" in capsys.readouterr().out
    assert not data.exists()
    run(data, "on", project, "--yes")
    assert run(data, "off", project) == 0
    assert "Off: nothing more" in capsys.readouterr().out
    (line,) = status_of(data, capsys, project)["projects"]
    assert (line["state"], line["reason"]) == ("off", "revoked")
    assert line["consent"]["revoked_at"] is not None


def test_status_lists_every_project_and_why_one_is_off(
    project: Path,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    run(data, "on", project, "--yes")
    found = status_of(data, capsys)
    assert found["folder"] == str(capture_folder(data))
    states = {line["root"]: (line["state"], line["reason"]) for line in found["projects"]}
    assert states == {str(project): ("on", ""), str(other): ("off", "no_consent")}
    assert run(data, "status") == 0
    said = capsys.readouterr().out
    assert "  on       snapshots; since" in said
    assert "  off      nobody consented" in said
    assert "\x1b" not in said


def test_status_makes_nothing(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "status", project) == 0
    assert run(data, "path") == 0
    assert capsys.readouterr().out.endswith(f"{capture_folder(data)}\n")
    assert not data.exists()


def test_a_name_that_would_move_the_cursor_does_not(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "evil\x1b[2J"
    root.mkdir()
    (root / "LICENSE").write_text(KNOWN["MIT"])
    assert run(data, "on", root, "--yes") == 0
    assert run(data, "status", root) == 0
    assert run(data, "off", root) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_store_that_cannot_be_written_is_one_clear_line(
    project: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text("in the way")
    assert run(data, "on", project, "--yes") == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("verb", ["on", "off", "status", "path", "show", "forget", "export"])
def test_every_command_has_help_with_an_example(
    verb: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        run(data, verb, "--help")
    assert ending.value.code == 0
    said = capsys.readouterr().out
    assert f"zeta-lsp capture {verb}" in said.split("examples:")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["on", "--level", "everything"],
        ["export", "--format", "xml"],
        ["export", "--horizon", "1h"],
        ["export", "--outcome", "nice"],
        ["forget", "--since", "yesterday"],
        ["status", "a", "b"],
    ],
)
def test_wrong_options_end_with_status_2(
    arguments: list[str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        run(data, *arguments)
    assert ending.value.code == 2
    assert "usage: zeta-lsp capture" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["of"], "did you mean `zeta-lsp capture off`?"),
        (["xyzzy"], "see `zeta-lsp capture --help`"),
        (["forget", ".", "--all"], "leave out PROJECT"),
        (["forget", "--all", "--path", "a.py"], "leave out PROJECT"),
        (["export", "--since", "1h", "--until", "2h"], "--since must be before --until"),
    ],
)
def test_a_wrong_use_is_told_in_one_line_with_status_2(
    arguments: list[str], hint: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, *arguments) == 2
    fault = capsys.readouterr().err
    assert hint in fault
    assert fault.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", NOW - 90),
        ("5min", NOW - 300),
        ("2h", NOW - 7200),
        ("7d", NOW - 7 * 86_400),
        ("2w", NOW - 14 * 86_400),
        ("2026-11-25T16:00:00+00:00", 1_795_622_400.0),
        ("2026-11-25T16:00:00Z", 1_795_622_400.0),
    ],
)
def test_a_time_is_so_long_ago_or_a_date(text: str, expected: float) -> None:
    assert parse(["export", "--since", text], lambda: NOW).since == expected


def test_projects_are_folders_wherever_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert parse(["on"], lambda: NOW).project == REPOSITORY
    assert parse(["show", "tests"], lambda: NOW).project == REPOSITORY / "tests"
    assert parse(["forget"], lambda: NOW).project == REPOSITORY
    assert parse(["forget", "--all"], lambda: NOW).project is None
    assert parse(["status"], lambda: NOW).project is None
    assert parse(["export", "a", "b"], lambda: NOW).projects == [
        REPOSITORY / "a",
        REPOSITORY / "b",
    ]


def test_a_folder_that_is_gone_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="name PROJECT"):
        parse(["on"], lambda: NOW)
    monkeypatch.undo()


def test_an_agreed_consent_is_live(project: Path, data: Path) -> None:
    assert run(data, "on", project, "--yes") == 0
    receipt = Consents(capture_folder(data), lambda: NOW).receipts()[0]
    live = Consents(capture_folder(data), lambda: receipt.granted_at).live(project)
    assert isinstance(live, Receipt)
