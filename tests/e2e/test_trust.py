"""What a hostile repository cannot do, and what a project and an editor may say."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, editor, files_below
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json

ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
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
async def test_a_projects_word_counts_as_soon_as_it_is_saved(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        settings = ed.root / ".zeta.toml"
        for text, reason in (('[predict]\nmode = "off"\n', "mode_off"), ("", "no_change")):
            settings.write_text(text)
            async with asyncio.timeout(10):
                while (await ed.next_edit(uri, "row 1"))["reason"] != reason:
                    pass  # the file is watched by the server itself


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
