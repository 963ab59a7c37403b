"""`zeta-lsp gateway` as people start it: a process of its own."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.cli.command import environment, run
from tests.gateway.serving import COMPLETIONS, rendered

PATIENCE_S = 30


@contextlib.contextmanager
def started(home: Path, *options: str, **variables: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Where it listens, and the process."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "zeta_lsp", "gateway", "--port", "0", "--json", *options],
        env=environment(home, **variables),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield json.loads(process.stdout.readline())["url"], process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def test_it_says_where_it_is_answers_and_explains(tmp_path):
    with started(tmp_path) as (url, process), httpx.Client(base_url=url, trust_env=False) as client:
        reply = client.post(COMPLETIONS, json={"prompt": rendered()})
        assert reply.status_code == 200
        assert client.get("/v1/models").json()["data"][0]["id"] == "repeat"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (130, "", "")
    [entry] = json.loads(run(tmp_path, "explain", "--json").out)
    assert entry["id"] == reply.json()["id"]
    assert entry["path"] == "shop/basket.py"
    assert entry["format"] == "zeta2.1"


def test_a_port_in_use_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run(tmp_path, "gateway", "--port", str(port))
    assert outcome.status == 1
    assert outcome.err == (f"zeta-lsp: port {port} is in use: choose another one with --port\n")


def test_wrong_use_is_said_before_anything_listens(tmp_path):
    assert run(tmp_path, "gateway", "--port", "99999").status == 2
    outcome = run(tmp_path, "gateway", "--token-env", "NO_SUCH_TOKEN")
    assert outcome.status == 2
    assert "NO_SUCH_TOKEN" in outcome.err


def test_a_token_of_the_environment_is_asked_for(tmp_path):
    with (
        started(tmp_path, "--token-env", "DOOR", DOOR="s3cret") as (url, _),
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        assert client.get("/v1/models").status_code == 401
        client.headers["authorization"] = "Bearer s3cret"
        assert client.get("/v1/models").status_code == 200


def test_the_folder_it_is_started_in_has_no_say(tmp_path):
    (tmp_path / ".zeta.toml").write_text('[predict]\nmode = "off"\n')
    with started(tmp_path) as (url, process):
        httpx.post(f"{url}{COMPLETIONS}", json={"prompt": rendered()}, trust_env=False)
        process.send_signal(signal.SIGINT)  # what it explains is on disk when it has ended
        process.communicate(timeout=PATIENCE_S)
    [entry] = json.loads(run(tmp_path, "explain", "--json").out)
    assert entry["reason"] != "mode_off"


def test_a_terminal_gets_what_to_write_into_zeds_settings(tmp_path):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "zeta_lsp", "gateway", "--port", "0"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    said = b""
    while b"Ctrl-C" not in said:
        said += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 130
    os.close(ours)
    text = said.decode().replace("\r\n", "\n")
    url = text.partition("\n")[0]
    settings = json.loads(text[text.index("{") : text.rindex("}") + 1])["edit_predictions"]
    assert settings["provider"] == "open_ai_compatible_api"
    assert settings["open_ai_compatible_api"]["api_url"] == f"{url}/v1/completions"
    assert settings["open_ai_compatible_api"]["prompt_format"] == "zeta2_1"
