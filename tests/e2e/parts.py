"""Where the real programs are that end-to-end tests drive.

In this order: an environment variable, what `make parts` fetched, `$PATH`. A missing one skips the
test with its name and the way to get it; with `ZETA_REQUIRE_EDITORS=1` it fails instead.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PARTS = Path(__file__).resolve().parents[2] / ".cache" / "parts"


def neovim() -> str:
    """The path of a Neovim ≥ 0.12, which has inline completion built in."""
    found = _find("nvim", "ZETA_NVIM")
    if found is None:
        _missing("Neovim 0.12 is not here: run `make parts`, or set ZETA_NVIM")
    version = _version(found)
    if version < (0, 12):
        _missing(f"Neovim 0.12 is needed, {found} is {version[0]}.{version[1]}: run `make parts`")
    return found


def vim() -> str:
    """The path of a Vim ≥ 9.1, whose channels speak the language server protocol."""
    found = _find("vim", "ZETA_VIM")
    if found is None:
        _missing("Vim 9.1 is not here: run `make parts`, or set ZETA_VIM")
    version = _version(found)
    if version < (9, 1):
        _missing(f"Vim 9.1 is needed, {found} is {version[0]}.{version[1]}: run `make parts`")
    return found


def llama_server() -> str:
    """The path of llama.cpp's server."""
    found = _find("llama-server", "ZETA_LLAMA_SERVER")
    if found is None:
        _missing("llama-server is not here: run `make parts`, or set ZETA_LLAMA_SERVER")
    return found


def _find(name: str, variable: str) -> str | None:
    chosen = os.environ.get(variable)
    if chosen:
        return chosen
    fetched = PARTS / name
    return str(fetched) if fetched.exists() else shutil.which(name)


def _version(program: str) -> tuple[int, int]:
    line = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(?:v|IMproved )(\d+)\.(\d+)", line)
    assert match, f"{program} --version printed {line[:80]!r}"
    return int(match[1]), int(match[2])


def _missing(message: str) -> None:
    required = {"ZETA_REQUIRE_EDITORS", "ZETA_REQUIRE_INFERENCE"} & {
        name for name, value in os.environ.items() if value == "1"
    }
    if required:
        pytest.fail(message)
    pytest.skip(message)
