"""VS Code, as code-server in a headless Chromium, with the extension as it is packaged.

What is drawn is read from the page, keys are pressed there. A second extension, the eye, tells what
no page shows (the text with its line ends, the cursor) and puts the cursor somewhere.
"""

import json
import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self
from urllib.parse import quote

from playwright.sync_api import Locator, Page, sync_playwright

from tests.editors.driver import Diff, until
from tests.editors.stage import Stage
from tests.editors.vscode import building
from tests.editors.vscode.looking import DRAWN, GHOST

SETTINGS = {
    "chat.disableAIFeatures": True,
    "editor.autoClosingBrackets": "never",  # the scenes look at what they typed and no more
    # VS Code gives ghost text up for its menu where 750 ms pass; on a busy machine they do.
    "editor.quickSuggestions": {"other": "off"},
    "editor.wordBasedSuggestions": "off",
    "extensions.autoCheckUpdates": False,
    "files.hotExit": "off",
    "telemetry.telemetryLevel": "off",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}
OPTIONS = (
    "--auth=none",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
)
HINT = "⇥ next edit: "
WIDTH, HEIGHT = 1000, 640


class Editor:
    """One code-server with one page. `more` are extensions to install beside ours.

    `settings` are a person's, `machine` those that VS Code takes from the machine alone.
    """

    NAME = "VS Code 1.139"
    CANNOT: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        stage: Stage,
        more: Sequence[Path] = (),
        settings: Mapping[str, Any] | None = None,
        machine: Mapping[str, Any] | None = None,
    ) -> None:
        self.VERSION = building.version()
        self._stage = stage
        self._more = tuple(more)
        server = {
            "zeta.server.command": stage.command,
            "zeta.server.environment": stage.environment,
        }
        self._settings = {
            "User": {**SETTINGS, **(settings or {})},
            "Machine": {**server, **(machine or {})},
        }
        self._stack = ExitStack()
        self._folder = stage.folder / "vscode"
        self.page: Page

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            port = self._serve(stack)
            browser = stack.enter_context(sync_playwright()).chromium.launch(
                executable_path=building.chromium(), args=["--no-sandbox"]
            )
            stack.callback(browser.close)
            size = {"width": WIDTH, "height": HEIGHT}
            self.page = browser.new_page(viewport=size)  # type: ignore[arg-type]
            self.page.goto(f"http://127.0.0.1:{port}/?folder={quote(str(self._stage.project))}")
            until((self._folder / "eye").exists, "the extensions to run", 90)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, path: Path) -> None:
        self.eye("open", path=str(path))
        until(lambda: "spin" not in self._status().inner_html(), "the server")
        self.page.locator(".editor-instance .monaco-editor.focused").wait_for()

    def place(self, row: int, col: int) -> None:
        line = self.text().splitlines()[row]
        self.eye("place", line=row, character=len(line[:col].encode("utf-16-le")) // 2)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        until(lambda: self._before_cursor().endswith(text.strip()), f"{text!r} to be typed")
        self.eye("settle")  # what is drawn for a key in the middle is gone

    def press(self, keys: str) -> None:
        """Press a key, or several together."""
        self.page.keyboard.press(keys)
        self.eye("settle")

    def ask(self) -> None:
        self.press("Alt+Backslash")

    def text(self) -> str:
        return str(self.eye("state")["text"])

    def cursor(self) -> tuple[int, int]:
        state = self.eye("state")
        row, units = state["line"], state["character"]
        line = state["text"].splitlines()[row].encode("utf-16-le")
        return row, len(line[: units * 2].decode("utf-16-le"))

    def path(self) -> Path:
        return Path(self.eye("state")["path"])

    def ghost(self) -> str:
        return str(self.page.evaluate(GHOST))

    def diff(self) -> Diff | None:
        drawn = [one for one in self.page.evaluate(DRAWN) if not one["comes"].startswith(HINT)]
        old = "\n".join(one["goes"] for one in drawn if one["goes"])
        new = "\n".join(one["comes"] for one in drawn if one["comes"])
        return Diff(old, new) if old or new else None

    def hint(self) -> str:
        drawn = [one["comes"] for one in self.page.evaluate(DRAWN)]
        return next((one for one in drawn if one.startswith(HINT)), "")

    def accept(self) -> None:
        self.press("Tab")

    def accept_word(self) -> None:
        self.press("Control+ArrowRight")

    def accept_line(self) -> None:
        self.press("Control+ArrowDown")

    def jump(self) -> None:
        self.press("Tab")

    def reject(self) -> None:
        self.press("Escape")

    def undo(self) -> None:
        self.press("Control+z")

    def save(self) -> None:
        self.press("Control+s")
        until(self._is_saved, "the file to be written")

    def capture(self, on: bool) -> None:
        self.command("Record This Project" if on else "Stop Recording This Project")
        if on:
            buttons = self.page.locator(".notification-toast .monaco-button")
            buttons.filter(has_text=re.compile(r"^Record$")).click()

    def recording(self) -> bool:
        return self._status().locator(".codicon-record").count() > 0

    def reason(self) -> str:
        self.command("Why Is Nothing Shown")
        shown = self.page.locator(".quick-input-widget .quick-input-list .monaco-list-row")
        shown.first.wait_for()
        said = shown.first.inner_text()
        self.press("Escape")
        return said

    def status(self) -> str:
        """What the status bar says."""
        return self._status().inner_text()

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)

    def command(self, title: str) -> None:
        """Run a command as a person does, from the palette."""
        self.press("F1")
        box = self.page.locator(".quick-input-widget input")
        box.fill(f">Zeta: {title}")
        row = self.page.locator(".quick-input-widget .monaco-list-row.focused")
        row.filter(has_text=title).wait_for()
        self.press("Enter")

    def eye(self, action: str, **params: Any) -> Any:
        """Ask the eye in the extension host."""
        port = (self._folder / "eye").read_text()
        body = json.dumps({"action": action, **params}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}", body, timeout=20) as response:
            answer = json.load(response)
        assert "error" not in answer, answer
        return answer["value"]

    def _is_saved(self) -> bool:
        state = self.eye("state")
        written = Path(state["path"]).read_bytes() == state["text"].encode()
        return written and not state["dirty"]

    def _before_cursor(self) -> str:
        state = self.eye("state")
        rows = state["text"].splitlines(keepends=True)
        line = (rows[state["line"] :] or [""])[0].encode("utf-16-le")[: state["character"] * 2]
        return "".join(rows[: state["line"]]) + line.decode("utf-16-le")

    def _status(self) -> Locator:
        return self.page.locator(".statusbar-item[id='zeta-lsp.zeta-lsp.zeta.status']")

    def _serve(self, stack: ExitStack) -> int:
        """Start code-server; its port."""
        installed = building.extensions(*self._more)
        argv = building.command(self._folder_made(), installed)
        sockets = stack.enter_context(TemporaryDirectory(prefix="zv-", ignore_cleanup_errors=True))
        own = {"ZETA_TEST_EYE": str(self._folder / "eye"), "XDG_RUNTIME_DIR": sockets}
        environment = {**os.environ, **building.environment(self._folder), **own}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = stack.enter_context((self._folder / "log").open("w"))
        process = subprocess.Popen(
            [*argv, *OPTIONS, f"--bind-addr=127.0.0.1:{port}", str(self._stage.project)],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it starts many more, which end with it
        )
        stack.callback(_end, process)
        until(lambda: _listens(port), "code-server", 60)
        return int(port)

    def _folder_made(self) -> Path:
        """A fresh home for VS Code, with a person's settings."""
        for name, settings in self._settings.items():
            folder = self._folder / "user" / name
            folder.mkdir(parents=True)
            (folder / "settings.json").write_text(json.dumps(settings))
        return self._folder


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """End code-server and all that it started."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)
    with suppress(ProcessLookupError):  # nobody is left: all the better
        os.killpg(process.pid, signal.SIGKILL)
