"""A real Kate on a virtual display: keys come from xdotool, what is drawn is read as a screen
reader reads it.

The configuration is that of `editors/kate`, with the test's own server in it. Kate shows a
prediction as an entry of its completion menu while somebody types, underlines the line that would
change, and lists both under Code Action (Alt+Return), which is also where they are taken, turned
down and asked for: it maps no keys to a server's commands.
"""

import json
import os
import re
import shlex
import shutil
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self

import pytest

from tests.editors.driver import Diff, until
from tests.editors.drivers.desktop import NEEDED, Desktop
from tests.editors.stage import Stage

SNIPPET = Path(__file__).resolve().parents[3] / "editors" / "kate" / "settings.json"
STARTS_S = 10.0
ATTEMPTS = 6
ENTRY = " [predicted edit]"
PREDICTED = re.compile(r"(?:\[quickfix\] )?Predicted edit, line (\d+): (?:delete )?`(.*)`")
KATERC = """
[General]
Show welcome view for new window=false
Startup Session=new
[Kate Plugins]
lspclientplugin=true
[KTextEditor View]
Auto Brackets=false
[lspclient]
AllowedServerCommandLines={command}
"""
NO_KEYS = "Kate maps no keys to the commands of a language server"


class Editor:
    """See `tests.editors.driver.Driver`."""

    NAME = "Kate"
    VERSION = ""
    CANNOT: ClassVar[Mapping[str, str]] = {
        "jump to another file": "Kate 22.12 goes to no place that a server names",
        "accept word": NO_KEYS,
        "accept line": NO_KEYS,
        "type through": "Kate tells of several keys at once, which looks like accepting",
        "reason shown": "Kate starts no server for files without a language; in others its panel "
        "Output says it",
        "capture toggle": "Kate shows no questions of a server: run `zeta-lsp capture on`",
    }

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        for each in ("kate", *NEEDED):
            if shutil.which(each) is None:
                message = f"{each} is not here: run tests/editors/install/kate.sh"
                required = os.environ.get("ZETA_REQUIRE_EDITORS") == "1"
                (pytest.fail if required else pytest.skip)(message)
        home = stage.folder / "home"
        configure(home, stage)
        (stage.folder / "run").mkdir(mode=0o700)
        self._environment = {
            **stage.environment,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(stage.folder / "run"),
            "LC_ALL": "C.UTF-8",
        }
        self._path = stage.project / "none.py"
        self._is_crlf = False
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for attempt in range(ATTEMPTS):
            with ExitStack() as stack:
                self.desktop = stack.enter_context(Desktop(self._environment))
                self.desktop.start("kate", "--startanon")
                until(lambda: self.desktop.has_window("kate"), "Kate's window", 60)
                if attempt == ATTEMPTS - 1 or self._shows_itself():
                    self._stack = stack.pop_all()
                    break
        return self

    def _shows_itself(self) -> bool:
        try:
            return bool(until(self.desktop.looked, timeout_s=STARTS_S))
        except AssertionError:
            return False

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, path: Path) -> None:
        self.desktop.run("kate", str(path))
        self._path, self._is_crlf = path, b"\r\n" in path.read_bytes()
        until(lambda: self._texts(path.name), f"{path.name} on the screen")
        until(self._is_attached, "the server's actions")

    def place(self, row: int, col: int) -> None:
        self.desktop.press("ctrl+Home", *["Down"] * row, *["Right"] * col)
        until(lambda: self.cursor() == (row, col), f"the cursor at {row}, {col}")

    def type(self, text: str) -> None:
        self.desktop.write(text)

    def ask(self) -> None:
        self._choose("Predict the next edit")

    def text(self) -> str:
        drawn = self._drawn()
        return drawn.replace("\n", "\r\n") if self._is_crlf else drawn

    def cursor(self) -> tuple[int, int]:
        names = [item["name"] for item in self.desktop.shown() if item["role"] == "push button"]
        place = next(name for name in names if re.fullmatch(r"\d+:\d+", name))
        row, units = (int(number) - 1 for number in place.split(":"))
        line = self._drawn().split("\n")[row]
        return row, len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))

    def path(self) -> Path:
        return self._path if self._texts(self._path.name) else self.stage.project

    def ghost(self) -> str:
        entries = [item["name"] for item in self.desktop.shown() if item["role"] == "table cell"]
        entry = next((name for name in entries if name.endswith(ENTRY)), None)
        if entry is None:
            return ""
        row, col = self.cursor()
        typed = re.search(r"\w*$", self._drawn().split("\n")[row][:col])
        assert typed is not None
        return entry.removesuffix(ENTRY).removeprefix(typed[0])

    def diff(self) -> Diff | None:
        titles = self._actions()
        found = next((match for one in titles if (match := PREDICTED.fullmatch(one))), None)
        if found is None:
            return None
        return Diff(self._drawn().split("\n")[int(found[1]) - 1], found[2])

    def hint(self) -> str:
        return ""

    def accept(self) -> None:
        if self.ghost():
            self.desktop.press("Return")
        else:
            self._choose("Predicted edit, line")

    def accept_word(self) -> None:
        raise AssertionError(NO_KEYS)

    def accept_line(self) -> None:
        raise AssertionError(NO_KEYS)

    def jump(self) -> None:
        raise AssertionError(self.CANNOT["jump to another file"])

    def reject(self) -> None:
        self._choose("Reject predicted edit")

    def undo(self) -> None:
        self.desktop.press("ctrl+z")

    def save(self) -> None:
        self.desktop.press("ctrl+s")
        title = f"{self._path.name} *"
        until(
            lambda: title not in [item["name"] for item in self.desktop.shown()], "it to be written"
        )

    def capture(self, on: bool) -> None:
        raise AssertionError(self.CANNOT["capture toggle"])

    def recording(self) -> bool:
        return ", recorded" in self.reason()

    def reason(self) -> str:
        before = self._said()
        self._choose("Why is nothing predicted?")
        return until(lambda: self._said().removeprefix(before).strip(), "what the server says")

    def screenshot(self, path: Path) -> None:
        self.desktop.picture(path)

    def drawn_texts(self) -> list[str]:
        """The texts beside the document: documentation, messages."""
        return [item["text"] for item in self.desktop.shown() if item["text"]]

    def _said(self) -> str:
        """The messages in the panel Output, which is opened for that."""
        said = [item["text"] for item in self.desktop.shown() if "LSP Client Log" in item["text"]]
        if said:
            return said[-1]
        panel = next(item for item in self.desktop.shown() if item["name"] == "Output")
        self.desktop.click(panel)
        time.sleep(0.3)  # it unfolds
        return self._said()

    def _actions(self) -> list[str]:
        """Open Code Action, read its entries, close it."""
        titles = self._opened()
        self.desktop.press("Escape")
        until(lambda: not self._menu(), "the menu to close")
        return titles

    def _choose(self, title: str) -> None:
        titles = self._opened()
        row = next(row for row, one in enumerate(titles) if title in one)
        self.desktop.press(*["Down"] * (row + 1), "Return")

    def _opened(self) -> list[str]:
        if any(item["role"] == "table cell" for item in self.desktop.shown()):
            self.desktop.press("Escape")  # the completion menu
        until(self._opens, "the menu of code actions")

        def answered() -> list[str]:
            titles = self._menu()
            return [] if "Loading..." in titles else titles

        return until(answered, "the code actions")

    def _opens(self) -> bool:
        """Press the key; a window that is not ready yet does not hear it."""
        self.desktop.press("alt+Return")
        try:
            return bool(until(self._menu, timeout_s=2))
        except AssertionError:
            return False

    def _menu(self) -> list[str]:
        """The entries of the open menu."""
        names = [item["name"] for item in self.desktop.shown() if item["role"] == "menu item"]
        bar = {"File", "Edit", "Selection", "View", "Go", "Projects", "LSP Client"}
        bar |= {"Sessions", "Tools", "Settings", "Help"}
        return [name for name in names if name and name not in bar]

    def _is_attached(self) -> bool:
        attached = "No Actions" not in self._actions()
        if not attached:
            time.sleep(0.3)  # the server starts
        return attached

    def _drawn(self) -> str:
        texts = until(lambda: self._texts(self._path.name), "the text")
        return texts[-1]

    def _texts(self, name: str) -> list[str]:
        is_text = lambda item: item["role"] == "text" and item["name"] == name  # noqa: E731
        return [item["text"] for item in self.desktop.shown() if is_text(item)]


def configure(home: Path, stage: Stage) -> None:
    """Write Kate's configuration: what the documentation shows, the test's server in it."""
    settings = json.loads(SNIPPET.read_text())
    (server,) = settings["servers"].values()
    assert server["command"][0] == "zeta-lsp"
    server["command"][:1] = stage.command
    server["rootIndicationFileNames"].append("LICENSE")  # the project has no repository
    (home / "config" / "kate" / "lspclient").mkdir(parents=True)
    path = home / "config" / "kate" / "lspclient" / "settings.json"
    path.write_text(json.dumps(settings))
    # As if the person had allowed it: Kate asks before it starts a server for the first time.
    allowed = shlex.join(server["command"])
    (home / "config" / "katerc").write_text(KATERC.format(command=allowed))
