"""Take the picture of the documentation: a parameter got another name, and its use follows.

    python -m tests.editors.emacs.shoot docs/images/emacs.png

The model is the tests' own; what it says is what a good one would. Look at the picture before you
commit it.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.editors.driver import until
from tests.editors.drivers.emacs import Editor
from tests.editors.stage import Stage

LOOK = """
(menu-bar-mode -1)
(load-theme 'modus-vivendi t)
(setq modus-themes-mode-line nil)
(global-hl-line-mode -1)
"""
TEXT = '''\
from dataclasses import dataclass


@dataclass
class Line:
    """One line of a basket."""

    name: str
    price: float
    pieces: int = 1

    def total(self, : float = 0.0) -> float:
        return self.price * self.pieces * (1 - rebate)

    def as_row(self) -> dict[str, object]:
        return {"name": self.name, "pieces": self.pieces, "total": self.total()}
'''
OLD, NEW = "(1 - rebate)", "(1 - discount)"
MODEL = '(if (string-search "zeta-2.1" (format-mode-line mode-line-format)) t :false)'


def take(target: Path) -> None:
    """Type the new name, wait for what follows from it, take the picture."""
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder) / "stage") as stage:
        path = stage.file("basket.py", TEXT)
        with Editor(stage, settings=LOOK) as emacs:
            emacs.open(path)
            emacs.place(11, len("    def total(self, "))
            stage.answers((OLD, NEW))
            emacs.type("discount")
            until(emacs.diff, "the diff")
            until(lambda: emacs.emacs.eval(MODEL), "the model's name")
            time.sleep(0.3)  # it is drawn a moment later
            emacs.screenshot(target)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
