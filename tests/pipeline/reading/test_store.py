"""A real capture store, read as its export would be, with what cannot be exported counted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from capture.commands import main as capture
from capture.folder import capture_folder
from pipeline.example import given_of, is_private, people_of, time_of
from pipeline.jsonl import drops_path
from tests.capture.export.filled import consented, filled
from tests.capture.export.recording import CODE, stored
from tests.pipeline.test_running import read
from zeta_lsp.core.prompt import PromptInput


def command(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_store_gives_what_its_export_gives(tmp_path: Path) -> None:
    data_dir, out = tmp_path / "data", tmp_path / "out.jsonl"
    receipt = consented(tmp_path / "shop", data_dir)
    predictions = [stored(text=f"# file {n}\n{CODE}") for n in range(3)]
    filled(receipt, data_dir, [*predictions, replace(stored(), settled=())], "s1")
    done = command("read", capture_folder(data_dir), "-o", out, "--json")
    assert done.returncode == 0, done.stderr
    tally: dict[str, Any] = json.loads(done.stderr)
    assert (tally["read"], tally["written"], sum(tally["dropped"].values())) == (4, 3, 1)
    exported = tmp_path / "exported.jsonl"
    words = ["export", "-o", str(exported)]
    assert capture(words, data_dir, enabled=True, settings_globs=(), version="0") == 0
    assert read(out) == read(exported)
    (drop,) = read(drops_path(str(out)))
    assert drop["record"]["not_exported"] == drop["reason"]
    for row in read(out):
        assert isinstance(given_of(row), PromptInput)
        assert people_of(row) == (receipt.id, "s1")
        assert is_private(row)
        assert time_of(row) is not None


def test_what_was_captured_goes_through_to_a_split(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    receipt = consented(tmp_path / "shop", data_dir)
    predictions = [stored(text=CODE.replace("total", f"total_{n}")) for n in range(4)]
    filled(receipt, data_dir, predictions, "s1")
    step = capture_folder(data_dir)
    for stage, *options in (
        ("read",), ("filter", "--language", "py", "--secrets"), ("dedupe", "--max-duplicates", 2),
    ):  # fmt: skip
        out = tmp_path / f"{stage}.jsonl"
        done = command(stage, step, *options, "-o", out)
        assert done.returncode == 0, done.stderr
        step = out
    assert len(read(step)) == 2
    done = command("split", step, "--outputs", "train=50%", "test=rest", "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    counts = sorted(len(read(tmp_path / f"{name}.jsonl")) for name in ("train", "test"))
    assert counts == [0, 2]
