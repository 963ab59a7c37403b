"""What a hostile repository cannot do, and which bytes never leave the editor."""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, Editor, editor, files_below
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json

ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
CANARY = "xyzzy_canary"
SECRET_VALUE = "hunter2-from-the-repository"


def hostile_settings(url: str) -> Json:
    """What a cloned repository would like to say."""
    endpoint = {"url": url, "api_key_command": ["touch", "pwned"], "api_key_env": SECRET_VALUE}
    return {
        "endpoint": {**endpoint, "headers": {"x-stolen": SECRET_VALUE}, "proxy": url},
        "endpoints": {"default": endpoint, "theirs": {"url": url}},
        "predict": {"debounce_ms": 0, "max_file_bytes": 60_000_000, "disabled_globs": []},
        "capture": {"settle_quiet_s": 3},
        "api_key": SECRET_VALUE,
        "command": ["touch", "pwned"],
    }


def as_toml(url: str) -> str:
    """The same in a project's file."""
    return f"""
        api_key = "{SECRET_VALUE}"
        command = ["touch", "pwned"]
        [endpoint]
        url = "{url}"
        api_key_command = ["touch", "pwned"]
        headers = {{ x-stolen = "{SECRET_VALUE}" }}
        proxy = "{url}"
        [endpoints.theirs]
        url = "{url}"
        [predict]
        max_file_bytes = 60000000
    """


@asynchronous
async def test_a_repository_cannot_choose_who_reads_the_code(tmp_path: Path) -> None:
    async with (
        Model(rewriting()) as ours,
        Model(rewriting(NEAR)) as theirs,
        editor(tmp_path, ours.url) as ed,
    ):
        hostile = hostile_settings(theirs.url)
        (ed.root / ".zeta.toml").write_text(as_toml(theirs.url))
        (ed.root / ".env").write_text(f"ZETA_LSP_ENDPOINT_URL={theirs.url}\n")
        await ed.initialize(initializationOptions={"zeta": hostile})
        uri = ed.open("a.py", ROWS)
        await ed.next_edit(uri, "row 1")
        for settings in ({"zeta": hostile}, {"zeta": {"endpoint": "theirs"}}, hostile, None):
            ed.client.notify("workspace/didChangeConfiguration", {"settings": settings})
            ed.type(uri, "row 2", "!")
            assert (await ed.next_edit(uri, "row 1"))["reason"] == "no_change"
        assert theirs.connections == 0
        assert len(ours.requests) == 5
        assert SECRET_VALUE.encode() not in ours.sent
        assert "pwned" not in {path.name for path in files_below(tmp_path)}
        told = [one["params"]["message"] for one in ed.client.notifications]
        # Each of the editor and the project is named once, whatever is sent again.
        assert [message.count("endpoint: only the user file") for message in told] == [2, 0]
        assert "endpoint: not the name of an endpoint" in told[1]
        assert "theirs" not in "".join(told)
        assert SECRET_VALUE not in "".join(told)
        assert str(theirs.port) not in "".join(told)
        assert await ed.client.shut_down() == 0
        assert ed.log.read_bytes() == b""


