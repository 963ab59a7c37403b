"""Draws the picture of VS Code in the docs: ``python -m tests.editors.vscode.picture PNG``.

It is a real one: the scripted model answers, everything else is what a person would see.
"""

import sys
import tempfile
from pathlib import Path

from tests.editors.driver import until
from tests.editors.drivers.vscode import Editor
from tests.editors.stage import Stage

CODE = '''\
"""What a customer owes."""

from decimal import Decimal

RATES = {"DE": Decimal("0.19"), "FR": Decimal("0.20")}


def total(net: Decimal, rate: Decimal) -> Decimal:
    return net * (1 + rate)


def receipt(net: Decimal) -> str:
    return f"you owe {total(net, RATES['DE'])}"
'''
TYPED = ", country: str"
ROW = CODE.splitlines().index("def receipt(net: Decimal) -> str:")
COL = len("def receipt(net: Decimal")
RULES = (
    (
        "    return f\"you owe {total(net, RATES['DE'])}\"\n",
        '    rate = RATES[country]\n    return f"you owe {total(net, rate)}"\n',
    ),
)
SETTINGS = {
    "breadcrumbs.enabled": False,
    "editor.fontSize": 15,
    "editor.minimap.enabled": False,
    "window.commandCenter": False,
    "workbench.activityBar.location": "hidden",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.layoutControl.enabled": False,
    "workbench.sideBar.location": "right",
}
SIZE = {"width": 860, "height": 390}


def draw(path: Path) -> None:
    """Write the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder) / "shop") as stage,
        Editor(stage, settings=SETTINGS) as editor,
    ):
        editor.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
        invoice = stage.file("invoice.py", CODE)
        editor.open(invoice)
        editor.press("Control+b")  # away with the list of files
        editor.open(invoice)
        stage.answers(*RULES)
        editor.place(ROW, COL)
        editor.type(TYPED)
        until(editor.diff, "the prediction")
        editor.page.wait_for_timeout(1500)  # what fades in has done so
        editor.screenshot(path)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
