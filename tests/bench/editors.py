"""How long from a key until its ghost text is on the screen, in each real editor.

    python -m tests.bench.editors                      # every editor that is here
    python -m tests.bench.editors neovim vim --json

The model answers after 0 and after 100 ms. A round types a key that a rule waits for, and looks at
the screen until the text is drawn; the difference between the two delays says whether an editor
adds anything to waiting.
"""

import argparse
import importlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.editors.driver import Driver
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED
from tests.editors.stage import Stage
from tests.editors.test_matrix import EDITORS

ROUNDS = 20
DELAYS_S = (0.0, 0.1)
LOOK_S = 0.001


def round_ms(driver: Driver, stage: Stage, number: int) -> float:
    """Milliseconds from the last key to its ghost text."""
    path = stage.file(f"bench_{number}.py", BEFORE)
    driver.open(path)
    driver.place(GHOST_ROW, GHOST_COL)
    driver.type(TYPED[:-1])
    time.sleep(0.5)  # a person pauses here: nothing of earlier keys is on its way
    started_s = time.perf_counter()
    driver.type(TYPED[-1])
    while driver.ghost() != REST:
        assert time.perf_counter() - started_s < 20, "no ghost text"
        time.sleep(LOOK_S)
    return (time.perf_counter() - started_s) * 1e3


def look_ms(driver: Driver) -> float:
    """What one look at the screen costs: a figure is at most so much too large."""
    started_s = time.perf_counter()
    for _ in range(10):
        driver.ghost()
    return (time.perf_counter() - started_s) * 1e2


def measured(name: str) -> Iterator[dict[str, Any]]:
    """One editor with both delays."""
    editor = importlib.import_module(f"tests.editors.drivers.{name}").Editor
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage = stack.enter_context(Stage(folder / "stage"))
        driver = stack.enter_context(editor(stage))
        stage.answers(RULE)
        round_ms(driver, stage, 0)  # everything is loaded once
        for index, delay_s in enumerate(DELAYS_S):
            stage.delay_s = delay_s
            first = 1 + index * ROUNDS
            times = [round_ms(driver, stage, first + n) for n in range(ROUNDS)]
            yield {
                "editor": driver.NAME,
                "version": driver.VERSION,
                "model_ms": round(delay_s * 1e3),
                "p50_ms": round(statistics.median(times), 1),
                "p90_ms": round(sorted(times)[int(0.9 * ROUNDS)], 1),
                "look_ms": round(look_ms(driver), 1),
            }


def main() -> int:
    """Print a line for each editor and delay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("editors", nargs="*", default=EDITORS, help="of " + ", ".join(EDITORS))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    for name in options.editors:
        try:
            for result in measured(name):
                print(json.dumps(result) if options.json else _line(result), flush=True)
        except pytest.skip.Exception as missing:
            print(f"{name}: {missing}", file=sys.stderr)
    return 0


def _line(result: dict[str, Any]) -> str:
    return "{editor:<24} model {model_ms:>3} ms: {p50_ms:>6} ms (p90 {p90_ms})".format(**result)


if __name__ == "__main__":
    sys.exit(main())
