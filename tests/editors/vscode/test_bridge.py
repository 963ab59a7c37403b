"""The bridge in a real VS Code: another extension's language servers answer our server's questions.

jedi knows what the index cannot, the type of what a function returns without saying so; ruff knows
what is wrong. Both are run by an extension of their own with vscode-languageclient.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vscode import Editor
from tests.editors.stage import Stage
from tests.editors.vscode import building

NEIGHBOUR = Path(__file__).with_name("neighbour")
STOCK = "class Basket:\n    def put(self, name):\n        self.name = name\n"
SHOP = "import stock\n\n\ndef make():\n    return stock.Basket()\n"
MAIN = "import os\nimport shop\n\nfilled = shop.make()\nprint(filled)\n"
DEFINITION = "<filename>project/stock.py\nclass Basket:\n"

pytestmark = pytest.mark.editor


def beside(name: str) -> str:
    """A program of the environment that the tests run in."""
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        pytest.skip(f"{name} is not here: pip install {name}")
    return str(program)


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other extension, bundled with its library."""
    building.program()
    building.packaged()  # which sees to it that the library is here
    folder = tmp_path_factory.mktemp("bundled") / "neighbour"
    shutil.copytree(NEIGHBOUR, folder)
    esbuild = building.SOURCE / "node_modules" / ".bin" / "esbuild"
    options = ("--bundle", "--platform=node", "--external:vscode", "--allow-overwrite")
    main = folder / "extension.js"
    libraries = {"NODE_PATH": str(building.SOURCE / "node_modules")}
    building.run(str(esbuild), str(main), f"--outfile={main}", *options, more=libraries)
    return folder


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, prompt_format="zeta-v0420") as stage:
        for name, text in (("stock.py", STOCK), ("shop.py", SHOP), ("main.py", MAIN)):
            stage.file(name, text)
        yield stage


def test_vscode_answers_from_the_language_servers_of_other_extensions(
    stage: Stage, neighbour: Path
) -> None:
    servers = {"jedi": [beside("jedi-language-server")], "ruff": [beside("ruff"), "server"]}
    with Editor(stage, (neighbour,), machine={"neighbour.servers": servers}) as editor:
        editor.open(stage.project / "main.py")
        until(
            lambda: "`os` imported but unused" in str(editor.eye("diagnostics")), "what ruff says"
        )
        until(lambda: editor.eye("definitions", line=3, character=16), "what jedi says")

        def sees(wanted: str) -> bool:
            """Type, rest, and ask until a prompt shows something: nobody waits for context."""
            editor.place(4, len("print(filled"))
            editor.type(".")
            editor.press("Backspace")
            editor.page.wait_for_timeout(400)
            editor.ask()
            editor.page.wait_for_timeout(200)
            return any(wanted in prompt for prompt in stage.prompts)

        until(lambda: sees(DEFINITION), "the definition in a prompt")
        until(lambda: sees("`os` imported but unused"), "the diagnostic in a prompt")
    explained = json.loads(stage.run("explain", "--json"))
    seen = {one for entry in explained for one in entry.get("context", ())}
    assert any(one.startswith("bridge project/stock.py:1-") for one in seen)
