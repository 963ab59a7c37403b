"""The conversation: what is said, asked, written, and what is not."""

import json
import os
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import environment, run
from tests.cli.endpoints import good_answers, vllm
from tests.setup.machine import Machine
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import UsageError, ZetaError
from zeta_lsp.models.probe import Served

PLUGIN = ".config/nvim/plugin/zeta-lsp.lua"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.program("nvim", "NVIM v0.12.4\nBuild type: Release")
    machine.program("vim", "VIM - Vi IMproved 8.2 (2019 Dec 12)")
    return machine


def test_without_arguments_the_editors_are_listed_and_nothing_is_written(machine: Machine) -> None:
    status, said = machine.setup()
    assert status == 0
    assert "Neovim 0.12.4" in said
    assert str(machine.bin / "nvim") in said
    assert "Vim 9.1 or newer is needed" in said
    assert "zeta-lsp setup NAME" in said
    assert machine.files() == {}


def test_without_a_person_the_change_is_shown_and_not_written(machine: Machine) -> None:
    status, said = machine.setup("neovim")
    assert status == 0
    assert f"+++ {machine.home / PLUGIN}" in said
    assert "Nothing was written" in said
    assert "--yes" in said
    assert machine.files() == {}
    assert machine.receipts.all() == []


def test_a_dry_run_asks_nothing_and_writes_nothing(machine: Machine) -> None:
    status, said = machine.setup("neovim", "--dry-run", answers=[])
    assert status == 0
    assert "Write this?" not in said
    assert machine.files() == {}


def test_a_person_is_asked_and_a_no_writes_nothing(machine: Machine) -> None:
    status, said = machine.setup("neovim", answers=["n", ""])
    assert status == 0
    assert "Write this? [y/N]" in said
    assert machine.files() == {}


def test_silence_is_a_no(machine: Machine) -> None:
    machine.setup("neovim", answers=[])
    assert machine.files() == {}


def test_a_person_chooses_from_the_list_and_agrees(machine: Machine) -> None:
    status, said = machine.setup(answers=["7", "1", "y", ""])
    assert status == 0
    assert "Please name some of the list" in said
    assert PLUGIN in machine.files()
    assert "zeta-lsp setup neovim --undo" in said


def test_what_doctor_finds_decides_the_status(machine: Machine) -> None:
    machine.healthy = False
    status, said = machine.setup("neovim", "--yes")
    assert status == 1
    assert "zeta-lsp doctor" in said
    assert PLUGIN in machine.files()


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    machine.setup("neovim", "--yes")
    before, receipts = machine.files(), machine.receipts.all()
    status, said = machine.setup("neovim", "--yes")
    assert status == 0
    assert "set up already" in said
    assert machine.files() == before
    assert machine.receipts.all() == receipts


def test_undo_restores_what_was_there(machine: Machine) -> None:
    machine.write(PLUGIN, "-- mine\r\n")
    before = machine.files()
    machine.setup("neovim", "--yes")
    assert machine.files() != before
    status, said = machine.setup("neovim", "--undo", "--yes")
    assert status == 0
    assert "+-- mine" in said
    assert machine.files() == before


def test_undo_asks_too(machine: Machine) -> None:
    machine.setup("neovim", "--yes")
    status, said = machine.setup("--undo", answers=["n"])
    assert status == 0
    assert "Undo this? [y/N]" in said
    assert PLUGIN in machine.files()
    machine.setup("--undo", answers=["y"])
    assert machine.files() == {}


def test_undoing_what_was_never_done_is_no_fault(machine: Machine) -> None:
    assert machine.setup("neovim", "--undo", "--yes") == (
        0,
        "Nothing is on record for neovim.\n",
    )


def test_an_editor_that_is_too_old_is_not_set_up(machine: Machine) -> None:
    status, said = machine.setup("vim", "--yes")
    assert status == 1
    assert "Vim 9.1 or newer is needed" in said
    assert machine.files() == {}


def test_all_sets_up_what_can_be_and_goes_over_the_rest(machine: Machine) -> None:
    status, _ = machine.setup("all", "--yes")
    assert status == 0
    assert list(machine.files()) == [PLUGIN]


