"""A run that ends early goes on as if it had not: after kills, half a checkpoint, Ctrl-C."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.training.needing import need_training

need_training()

from pipeline.training.folder import RunFolder, is_whole, mark_whole  # noqa: E402 - see above
from tests.pipeline.training.lessons import all_rows, file_of  # noqa: E402
from tests.pipeline.training.training import (  # noqa: E402
    arguments,
    card,
    killed,
    metrics,
    train,
    weights,
)

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that are not ours

STEPS = 30
SMALL = ("--set", "checkpoint_steps=10", "--set", "sft.batch_rows=2", "--set", "sft.device_rows=1")
IN_A_WRITE = """
whole = Watch.on_save
def on_save(self, args, state, *more, **named):
    (os.truncate(f"{args.output_dir}/checkpoint-20/model.safetensors", 99), die()) \\
        if state.global_step == 20 else whole(self, args, state, *more, **named)
Watch.on_save = on_save
"""
BETWEEN = """
log = Watch.on_log
def on_log(self, args, state, *more, **named):
    log(self, args, state, *more, **named)
    if state.global_step == 26: die()
Watch.on_log = on_log
"""


@pytest.fixture(scope="module")
def unbroken(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    source = file_of(folder, all_rows())
    assert train(source, folder / "run", base, *SMALL, steps=STEPS) == 0
    return folder


def same(folder: Path, unbroken: Path) -> None:
    assert weights(folder) == weights(unbroken / "run")
    assert metrics(folder) == metrics(unbroken / "run")
    assert card(folder)["steps"] == {"sft": STEPS}
    assert card(folder)["losses"] == card(unbroken / "run")["losses"]


def test_killed_twice_it_ends_with_the_same_bytes(
    unbroken: Path, base: Path, tmp_path: Path
) -> None:
    folder, source = tmp_path / "run", unbroken / "rows.jsonl"
    killed(IN_A_WRITE, arguments(source, folder, base, *SMALL, steps=STEPS))
    half = folder / "checkpoints" / "sft" / "checkpoint-20"
    assert half.exists()
    assert not is_whole(half)
    killed(BETWEEN, arguments(source, folder, base, *SMALL, steps=STEPS))
    assert is_whole(half)
    assert metrics(folder)[-1]["step"] == 26
    assert not (folder / "card.json").exists()
    assert train(source, folder, base, *SMALL, steps=STEPS) == 0
    assert card(folder)["resumed_at"] == {"sft": 20}
    same(folder, unbroken)


def test_ctrl_c_saves_and_says_what_to_do(
    unbroken: Path,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from pipeline.training.watching import Watch

    log = Watch.on_log

    def pressed(self: Any, args: Any, state: Any, *more: Any, **named: Any) -> None:
        log(self, args, state, *more, **named)
        if state.global_step == 7:
            os.kill(os.getpid(), signal.SIGINT)

    folder, source = tmp_path / "run", unbroken / "rows.jsonl"
    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setattr(Watch, "on_log", pressed)
        assert train(source, folder, base, *SMALL, steps=STEPS) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("zeta-pipeline train: stopped at step ")
    assert said[-1].endswith(f"of {STEPS} (sft); the same command goes on there")
    assert signal.getsignal(signal.SIGINT) is before
    assert train(source, folder, base, *SMALL, steps=STEPS) == 0
    assert card(folder)["resumed_at"]["sft"] in {7, 8}
    same(folder, unbroken)


def test_a_kill_between_two_passes_costs_no_pass(
    unbroken: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.training import trainers

    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    source, folder = unbroken / "rows.jsonl", tmp_path / "run"
    with monkeypatch.context() as patched:
        patched.setattr(trainers, "preferring", fail)
        assert train(source, folder, base, "--then", "dpo") == 1
    with monkeypatch.context() as patched:
        patched.setattr(trainers, "demonstrating", fail)
        assert train(source, folder, base, "--then", "dpo") == 0
    assert card(folder)["steps"] == {"sft": 4, "dpo": 5}


def test_a_checkpoint_is_whole_while_every_file_has_its_size(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for number in (9, 10):
        path = folder.checkpoints("sft") / f"checkpoint-{number}"
        path.mkdir(parents=True)
        (path / "weights").write_bytes(b"all of it")
        assert not is_whole(path)
        mark_whole(path)
        assert is_whole(path)
    assert folder.last_whole("sft") == path
    (path / "weights").write_bytes(b"half")
    last = folder.last_whole("sft")
    assert last is not None
    assert last.name == "checkpoint-9"
    assert not path.exists()


def test_what_a_person_put_into_the_folder_survives_a_restart(base: Path, tmp_path: Path) -> None:
    source, folder = file_of(tmp_path, all_rows()), tmp_path / "run"
    assert train(source, folder, base) == 0
    (folder / "notes.txt").write_text("mine")
    assert train(source, folder, base, "--restart", "--seed", 3) == 0
    assert (folder / "notes.txt").read_text() == "mine"
    assert card(folder)["seeds"]["training"] == 3
