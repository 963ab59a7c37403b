"""Where VS Code is, and folders of extensions for it: ours as it is packaged, and those of tests.

The extension under test is built from its source and packed into a `.vsix` once a run, and
installed by code-server's own command line.
"""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PARTS = ROOT / ".cache" / "parts"
SOURCE = ROOT / "editors" / "vscode"
EYE = ROOT / "tests" / "editors" / "vscode" / "eye"
INSTALL = "run tests/editors/install/vscode.sh"
NO_GALLERY = {"serviceUrl": "http://127.0.0.1:9/gallery", "itemUrl": "http://127.0.0.1:9/item"}
"""Without it, code-server looks extensions up in its own gallery."""


def program() -> Path:
    """What starts code-server."""
    found = Path(os.environ.get("ZETA_VSCODE") or PARTS / "vscode")
    if not found.exists():
        _missing(f"code-server is not here: {INSTALL}")
    return found


def chromium() -> str:
    """The browser that shows it."""
    found = os.environ.get("ZETA_CHROMIUM") or shutil.which("chromium")
    if found is None:
        _missing(f"Chromium is not here: {INSTALL}")
    return str(found)


@cache
def version() -> str:
    """Which VS Code is in the code-server."""
    with tempfile.TemporaryDirectory() as folder:
        return run(*command(Path(folder)), "--version").split()[-1]


@cache
def packaged() -> Path:
    """The extension as it would be published, built from its source."""
    if not (SOURCE / "node_modules" / ".package-lock.json").exists():
        run("npm", "ci", "--no-audit", "--no-fund", cwd=SOURCE)
    run("npm", "run", "package", cwd=SOURCE)
    return SOURCE / "zeta-lsp.vsix"


@cache
def extensions(*more: Path) -> Path:
    """A folder with our extension, the eye, and those in more folders, which need no build."""
    folder = Path(tempfile.mkdtemp(prefix="zeta-vscode-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    packed = [packaged(), *(_packed(one, folder) for one in (EYE, *more))]
    installed = folder / "extensions"
    argv = [f"--install-extension={one}" for one in packed]
    run(*command(folder, installed), *argv, more=environment(folder))
    return installed


def command(folder: Path, installed: Path | None = None) -> list[str]:
    """code-server's command line with all that it keeps in a folder."""
    config = folder / "code-server.yaml"
    config.write_text("auth: none\n")
    named = {
        "config": config,
        "user-data-dir": folder / "user",
        "extensions-dir": installed or folder / "extensions",
    }
    return [str(program()), *(f"--{name}={path}" for name, path in named.items())]


def environment(folder: Path) -> dict[str, str]:
    """What its environment must hold: nothing of the user's folders, no gallery."""
    own = {f"XDG_{name}_HOME": str(folder / "xdg") for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    return {**own, "EXTENSIONS_GALLERY": json.dumps(NO_GALLERY)}


def run(*argv: str, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> str:
    """Run a program to its end, with more in its environment; what it printed."""
    env = {**os.environ, **(more or {})}
    done = subprocess.run(
        argv, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout


def _missing(message: str) -> None:
    if os.environ.get("ZETA_REQUIRE_EDITORS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def _packed(source: Path, folder: Path) -> Path:
    """A plain extension as a `.vsix`, which is a zip file with all of it under `extension`."""
    staging = folder / f"{source.name}-vsix"
    shutil.copytree(source, staging / "extension")
    archive = shutil.make_archive(str(folder / source.name), "zip", staging)
    return Path(archive).rename(folder / f"{source.name}.vsix")
