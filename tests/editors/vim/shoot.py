"""Take the picture of the documentation: a variable got another name, and its uses follow.

    python -m tests.editors.vim.shoot docs/images/vim.png

The model is the tests' own; what it says is what a good one would. Look at the picture before you
commit it.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.stage import Stage

LOOK = "set termguicolors background=dark number\nautocmd VimEnter * colorscheme habamax"
TEXT = '''\
from dataclasses import dataclass


@dataclass
class Line:
    """One line of a basket."""

    name: str
    price: float
    pieces: int = 1

    def total(self, discount: float = 0.0) -> float:
         = self.price * self.pieces
        if discount > 0:
            price = price * (1 - discount)
        return round(price, 2)

    def __str__(self) -> str:
        return f"{self.pieces} × {self.name}: {self.total():.2f}"
'''
ROW, COL = 12, 8
TYPED = "net"
RULES = (
    ("            price = price * (1 - discount)\n", "            net = net * (1 - discount)\n"),
    ("return round(price, 2)\n", "return round(net, 2)\n"),
)


def take(target: Path, editor: type[Editor] = Editor) -> None:
    """Type the new name, wait for what follows from it, take the picture."""
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder) / "stage") as stage:
        path = stage.file("basket.py", TEXT)
        with editor(stage, settings=LOOK) as vim:
            vim.open(path)
            vim.place(ROW, COL)
            vim.type(TYPED[:-1])
            stage.answers(*RULES)
            vim.type(TYPED[-1])
            until(vim.diff, "the diff")
            until(lambda: "ms" in vim.statusline(), "the status line")
            time.sleep(0.3)  # it is drawn a moment later
            vim.screenshot(target)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
