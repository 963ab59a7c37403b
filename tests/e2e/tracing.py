"""Every system call by which a program could make, change or remove a file, as strace saw them."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

CALLS = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
MORE = "unlink,unlinkat,truncate,mknod,mknodat"
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITING = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC")


def traced(argv: Sequence[str], log: Path) -> list[str]:
    """A command line that runs another and writes its calls to a file."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed: `make parts` installs it")
    return [strace, "-f", "-qq", "-s", "4096", "-e", f"trace={CALLS}{MORE}", "-o", str(log), *argv]


def written(log: Path) -> list[str]:
    """The paths that the traced program made, changed or removed, or tried to."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        opens = re.search(r"\b(?:open|openat)\(", line)
        if opens and not any(flag in line for flag in _WRITING):
            continue
        found += _PATH.findall(line)
    return found
