"""Take the README's picture: a real Neovim in a real terminal, with the embedded model.

    python -m tests.e2e.picture docs/images/neovim.png

Needs Xvfb, xterm and ImageMagick's `import`. Look at the picture before you commit it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e import parts
from tests.e2e.neovim import Neovim

TEXT = """@dataclass
class Line:
    name: str
    price: float
    pieces: int = 1
    unit: str = "pc"

    def as_row(self):
        return {
            "name": self.name,
            "price": self.price,
            "pieces": self.pieces,
        }
"""


def main(target: Path) -> None:
    """Start everything, type, wait for the ghost text, take the picture."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "810x385x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as screen:
        assert screen.stdout is not None
        display = f":{screen.stdout.readline().strip()}"  # written once it can be used
        try:
            with tempfile.TemporaryDirectory() as folder:
                take(Path(folder), display, target)
        finally:
            screen.terminate()


def take(folder: Path, display: str, target: Path) -> None:
    """One picture of one screen."""
    project = folder / "project"
    project.mkdir()
    (project / "basket.py").write_text(TEXT)
    env = {**os.environ, "DISPLAY": display}
    server = {"ZETA_LSP_CONFIG": str(folder / "none"), "ZETA_LSP_DATA_DIR": str(folder / "data")}
    with Neovim(parts.neovim(), [sys.executable, "-m", "zeta_lsp"], project, server) as editor:
        editor.lua("vim.o.cmdheight = 1")
        editor.nvim.command("syntax on | colorscheme habamax | set number termguicolors")
        editor.nvim.command(f"hi ComplHint guifg=#909090 gui=italic | cd {project}")
        editor.edit(Path("basket.py"))
        socket = editor.nvim.funcs.serverstart(str(folder / "nvim"))
        # A second process draws: the unpacked Neovim cannot start a server of its own.
        screen = [parts.neovim(), "--server", socket, "--remote-ui"]
        terminal = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "13", "-geometry", "80x17", "-e"]
        xterm = subprocess.Popen([*terminal, *screen], env=env)
        editor.wait(lambda: editor.lua("return #vim.api.nvim_list_uis() > 1"))
        editor.keys('12Go"unit": ')
        editor.wait(editor.ghost)
        editor.lua("vim.wait(500)")  # the terminal draws a moment later
        subprocess.run(["import", "-window", "root", str(target)], env=env, check=True)
        xterm.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
