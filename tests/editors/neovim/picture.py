"""Take the picture of the documentation: a real Neovim in a real terminal.

    python -m tests.editors.neovim.picture docs/images/neovim.png

Needs Xvfb, xterm and ImageMagick. Look at the picture before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from tests.editors.drivers.neovim import Editor
from tests.editors.stage import Stage

BASKET = """\
from dataclasses import dataclass


@dataclass
class Line:
    name: str
    price: float
    pieces: int = 1

    def total(self) -> float:
        return self.price * self.pieces

    def as_row(self) -> dict[str, str]:
        return {
            "name": self.name,
            "pieces": f"{self.pieces} pc",
            "total": f"{self.total():.2f}",
        }
"""
TYPED = '    unit: str = "pc"'
OLD = '            "pieces": f"{self.pieces} pc",\n'
NEW = '            "pieces": f"{self.pieces} {self.unit}",\n            "unit": self.unit,\n'
LOOKS = """
vim.o.lines, vim.o.columns = 23, 80
vim.cmd('syntax on | colorscheme habamax | set number termguicolors noshowmode noruler')
vim.api.nvim_set_hl(0, 'ZetaAdd', { fg = '#a8d8a8', bg = '#1e3a1e' })
vim.api.nvim_set_hl(0, 'ZetaDelete', { fg = '#d89a9a', bg = '#3a1e1e', strikethrough = true })
vim.api.nvim_set_hl(0, 'ZetaHint', { fg = '#87afd7', italic = true })
"""


def main(target: Path) -> None:
    """A field is added; the row that prints it is predicted further down."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Stage(Path(folder)) as stage,
    ):
        stage.delay_s = 0.06
        with Editor(stage) as editor:
            editor.lua(LOOKS)
            stage.file("basket.py", BASKET)
            editor.open(Path("basket.py"))
            stage.answers((OLD, NEW))
            editor.keys(f"8Go{TYPED.strip()}<Esc>")
            editor.wait(editor.hint, "the hint")
            editor.wait(lambda: " ms" in editor.statusline(), "the latency")
            editor.screenshot(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