@asynchronous
async def test_a_project_can_switch_predictions_off_exclude_and_shrink(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        settings = ed.root / ".zeta.toml"
        settings.write_text('[predict]\nmode = "off"\n')
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        ed.type(uri, "row 3", "!")
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "mode_off"
        assert model.connections == 0
        for text, reason in (
            ('disabled_globs = ["*.py"]', "excluded_path"),
            ("max_file_bytes = 10", "too_large"),
            ("max_line_chars = 5", "long_lines"),
        ):
            settings.write_text(f"[predict]\n{text}\n")
            changes = {"changes": [{"uri": settings.as_uri(), "type": 2}]}
            ed.client.notify("workspace/didChangeWatchedFiles", changes)
            assert (await ed.next_edit(uri, "row 1"))["reason"] == reason
        assert model.connections == 0
        assert not ed.client.notifications


@asynchronous
async def test_what_an_editor_switched_off_stays_off_until_it_says_otherwise(
    tmp_path: Path,
) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize(initializationOptions={"predict": {"mode": "off"}})
        uri = ed.open("a.py", ROWS)
        for settings, reason in (
            (None, "mode_off"),
            ({}, "mode_off"),  # many clients send this right after the start
            ({"python": {}}, "mode_off"),
            ({"zeta": {"predict": {"disabled_globs": ["*.py"]}}}, "excluded_path"),
            ({"zeta": {}}, "no_change"),
            ({"zeta": None}, "no_change"),
            ({"python": {}}, "mode_off"),
        ):
            ed.client.notify("workspace/didChangeConfiguration", {"settings": settings})
            assert (await ed.next_edit(uri, "row 1"))["reason"] == reason, settings


@asynchronous
async def test_secrets_never_reach_the_endpoint_not_even_as_recent_edits(tmp_path: Path) -> None:
    async with (
        Model(rewriting()) as model,
        editor(tmp_path, model.url, predict='disabled_globs = ["**/private/*"]') as ed,
    ):
        for name in (".env", "id_rsa"):
            (ed.root / name).write_text(CANARY)
        (ed.root / "innocent.py").symlink_to(".env")
        await ed.initialize()
        code = ed.open("a.py", ROWS)
        secrets = [
            ".env",
            ".env.local",
            "ID_RSA",
            "id_rsa",
            "innocent.py",
            "private/x.py",
            f"git:{ed.root}/.env?ref",
            f"fugitive://{ed.root}/.git//0/notes.txt",
            f"{ed.root.as_uri()}/%2Eenv",
            f"{ed.root.as_uri()}/sub/../.env",
            f"untitled:{ed.root}/.env",
        ]
        for number, name in enumerate(secrets):
            uri = ed.open(name, f"{CANARY} = 1\nrow 1\n", language="plaintext")
            ed.type(uri, "row", f"{CANARY}{number}")
            assert (await ed.next_edit(uri, "row"))["reason"] == "excluded_path", name
            ed.type(code, "row 3", "!")
            await ed.next_edit(code, "row 1")
        assert len(model.requests) == len(secrets)
        assert CANARY.encode() not in model.sent
        assert b"+row 3!" in model.sent


@asynchronous
async def test_edits_are_forgotten_once_their_file_is_excluded_renamed_or_too_large(
    tmp_path: Path,
) -> None:
    async with (
        Model(rewriting()) as model,
        editor(tmp_path, model.url, predict="max_file_bytes = 2000") as ed,
    ):
        await ed.initialize()
        code = ed.open("a.py", ROWS)
        later, renamed = ed.open("later.py", ROWS), ed.open("renamed.py", ROWS)
        huge, binary = ed.open("huge.py", "x" * 3000), ed.open("binary", "\0row\n")
        for uri in (later, renamed, huge, binary):
            ed.type(uri, "x" if uri == huge else "row", CANARY)
        paste = ed.open("paste.py", ROWS)
        ed.replace(paste, 0, 0, f"{CANARY}\n" * 500)
        exclude = {"zeta": {"predict": {"disabled_globs": ["**/later.py"]}}}
        ed.client.notify("workspace/didChangeConfiguration", {"settings": exclude})
        files = {"files": [{"oldUri": renamed, "newUri": f"{ed.root.as_uri()}/.env"}]}
        ed.client.notify("workspace/didRenameFiles", files)
        ed.type(code, "row 3", "!")
        await ed.next_edit(code, "row 1")
        assert b"+row 3!" in model.sent
        assert CANARY.encode() not in model.sent


@pytest.mark.parametrize("umask", [0o000, 0o077])
@asynchronous
async def test_only_the_journal_is_written_privately_and_without_text(
    umask: int, tmp_path: Path
) -> None:
    async with (
        Model(rewriting((CANARY, f"{CANARY}_2"))) as model,
        editor(
            tmp_path,
            model.url,
            preexec_fn=lambda: os.umask(umask),
            env={"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        ) as ed,
    ):
        before = files_below(tmp_path)
        await ed.initialize()
        uri = ed.open("a.py", ROWS + f"{CANARY} = 1\n")
        edits = (await ed.next_edit(uri, CANARY))["edits"]
        ed.apply(uri, edits)
        await break_things(ed, model, uri)
        assert await ed.client.shut_down() == 0
    (journal,) = files_below(tmp_path) - before
    assert journal.parent == ed.data / "journal"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (ed.data, journal.parent, journal)] == [
        0o700,
        0o700,
        0o600,
    ]
    assert b"accepted" in journal.read_bytes()
    assert CANARY.encode() not in journal.read_bytes()
    log = ed.log.read_bytes()
    assert b"failed" in log
    assert CANARY.encode() not in log


async def break_things(ed: Editor, model: Model, uri: str) -> None:
    """Everything that makes the server log something."""
    params: Any = {"textDocument": {"uri": uri, "version": CANARY}, "contentChanges": [CANARY]}
    ed.client.notify("textDocument/didChange", params)
    ed.client.notify("textDocument/willSave", {"textDocument": CANARY})
    ed.client.notify("workspace/didRenameFiles", {"files": CANARY})
    ed.client.notify("workspace/didChangeWatchedFiles", {"changes": 7})
    ed.client.send_bytes(f"Content-Length: 20\r\n\r\n{{{CANARY}".encode().ljust(42))
    assert (await ed.next_edit(uri, "row 1"))["reason"].startswith("unsynced:")


@pytest.mark.parametrize("launch", ["zeta-lsp", "python -P -m"])
@asynchronous
async def test_modules_in_the_project_are_not_imported(launch: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    names = ["json", "httpx", "msgspec", "pygls", "zeta_lsp", "sitecustomize", "tree_sitter"]
    for name in (*names, "typing", "asyncio", "pydantic", "watchdog", "lsprotocol", "ssl"):
        (root / f"{name}.py").write_text(f"open({str(root / 'pwned')!r}, 'w')\n")
    argv = [str(PROGRAM)] if launch == "zeta-lsp" else [sys.executable, "-P", "-m", "zeta_lsp"]
    async with (
        Model(rewriting(NEAR)) as model,
        editor(tmp_path, model.url, argv=argv) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        ed.type(uri, "row 3", "!")
        assert (await ed.next_edit(uri, "row 1"))["edits"]
        assert await ed.command("zeta.explain")
    assert not (root / "pwned").exists()
