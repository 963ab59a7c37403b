"""Where the real Emacs is: $ZETA_EMACS, what `tests/editors/install/emacs.sh` fetched, `$PATH`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PARTS = Path(__file__).resolve().parents[3] / ".cache" / "parts"
PACKAGES = PARTS / "emacs-root" / "usr" / "share" / "emacs" / "site-lisp" / "elpa-src"
OLDEST = (28, 1)
RECIPE = "run tests/editors/install/emacs.sh, or set ZETA_EMACS"


def emacs() -> str:
    """The path of an Emacs that the client supports."""
    fetched = PARTS / "emacs"
    found = os.environ.get("ZETA_EMACS") or (str(fetched) if fetched.exists() else None)
    found = found or shutil.which("emacs")
    if found is None:
        missing(f"Emacs is not here: {RECIPE}")
    if version(found) < OLDEST:
        missing(f"Emacs {OLDEST[0]} is needed, {found} is older: {RECIPE}")
    return found


def emacs_everywhere() -> list[str]:
    """All that are here: the one that is tested most, and the system's, which may be older."""
    system = shutil.which("emacs")
    found = [emacs(), *([system] if system else [])]
    return list(dict.fromkeys(one for one in found if version(one) >= OLDEST))


def version(program: str) -> tuple[int, ...]:
    """What an Emacs says that it is."""
    return tuple(map(int, version_text(program).split(".")))


def version_text(program: str) -> str:
    """The same, as it says it."""
    argv = [program, "--version"]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    match = re.search(r"GNU Emacs ([\d.]+)", said)
    assert match, f"{program} --version printed {said[:80]!r}"
    return match[1]


def package(name: str) -> Path:
    """The folder of an Emacs package that was fetched with the editor."""
    found = sorted(PACKAGES.glob(f"{name}-[0-9]*"))
    if not found:
        missing(f"the Emacs package {name} is not here: {RECIPE}")
    return found[-1]


def missing(message: str) -> None:
    """Skip the test, or fail where editors are required."""
    if os.environ.get("ZETA_REQUIRE_EDITORS") == "1":
        pytest.fail(message)
    pytest.skip(message)
