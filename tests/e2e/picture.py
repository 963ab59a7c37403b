"""Take the README's picture: a real Neovim in a real terminal, with the embedded model.

    python -m tests.e2e.picture docs/images/neovim.png

Needs Xvfb, xterm and ImageMagick's `import`. Look at the picture before you commit it.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pynvim

from tests.e2e import parts
from tests.e2e.neovim import CONFIGURE, GHOST

DISPLAY = ":97"
TEXT = '''class Box:
    """A box with a lid."""

    def __init__(self, width, height, depth):
        self.width = width
        self.height = height

    def volume(self):
        return self.width * self.height * self.depth
'''


def main(target: Path) -> None:
    """Start everything, type, wait for the ghost text, take the picture."""
    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "860x420x24"])
    try:
        with tempfile.TemporaryDirectory() as folder:
            take(Path(folder), target)
    finally:
        screen.terminate()


def take(folder: Path, target: Path) -> None:
    """One picture of one screen."""
    project = folder / "project"
    project.mkdir()
    (project / "box.py").write_text(TEXT)
    socket = folder / "nvim"
    env = {**os.environ, "DISPLAY": DISPLAY, "XDG_STATE_HOME": str(folder)}
    editor = [parts.neovim(), "-u", "NONE", "-i", "NONE", "-n", "--listen", str(socket)]
    terminal = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "13", "-geometry", "84x20", "-e"]
    with subprocess.Popen([*terminal, *editor], env=env) as xterm:
        while not socket.exists():
            time.sleep(0.1)
        nvim = pynvim.attach("socket", path=str(socket))
        server = {"ZETA_LSP_CONFIG": str(folder / "none"), "ZETA_LSP_DATA_DIR": str(folder / "d")}
        nvim.exec_lua(CONFIGURE, [sys.executable, "-m", "zeta_lsp"], str(project), server)
        nvim.command("filetype on | syntax on | colorscheme habamax | set number termguicolors")
        nvim.command(f"edit {project / 'box.py'}")
        nvim.exec_lua("vim.wait(1500)")
        nvim.input("6Goself.de")
        while not nvim.exec_lua(GHOST):
            nvim.exec_lua("vim.wait(50)")
        nvim.exec_lua("vim.wait(300)")
        subprocess.run(["import", "-window", "root", str(target)], env=env, check=True)
        nvim.command("qall!", async_=True)
        xterm.wait(5)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