def test_an_editor_that_is_not_there_is_said_so(machine: Machine) -> None:
    with pytest.raises(ZetaError, match="helix was not found"):
        machine.setup("helix")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neovin"], "did you mean neovim"),
        (["notepad"], "there are: neovim, vim"),
        (["--yes"], "which editors"),
        (["neovim", "--yes", "--dry-run"], "leave one out"),
        (["--embedded", "--url", "http://x"], "another endpoint"),
        (["--model", "m"], "say where the endpoint is"),
        (["--undo", "--embedded"], "takes no endpoint"),
        (["--url", "x"], "no address"),
        (["--url", "https://x/v1", "--api-key-env", "sk-1234"], "never written down"),
    ],
)
def test_wrong_use_is_explained(machine: Machine, arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        machine.setup(*arguments)


def test_a_file_that_cannot_be_read_is_left_and_the_snippet_printed(machine: Machine) -> None:
    machine.program("emacs", "GNU Emacs 30.1")
    machine.write(".emacs", "(setq a")
    status, said = machine.setup("emacs", "--yes")
    assert status == 1
    assert "do not match" in said
    assert "(require 'zeta)" in said
    assert machine.files()[".emacs"] == b"(setq a"


def test_a_link_is_written_through_and_said_so(machine: Machine) -> None:
    machine.program("emacs", "GNU Emacs 30.1")
    real = machine.write("dotfiles/emacs", ";; mine\n")
    (machine.home / ".emacs").symlink_to(real)
    _, said = machine.setup("emacs", "--yes")
    assert f"leads to {real}: written there" in said
    assert real.read_text().startswith(";; mine\n\n;; >>> zeta-lsp >>>\n")
    machine.setup("emacs", "--undo", "--yes")
    assert real.read_text() == ";; mine\n"
    assert (machine.home / ".emacs").is_symlink()


def test_json_tells_programs_and_writes_only_with_yes(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.setup("neovim", "--json")[0] == 0
    (editor,) = json.loads(capsys.readouterr().out)["editors"]
    assert editor["name"] == "neovim"
    assert editor["version"] == "0.12.4"
    assert editor["state"] == "ready"
    assert editor["written"] is False
    assert editor["changes"][0]["path"] == str(machine.home / PLUGIN)
    assert "+++" in editor["changes"][0]["diff"]
    assert machine.files() == {}
    machine.setup("neovim", "--json", "--yes")
    assert json.loads(capsys.readouterr().out)["editors"][0]["written"] is True
    machine.setup("neovim", "--json")
    assert json.loads(capsys.readouterr().out)["editors"][0]["state"] == "set up"
    machine.setup("neovim", "--json", "--undo", "--yes")
    assert json.loads(capsys.readouterr().out)["undone"][0]["by_hand"] == []
    assert machine.files() == {}


def config_of(machine: Machine) -> dict[str, Any]:
    return tomllib.loads(machine.config_file.read_text())["endpoint"]


def serving(*models: str, server: str = "vllm") -> Any:
    return lambda _: Served(models, server)


def asked(machine: Machine, answers: Sequence[str]) -> str:
    return machine.setup("endpoint", answers=answers)[1]


def test_an_endpoint_on_the_command_line_is_written_for_its_owner_alone(machine: Machine) -> None:
    status, _ = machine.setup("--url", "http://127.0.0.1:8000/v1/completions", "--yes")
    assert status == 0
    assert config_of(machine) == {"url": "http://127.0.0.1:8000/v1/completions"}
    assert stat.S_IMODE(machine.config_file.stat().st_mode) == 0o600
    machine.setup("endpoint", "--undo", "--yes")
    assert not machine.config_file.exists()


def test_the_only_model_of_a_server_is_taken(machine: Machine) -> None:
    machine.served = serving("zed-industries/zeta-2")
    asked(machine, ["2", "", "y"])
    assert config_of(machine)["model"] == "zed-industries/zeta-2"


def test_one_of_several_models_is_chosen_known_formats_first(machine: Machine) -> None:
    machine.served = serving("gpt-x", "zeta-2.1")
    said = asked(machine, ["2", "http://127.0.0.1:9/v1/completions", "1", "y"])
    assert "1  zeta-2.1 (format zeta2.1)" in said
    assert config_of(machine)["model"] == "zeta-2.1"


def test_a_format_is_asked_for_where_none_is_known(machine: Machine) -> None:
    machine.served = serving("my-own")
    asked(machine, ["2", "", "zeta9", "zeta2", "y"])
    assert config_of(machine)["format"] == "zeta2"


def test_ollama_behind_the_common_protocol_is_spoken_to_in_its_own(machine: Machine) -> None:
    machine.served = serving("zeta-2", server="ollama")
    asked(machine, ["2", "http://127.0.0.1:11434/v1/completions", "y"])
    assert config_of(machine) == {
        "kind": "ollama",
        "url": "http://127.0.0.1:11434",
        "model": "zeta-2",
    }


def test_a_key_is_never_taken_only_the_name_of_its_variable(machine: Machine) -> None:
    seen: list[Endpoint] = []

    def served(endpoint: Endpoint) -> Served:
        seen.append(endpoint)
        return Served(("zeta-2",), "")

    machine.served = served
    said = asked(machine, ["2", "https://m.example/v1/completions", "sk-12-34", "MY_KEY", "y"])
    assert "never written down" in said
    assert "sk-12-34" not in machine.config_file.read_text()
    assert config_of(machine)["api_key_env"] == "MY_KEY"
    assert seen[0].api_key_env == "MY_KEY"


def test_code_goes_unencrypted_to_another_machine_only_if_that_is_wanted(machine: Machine) -> None:
    machine.served = serving("zeta-2")
    said = asked(
        machine,
        ["2", "http://10.0.0.9:8000/v1", "n", "http://10.0.0.9:8000/v1", "y", "", "y"],
    )
    assert said.count("everybody on the way can read your code") == 2
    assert config_of(machine)["allow_plain_http"] is True


def test_a_server_that_does_not_answer_is_said_so_before_anything_is_written(
    machine: Machine,
) -> None:
    said = asked(machine, ["2", "", "", "n"])
    assert "nothing listens there" in said
    assert not machine.config_file.exists()


def test_enter_leaves_the_endpoint_as_it_is(machine: Machine) -> None:
    asked(machine, [""])
    assert not machine.config_file.exists()


def test_who_has_an_endpoint_is_not_asked_again(machine: Machine) -> None:
    machine.write(".config/zeta-lsp/config.toml", '[endpoint]\nurl = "http://127.0.0.1:1/v1"\n')
    _, said = machine.setup("neovim", answers=["y"])
    assert "Where do predictions come from?" not in said


def test_the_whole_program_sets_up_and_examines_a_real_endpoint(tmp_path: Path) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name in ("nvim", "zeta-lsp"):
        (bin_ / name).write_text("#!/bin/sh\necho NVIM v0.12.4\n")
        (bin_ / name).chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    path = f"{bin_}:{os.environ['PATH']}"
    with vllm("zed-industries/zeta-2", good_answers("zeta2")) as endpoint:
        done = run(home, "setup", "neovim", "--yes", "--url", endpoint.url, PATH=path)
    assert done.status == 0, done.err
    assert "ready: zed-industries/zeta-2 as zeta2" in done.out
    assert (home / PLUGIN).exists()
    assert tomllib.loads((home / "config.toml").read_text())["endpoint"] == {"url": endpoint.url}
    undone = run(home, "setup", "--undo", "--yes", PATH=path)
    assert undone.status == 0, undone.err
    assert not (home / PLUGIN).exists()
    assert not (home / "config.toml").exists()


def test_wrong_use_ends_with_2_and_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "setup", "notepad")
    assert done.status == 2
    assert done.err.count("\n") == 1


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    import pty

    machine = Machine(tmp_path)
    machine.program("nvim", "NVIM v0.12.4")
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "zeta_lsp", "setup", "neovim"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(machine.home, PATH=f"{machine.bin}:{os.environ['PATH']}"),
        cwd=machine.home,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    while b"Write this?" not in screen:
        screen += os.read(own, 4096)
    assert b"\x1b[" in screen  # colours, on a terminal
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    os.close(own)
    assert machine.files() == {}
