"""Take the pictures of Helix and Kate for the documentation, in the real editors.

    python -m tests.editors.pictures helix docs/images/helix.png

Needs what the editors' tests need, and for Helix xterm, and a grammar of Python for its colours.
Look at a picture before you commit it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.editors.driver import until
from tests.editors.stage import Stage

BASKET = """\
from dataclasses import dataclass
from decimal import Decimal


@dataclass
class Line:
    name: str
    price: Decimal
    pieces: int = 1


def total(lines: list[Line]) -> Decimal:
    return sum(map(price_of, lines))


def receipt(lines: list[Line]) -> str:
    rows = [f"{line.pieces} x {line.name}" for line in lines]
    return "\\n".join([*rows, f"total {total(lines)}"])
"""
SUM_BEFORE = "    return sum(map(price_of, lines))\n"
SUM_AFTER = "    return sum(map(price_of, lines), shipping)\n"
SIGNATURE = "def total(lines: list[Line]"
CALL_BEFORE, CALL_AFTER = "    checked(", "    checked(lines, limit=100)"


def main(editor: str, target: Path) -> None:
    """Start everything, type, wait for what is drawn, take the picture."""
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder)) as stage:
        {"helix": helix, "kate": kate}[editor](stage, target)
    shrink = ("convert", str(target), "-trim", "+repage", "-colors", "128", str(target))
    subprocess.run(shrink, check=True)


def helix(stage: Stage, target: Path) -> None:
    """A parameter was added: the line below says what it would become."""
    from tests.editors.drivers.helix import READABLE, Editor

    editor = Editor(stage)
    editor.terminal.size = (96, 21)
    config = stage.folder / "home" / "helix" / "config.toml"
    config.write_text('theme = "onedark"\n' + config.read_text().replace(READABLE, ""))
    with editor:
        path = stage.file("basket.py", BASKET)
        editor._command(f"open {path}")
        until(editor._is_attached, "the server")
        row = BASKET[: BASKET.index(SIGNATURE)].count("\n")
        stage.answers((SUM_BEFORE, SUM_AFTER))
        editor.terminal.write(f"{row + 1}Ggh{len(SIGNATURE)}l")
        editor.type(", shipping: Decimal")
        until(lambda: editor.terminal.has("→ return sum"), "the hint")
        editor.screenshot(target)


def kate(stage: Stage, target: Path) -> None:
    """The entry of the completion menu, with its diff."""
    from tests.editors.drivers.kate import Editor

    with Editor(stage) as editor:
        window = ("search", "--onlyvisible", "--class", "kate", "windowsize", "860", "500")
        editor.desktop.run("xdotool", *window)
        editor.open(stage.file("basket.py", BASKET.replace(SUM_BEFORE, f"    \n{SUM_BEFORE}")))
        stage.answers(("    checked\n", f"{CALL_AFTER}\n"))
        row = BASKET[: BASKET.index(SUM_BEFORE)].count("\n")
        editor.place(row, 4)
        editor.type("checked")
        until(editor.ghost, "the entry")
        until(lambda: [one for one in editor.drawn_texts() if one.startswith("@@")], "its diff")
        editor.screenshot(target)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
