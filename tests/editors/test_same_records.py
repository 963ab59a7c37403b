"""The same session in each editor leaves the same records, but for ids, times and the editor.

A person writes, asks, accepts; goes elsewhere, asks, and turns down what they get; asks again and
types what is proposed. Predictions come when asked for, so that how fast an editor is makes no
difference. The first editor that runs is what the others are compared with.
"""

import importlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.editors.driver import Driver, until
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line
from tests.editors.stage import Stage
from tests.editors.test_matrix import EDITORS

WAIT_S = 20.0
VARIES = re.compile(
    r"(_ms|^time|_s|^id|^session|^request_id|^consent.*|^editor.*|^latency|^device_id|^name)$"
)
"""Times, ids, and which editor it was."""
OTHER_ROW, OTHER_RULE = 8, ("    return -net - tax", "    return -net - tax - fee")

pytestmark = [pytest.mark.editor, pytest.mark.matrix]


def played(driver: Driver, stage: Stage) -> None:
    """The session: one prediction accepted, one turned down, one typed through."""
    path = stage.file("session.py", BEFORE)
    driver.open(path)
    stage.answers(RULE)
    driver.place(GHOST_ROW, GHOST_COL)
    driver.type(TYPED)
    asked_for(driver, REST)
    driver.accept()
    until(lambda: line(driver) == f"    {TYPED}{REST}", "the accepted text")
    stage.answers(OTHER_RULE)
    driver.place(OTHER_ROW, len(OTHER_RULE[0]))
    asked_for(driver, " - fee")
    driver.reject()
    until(lambda: not driver.ghost(), "nothing shown any more")
    stage.answers(("    total = gross(net, rate)\n", "    total = gross(net, rate) + 1\n"))
    driver.place(12, len("    total = gross(net, rate)"))
    asked_for(driver, " + 1")
    driver.type(" + 1")
    until(lambda: line(driver, 12).endswith(" + 1"), "the typed text")
    driver.save()


def asked_for(driver: Driver, ghost: str) -> None:
    """Ask, and wait for what is drawn."""
    driver.ask()
    until(lambda: driver.ghost() == ghost, f"{ghost!r} at the cursor")


def settled(stage: Stage, count: int) -> list[dict[str, Any]]:
    """The export, once it has so many records."""
    deadline = time.monotonic() + WAIT_S
    while True:
        records = [json.loads(row) for row in stage.run("capture", "export").splitlines()]
        if len(records) >= count:
            return records
        assert time.monotonic() < deadline, f"{len(records)} records of {count}"
        time.sleep(0.2)  # the horizon is counted in another process


def timeless(value: Any) -> Any:
    """A record without what is different each time."""
    if isinstance(value, dict):
        return {key: timeless(one) for key, one in value.items() if not VARIES.search(key)}
    return [timeless(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def records() -> dict[str, list[str]]:
    """What each editor left, as lines, so that a difference is one line."""
    return {}


@pytest.mark.parametrize("name", EDITORS)
def test_a_session_leaves_the_same_records_in_each_editor(
    name: str, records: dict[str, list[str]], tmp_path: Path
) -> None:
    editor = importlib.import_module(f"tests.editors.drivers.{name}").Editor
    for needed in ("ghost text", "type through"):
        if needed in editor.CANNOT:
            pytest.skip(editor.CANNOT[needed])
    # What is found in other files depends on how long nobody typed.
    with Stage(tmp_path, mode="manual", definitions=False) as stage:
        stage.run("capture", "on", str(stage.project), "--yes")
        with editor(stage) as driver:
            played(driver, stage)
            found = settled(stage, 3)
    endings = sorted(one["zeta"]["outcome"]["ending"] for one in found)
    assert endings == ["accepted", "rejected", "typed_through"]
    lines = json.dumps([timeless(one) for one in found], indent=1).splitlines()
    records[name] = lines
    first = next(iter(records))
    assert lines == records[first], f"{name} is compared with {first}"
