"""What setup writes works in the editors themselves: they start, and zeta-lsp is attached."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.setup.machine import Machine

PARTS = Path(__file__).resolve().parents[2] / ".cache" / "parts"
SERVER = Path(sys.executable).with_name("zeta-lsp")
LIMIT_S = 60.0
pytestmark = pytest.mark.editor


FETCHED = ("nvim", "vim")
"""What `make parts` has fetched; the others may be there or not (`make editors`)."""


class RealMachine(Machine):
    """A home with one real editor, and the real server on `$PATH`."""

    def __init__(self, folder: Path, name: str, part: str = "") -> None:
        super().__init__(folder)
        found = PARTS / (part or name)
        program = str(found) if found.exists() else shutil.which(name)
        if program is None or not SERVER.exists():
            message = f"{name} is not here: run `make parts`"
            if os.environ.get("ZETA_REQUIRE_EDITORS") == "1" and name in FETCHED:
                pytest.fail(message)
            pytest.skip(message)
        (self.bin / name).symlink_to(program)
        (self.bin / "zeta-lsp").unlink()
        (self.bin / "zeta-lsp").symlink_to(SERVER)
        system = os.environ.get("PATH", "")
        self.variables |= {
            "PATH": f"{self.bin}:{system}",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "ZETA_LSP_DATA_DIR": str(folder / "server-data"),
            "XDG_RUNTIME_DIR": str(folder),
        }
        self.file = self.write("project/shop.py", "def total(price):\n    return price\n")

    def run(self, *argv: str) -> str:
        """Run an editor without a terminal; what it printed."""
        done = subprocess.run(
            argv,
            env=self.variables,
            cwd=self.file.parent,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.stdout + done.stderr


def test_neovim_attaches_the_server(tmp_path: Path) -> None:
    machine = RealMachine(tmp_path, "nvim")
    status, said = machine.setup("neovim", "--yes")
    assert status == 0, said
    look = (
        "lua vim.wait(30000, function() local c = vim.lsp.get_clients({ name = 'zeta', bufnr = 0 })"
        "[1]; return c and c.initialized end, 20); local c = vim.lsp.get_clients({ bufnr = 0 })[1];"
        " io.write('attached: ', c and c.name or 'none', ' ', vim.fn.exists(':Zeta'))"
    )
    printed = machine.run("nvim", "--headless", str(machine.file), "-c", look, "-c", "qall!")
    assert "attached: zeta 2" in printed
    machine.setup("neovim", "--undo", "--yes")
    assert not any(name.startswith(".config/nvim") for name in machine.files())


def test_vim_starts_the_server(tmp_path: Path) -> None:
    machine = RealMachine(tmp_path, "vim")
    status, said = machine.setup("vim", "--yes")
    assert status == 0, said
    answer = tmp_path / "answer"
    script = tmp_path / "look.vim"
    script.write_text(
        "vim9script\n"
        "import autoload 'zeta/server.vim'\n"
        "var rounds = 0\n"
        "while server.state != 'running' && rounds < 1500\n"
        "  sleep 20m\n"
        "  rounds += 1\n"
        "endwhile\n"
        f"writefile([server.state], '{answer}')\n"
        "qall!\n"
    )
    machine.run(
        "vim",
        "--not-a-term",
        "-T",
        "dumb",
        "-i",
        "NONE",
        "-n",
        str(machine.file),
        "-S",
        str(script),
    )
    assert answer.read_text().strip() == "running"


def test_emacs_starts_the_server(tmp_path: Path) -> None:
    machine = RealMachine(tmp_path, "emacs")
    machine.write(".emacs.d/init.el", "(setq mine t)")
    status, said = machine.setup("emacs", "--yes")
    assert status == 0, said
    look = (
        f'(progn (find-file "{machine.file}")'
        " (let ((rounds 0)) (while (and (not (zeta-wire-ready-p)) (< rounds 1500))"
        " (setq rounds (1+ rounds)) (accept-process-output nil 0.02)))"
        ' (princ (format "mine %s mode %s running %s" mine zeta-mode (zeta-wire-ready-p))))'
    )
    printed = machine.run(
        "emacs", "--batch", "-l", str(machine.home / ".emacs.d" / "init.el"), "--eval", look
    )
    assert "mine t mode t running t" in printed


def test_helix_starts_the_server(tmp_path: Path) -> None:
    machine = RealMachine(tmp_path, "hx")
    status, said = machine.setup("helix", "--yes")
    assert status == 0, said
    health = re.sub(r"\x1b\[[0-9;]*m", "", machine.run("hx", "--health", "python"))
    assert re.search(r"✓ zeta: ", health), health
    log = tmp_path / "helix.log"
    argv = ["hx", "-vv", "--log", str(log), str(machine.file)]
    with _Terminal(argv, machine) as terminal:
        terminal.until(lambda: log.exists() and '"zetaNextEdit":true' in log.read_text())


def test_code_server_installs_the_extension_and_removes_it(tmp_path: Path) -> None:
    machine = RealMachine(tmp_path, "code-server", "vscode")
    if not (machine.clients / "vscode" / "zeta-lsp.vsix").exists():
        pytest.skip("editors/vscode/zeta-lsp.vsix is not built: tests/editors/install/vscode.sh")
    machine.execute = lambda argv: print(machine.run(*argv))
    status, said = machine.setup("code-server", "--yes")
    assert status == 0, said
    assert "zeta-lsp.zeta-lsp" in machine.run("code-server", "--list-extensions")
    assert "set up already" in machine.setup("code-server", "--yes")[1]
    machine.setup("code-server", "--undo", "--yes")
    assert "zeta-lsp.zeta-lsp" not in machine.run("code-server", "--list-extensions")


class _Terminal:
    """A program in a terminal that nobody reads."""

    def __init__(self, argv: list[str], machine: RealMachine) -> None:
        self._own, theirs = pty.openpty()
        self._process = subprocess.Popen(
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=machine.variables,
            cwd=machine.file.parent,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> "_Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._own)

    def until(self, condition: object) -> None:
        assert callable(condition)
        deadline = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < deadline, "the server did not start"
            if select.select([self._own], [], [], 0.05)[0]:
                os.read(self._own, 65536)
