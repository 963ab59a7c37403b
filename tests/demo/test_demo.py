"""`zeta-lsp demo`: the main job, offline and without configuration."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zeta_lsp.demo.script import STEPS


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The demonstration, played once through a pipe, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "COLUMNS": "100"}
    command = [sys.executable, "-m", "zeta_lsp", "demo"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_every_prediction_that_the_script_waits_for_comes(
    played: subprocess.CompletedProcess[str],
) -> None:
    assert played.returncode == 0, played.stdout + played.stderr
    expected = sum(step.accepts for step in STEPS)
    assert played.stdout.count("predicted by repeat in ") == expected
    assert f"{expected} predictions accepted" in played.stdout


def test_predictions_are_plain_diffs_with_model_and_latency(
    played: subprocess.CompletedProcess[str],
) -> None:
    assert "\x1b" not in played.stdout
    assert "- " + '            "unit":' in played.stdout
    assert "+ " + '            "unit": self.unit,' in played.stdout
    assert "+         return round(self.net() * (1 + tax_rate), 2)" in played.stdout


def test_the_accepted_prediction_settles_and_one_record_of_it_is_printed(
    played: subprocess.CompletedProcess[str],
) -> None:
    head, _, tail = played.stdout.partition("zeta-lsp capture export -o -")
    assert "quiet for 10 s" in head
    assert "it has settled" in head
    record = json.loads(tail[tail.index("\n{") : tail.rindex("}") + 1])
    assert record["zeta"]["outcome"]["ending"] == "accepted"
    assert record["zeta"]["settled"]["quiet"]["after_ms"] >= 10_000
    assert record["cursor_path"] == "project/shop/receipt.py"
    assert '+    basket.put("cheese", 5.60)' in record["expected_patches"][0]
    assert "zeta-demo-" not in tail, "a record does not say where a project lies"


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    env |= {"XDG_CONFIG_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    started = time.monotonic()
    command = [sys.executable, "-m", "zeta_lsp", "demo"]
    subprocess.run(command, env=env, capture_output=True, check=True)
    assert time.monotonic() - started < 30, "the promise is 30 seconds"
    assert list(tmp_path.iterdir()) == []
