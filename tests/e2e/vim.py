"""A real Vim, run through a list of steps by a small client of its own (`client.vim`)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).with_name("client.vim")
LIMIT_S = 60.0


def run_vim(
    program: str,
    server: list[str],
    file: Path,
    steps: list[list[Any]],
    env: dict[str, str],
) -> dict[str, Any]:
    """Run steps on a file of a project: what commands answered, and the lines at the end.

    Steps are ``["press", row, col, keys]``, ``["command", name]``, ``["save"]`` and
    ``["wait", ms]``.
    """
    answers = file.parent.parent / "vim-answers.json"
    more = {
        "ZETA_ROOT": str(file.parent),
        "ZETA_FILE": str(file),
        "ZETA_SERVER": json.dumps(server),
        "ZETA_STEPS": json.dumps(steps),
        "ZETA_ANSWERS": str(answers),
    }
    subprocess.run(
        [program, "-u", "NONE", "-i", "NONE", "-N", "-n", "-es", "-S", str(CLIENT)],
        env={**os.environ, **env, **more},
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=LIMIT_S,
    )
    said: dict[str, Any] = json.loads(answers.read_text())
    return said
