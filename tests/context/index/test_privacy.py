"""What is never opened, and what is never written down."""

import os
import shutil
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.context.index.living import after, living, where
from zeta_lsp.context.index.process import COMMAND

CANARY = "zq7canary"
BODY = f"""
class Shop:
    '''{CANARY}_docstring'''
    limit = "{CANARY}_constant"

    def total(self, rate="{CANARY}_default"):
        # {CANARY}_comment
        password = "{CANARY}_string"
        return f"{CANARY}_result" + password
"""
KEPT_OUT = {
    "ignored.py": "",
    "sub/also_ignored.py": "",
    "build/out.py": "",
    "secrets/key.py": "",
    ".env.py": "",
    "node_modules/x/index.js": "",
    "mine/private.py": "",
}


def project(root: Path) -> None:
    (root / ".git").mkdir(parents=True)
    for name in KEPT_OUT:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("class Hidden:\n    pass\n")
    (root / ".gitignore").write_text("ignored.py\nbuild/\n")
    (root / "sub" / ".gitignore").write_text("also_*\n")
    (root / "main.py").write_text("Hidden()\n")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@asynchronous
async def test_what_is_ignored_or_excluded_is_never_opened(tmp_path: Path) -> None:
    root, trace = tmp_path / "root", tmp_path / "trace"
    project(root)
    calls = "trace=open,openat,openat2,creat,execve,readlink,readlinkat"
    command = ("strace", "-f", "-s", "4096", "-e", calls, "-o", str(trace), *COMMAND)
    async with living(root, None, "mine/", command=command) as (index, _):
        for name in KEPT_OUT:
            index.changed(str(root / name))
            index.overlay(str(root / name), "class Hidden: ...\n")
        await after(index, lambda: index.changed(str(root / "main.py")))
        assert await where(index, root / "main.py", "Hidden") == []
        for name in KEPT_OUT:
            assert await where(index, root / name, "Hidden", 0, 6) == []
    opened = [line for line in trace.read_text().splitlines() if "open" in line.partition("(")[0]]
    assert any("main.py" in line for line in opened)
    assert [name for name in KEPT_OUT if any(f"{root}/{name}" in line for line in opened)] == []
    folders = ("build", "secrets", "node_modules", "mine")
    assert [name for name in folders if any(f"{root}/{name}/" in line for line in opened)] == []


@asynchronous
async def test_a_pipe_that_is_ignored_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("pipe.py\n")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "other.py")
    (tmp_path / "main.py").write_text("class A: ...\n")
    async with living(tmp_path) as (index, _):
        assert await where(index, tmp_path / "main.py", "A", 0, 6) == ["main.py:0"]


@asynchronous
async def test_nothing_on_disk_holds_code(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    (root / "shop.py").write_text(BODY)
    (root / "main.py").write_text("import shop\n\nshop.Shop()\n")
    async with living(root, cache) as (index, _):
        assert await where(index, root / "main.py", "Shop", 2, 5) == ["shop.py:1"]
        index.overlay(
            str(root / "main.py"), f"secret = '{CANARY}_buffer'\nimport shop\nshop.Shop()\n"
        )
        assert await where(index, root / "main.py", "Shop", 2, 5) == ["shop.py:1"]
        during = written(cache)
    assert CANARY.encode() not in during + written(cache)
    assert b"shop.py" in written(cache)


def written(folder: Path) -> bytes:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    return b"".join(file.read_bytes() for file in files)
