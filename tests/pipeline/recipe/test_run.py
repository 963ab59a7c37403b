"""Recipes are carried out by the program itself, over real files and a real server."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.recipe.work import held
from tests.pipeline.recipe.examples import examples, short_examples, teacher, written
from tests.pipeline.teacher.conftest import vendor as vendor  # noqa: PLC0414 - a fixture
from tests.pipeline.teacher.vendor_server import VendorServer

PATIENCE_S = 60
COMMAND = (sys.executable, "-P", "-m", "pipeline", "run")
EXAMPLES = 12


class Ran:
    """A run that is over."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.err = status, err
        self.events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def steps(self, event: str) -> list[str]:
        return [one["step"] for one in self.events if one["event"] == event]


def run(folder: Path, *words: object) -> Ran:
    done = subprocess.run(
        [*COMMAND, "--json", *map(str, words)],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def started(folder: Path, *words: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, "--json", *map(str, words)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def lock(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "recipe.lock.json").read_text()))


def outputs(folder: Path) -> dict[str, Any]:
    return {step["name"]: step["outputs"] for step in lock(folder)["steps"]}


@pytest.fixture
def distil(vendor: VendorServer, tmp_path: Path) -> Callable[..., Ran]:
    """The recipe that ships, with a teacher on this machine."""
    vendor.answer = teacher
    written(tmp_path / "examples.jsonl", examples(EXAMPLES))
    return lambda *words: run(tmp_path, *distilling(vendor), *words)


def distilling(vendor: VendorServer) -> list[str]:
    settings = {"examples": "examples.jsonl", "teacher": "chat:t", "url": f"{vendor.url}/v1"}
    return ["distil", *(f"--set={name}={value}" for name, value in settings.items())]


def test_distilling_twice_makes_the_same_bytes(
    distil: Callable[..., Ran], vendor: VendorServer, tmp_path: Path
) -> None:
    assert (first := distil("--into", "one")).status == 0, first.err
    asked = vendor.asked()
    assert asked >= 3 * EXAMPLES
    second = distil("--into", "two", "--cache", "one/answers.sqlite")
    assert (second.status, vendor.asked()) == (0, asked), second.err
    assert (tmp_path / "one/recipe.lock.json").read_bytes() == (
        tmp_path / "two/recipe.lock.json"
    ).read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "two/train.jsonl").read_text().splitlines()]
    assert 6 <= len(rows) < EXAMPLES
    silent = [row["name"] for row in rows if "timeout" not in row["prompt"]["expected_output"]]
    assert silent in ([], ["shop1"]), "the teacher stood by its silence there"
    assert "<html" in (tmp_path / "two/report.html").read_text()
    told = [step["name"] for step in lock(tmp_path / "one")["steps"] if step["instructions"]]
    assert told == ["predict", "qa", "repair"], "what models are told counts"
    third = distil("--into", "one")
    assert (third.status, third.steps("begun")) == (0, [])
    assert len(third.steps("fresh")) == 10


def test_what_another_option_touches_is_done_again_and_nothing_else(
    distil: Callable[..., Ran], vendor: VendorServer, tmp_path: Path
) -> None:
    assert distil("--into", "one", "--until", "qa").status == 0
    assert [*outputs(tmp_path / "one")][-1] == "qa"
    whole = distil("--into", "one")
    assert whole.steps("fresh") == ["read", "filter", "dedupe", "predict", "qa"]
    asked = vendor.asked()
    other = distil("--into", "one", "--set", "max_tokens=5999")
    assert other.steps("begun") == ["format"], "the same rows come out, so the report is fresh"
    (tmp_path / "one/data/valid.jsonl").write_text("")
    assert distil("--into", "one", "--set", "max_tokens=5999").steps("begun") == ["split"]
    forced = distil("--into", "one", "--set", "max_tokens=5999", "--force", "distill")
    assert forced.steps("begun") == ["distill"]
    assert vendor.asked() == asked
    written(tmp_path / "examples.jsonl", examples(EXAMPLES + 1))
    planned = run(tmp_path, *distilling(vendor), "--into", "one", "--plan")
    assert planned.status == 0
    assert distil("--into", "one").steps("begun")[:3] == ["read", "filter", "dedupe"]
    assert asked < vendor.asked() <= asked + 8, "only the new example is asked about"


def test_a_run_that_is_killed_goes_on_and_makes_the_same_bytes(
    distil: Callable[..., Ran], vendor: VendorServer, tmp_path: Path
) -> None:
    assert distil("--into", "whole").status == 0
    vendor.reached.clear()
    vendor.held = threading.Event()
    asking = started(tmp_path, *distilling(vendor), "--into", "killed")
    assert vendor.reached.wait(PATIENCE_S)
    os.killpg(asking.pid, signal.SIGKILL)
    asking.communicate(timeout=PATIENCE_S)
    vendor.held.set()
    vendor.held = None
    assert [*outputs(tmp_path / "killed")] == ["read", "filter", "dedupe"]
    splitting = started(tmp_path, *distilling(vendor), "--into", "killed")
    assert splitting.stdout is not None
    for line in splitting.stdout:
        if json.loads(line)["step"] == "split":
            break
    os.killpg(splitting.pid, signal.SIGKILL)
    splitting.communicate(timeout=PATIENCE_S)
    last = distil("--into", "killed")
    assert (last.status, last.steps("fresh")[-1]) == (0, "distill")
    assert outputs(tmp_path / "killed") == outputs(tmp_path / "whole")
    left = {path.name for path in (tmp_path / "killed").rglob(".*")}
    assert left == {".running", ".digests.json"}


