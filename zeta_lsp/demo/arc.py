"""The second half of the demonstration: consent, the settled text, and one exported record.

Everything is done as a person would do it, by the program's own commands in processes of their own,
on a data folder that the demonstration removes with everything else.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.syntax import Syntax
from rich.text import Text

QUIET_S = 10.0
"""The real settle time: as long as it takes when nobody demonstrates anything."""
LATE_S = 10.0
"""How much longer the settled row may take to reach the store."""
LOOK_S = 0.25
SHOWN_CHARS = 120
"""Longer texts of the record are shortened on the screen."""

Records = list[dict[str, Any]]


def consent(project: Path, env: Mapping[str, str]) -> str:
    """Consent to have the demonstration's project captured; the command that did it."""
    _zeta(env, "capture", "on", str(project), "--yes")
    return f"zeta-lsp capture on {project.name} --yes"


async def settle(console: Console, env: Mapping[str, str]) -> Records:
    """Wait until nobody touched the region for the real quiet time; what an export gives then."""
    started = time.monotonic()
    columns = TextColumn("  waiting until the region is quiet"), BarColumn(), TimeRemainingColumn()
    if not console.is_terminal:
        console.print(f"  waiting until the region was quiet for {QUIET_S:.0f} s")
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=QUIET_S)
        while (passed_s := time.monotonic() - started) < QUIET_S:
            bar.update(task, completed=passed_s)
            await asyncio.sleep(LOOK_S)
    while time.monotonic() - started < QUIET_S + LATE_S:
        records = _exported(env)
        if any(_ending(record) == "accepted" for record in records):
            return records
        await asyncio.sleep(LOOK_S)
    return []


def show(console: Console, records: Records) -> None:
    """Pretty-print the record of the accepted prediction, with long texts shortened."""
    record = next(one for one in records if _ending(one) == "accepted")
    text = json.dumps(_shortened(record), indent=2, ensure_ascii=False)
    note = f"  1 of {len(records)} records, long texts shortened; `expected_patches` is in full"
    console.print(Text(note, style="dim"))
    plain = Text(text) if not console.is_terminal else Syntax(text, "json", word_wrap=True)
    console.print(plain, soft_wrap=True)


def _exported(env: Mapping[str, str]) -> Records:
    """The records that an export gives now."""
    lines = _zeta(env, "capture", "export", "-o", "-").splitlines()
    return [json.loads(line) for line in lines]


def _ending(record: Mapping[str, Any]) -> str:
    return str(record.get("zeta", {}).get("outcome", {}).get("ending", ""))


def _shortened(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _shortened(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_shortened(one, name) for one in value]
    if isinstance(value, str) and len(value) > SHOWN_CHARS and name != "expected_patches":
        return f"{value[:SHOWN_CHARS]}… ({len(value)} characters)"
    return value


def _zeta(env: Mapping[str, str], *arguments: str) -> str:
    """Run one of our commands; what it printed."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-P", "-m", "zeta_lsp", *arguments],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return done.stdout
