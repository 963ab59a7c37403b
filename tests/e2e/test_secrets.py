"""Which bytes never leave the editor, and what is written on disk."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import Editor, editor, files_below
from tests.e2e.model import Model, rewriting

ROWS = "".join(f"row {number}\n" for number in range(24))
CANARY = "xyzzy_canary"


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