def test_ctrl_c_ends_the_step_and_the_run(
    distil: Callable[..., Ran], vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.reached.clear()
    vendor.held = threading.Event()
    process = started(tmp_path, *distilling(vendor), "--into", "one")
    assert vendor.reached.wait(PATIENCE_S)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    vendor.held.set()
    vendor.held = None
    assert process.returncode == 1
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert distil("--into", "one").status == 0


def test_a_lock_is_carried_out_elsewhere_and_compared(
    distil: Callable[..., Ran], tmp_path: Path
) -> None:
    assert distil("--into", "one").status == 0
    again = ["--locked", "one/recipe.lock.json", "--cache", "one/answers.sqlite"]
    moved = tmp_path / "moved.jsonl"
    (tmp_path / "examples.jsonl").rename(moved)
    same = run(tmp_path, *again, "--into", "two", "--set", "examples=moved.jsonl")
    assert same.status == 0, same.err
    moved.write_text(moved.read_text().replace("shop3", "shop4"))
    other = run(tmp_path, *again, "--into", "three", "--set", "examples=moved.jsonl")
    assert other.status == 1
    assert "step read: it read another moved.jsonl" in other.err


def test_batches_end_a_run_and_the_same_command_goes_on(
    vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.answer = teacher
    written(tmp_path / "examples.jsonl", examples(4))
    words = [*distilling(vendor), "--set", "batch=true", "--set", "teacher=openai:gpt-5.2"]
    reached = []
    for _ in range(4):
        ran = run(tmp_path, *words)
        reached.append((ran.status, ran.steps("done")[-1]))
    assert reached == [(1, "dedupe"), (1, "predict"), (1, "qa"), (0, "report")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[step]]\nstage = 'reed'\n", "step 1 (reed): there is no stage reed"),
        ("[[step]]\nstage = 'run'\n", "there is no stage run"),
        ("[[step]]\nstage = 'filter'\nlanguag = 'py'\n", "filter has no option --languag"),
        ("[[step]]\nstage = 'filter'\nmin_rows = 'few'\n", "invalid int value: 'few'"),
        ("[[step]]\nstage = 'format'\n", "the following arguments are required: --format"),
        ("[[step]]\nstage = 'read'\ninputs = ['{what}']\n", "there is no setting what"),
        ("[[step]]\nstage = 'read'\n[[step]]\nstage = 'read'\n", "step 2 (read): there is a step"),
        ("[[step]]\nstage = 'read'\ninputs = ['a.jsonl|b.jsonl']\n", "writes any of a.jsonl"),
        ("[settings.what]\nhelp = 'that'\n[[step]]\nstage = 'read'\n", "needs --set what="),
        ("[settings.what]\nhepl = 'that'\n[[step]]\nstage = 'read'\n", "settings.what.hepl"),
        ("step = 1\n", "step"),
        ("about = ", "Invalid value"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_before_anything_runs(
    tmp_path: Path, text: str, fault: str
) -> None:
    (tmp_path / "mine.toml").write_text(text)
    ran = run(tmp_path, "mine.toml")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert fault in ran.err
    assert not (tmp_path / "mine.run").exists()


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with held(tmp_path / "evaluate.run"):
        ran = run(tmp_path, "evaluate")
    assert ran.status == 2
    assert f"process {os.getpid()}" in ran.err


def test_a_step_that_fails_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        "[[step]]\nstage = 'read'\ninputs = ['gone.jsonl']\noutput = 'read.jsonl'\n"
    )
    ran = run(tmp_path, "mine.toml")
    assert ran.status == 1
    assert "gone.jsonl" in ran.err
    assert "step read failed" in ran.err
    assert lock(tmp_path / "mine.run")["steps"] == []


def test_evaluating_twice_makes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert run(tmp_path, "evaluate", "--into", folder).status == 0
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert outputs(tmp_path / "one")["eval"]["{work}/judged.jsonl"]["rows"] >= 60


def test_every_recipe_that_ships_is_listed_and_can_be_copied(tmp_path: Path) -> None:
    listed = subprocess.run([*COMMAND, "--list"], capture_output=True, check=True, text=True)
    names = [line.split()[0] for line in listed.stdout.splitlines()]
    assert names == ["distil", "evaluate", "settled"]
    for name in names:
        shown = subprocess.run([*COMMAND, name, "--show"], capture_output=True, check=True)
        assert b"[[step]]" in shown.stdout
        assert list(tmp_path.iterdir()) == []


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    planned = run(tmp_path, "evaluate", "--plan")
    assert planned.events == [
        {"step": "eval", "fresh": False, "why": "not done yet"},
        {"step": "report", "fresh": False, "why": "not done yet"},
    ]
    assert list(tmp_path.iterdir()) == []


def test_settling_needs_a_student(tmp_path: Path) -> None:
    written(tmp_path / "examples.jsonl", short_examples(3))
    ran = run(tmp_path, "settled", "--set", "examples=examples.jsonl")
    assert ran.status == 2
    assert "needs --set student=" in ran.err
