"""A desktop that nobody sits at: a display, a session, keys, and what a screen reader reads.

Programs enter themselves on the accessibility bus when they start. Now and then one does not; who
starts it sees that nothing is shown, and starts all again.
"""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from tests.editors.driver import until

READER = Path(__file__).with_name("accessible.py")
BUS = "/usr/libexec/at-spi-bus-launcher"
SYSTEM_PYTHON = "/usr/bin/python3"
NEEDED = ("Xvfb", "xdotool", "import", "dbus-daemon", BUS, SYSTEM_PYTHON)
SIZE = "1000x700x24"
KEY_MS = "40"

Item = dict[str, Any]
"""Something that is shown: its `role`, `name`, `text`, and `middle` to click on."""


class Desktop:
    """A session with an environment of its own. Leaving the `with` ends all that was started."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {**os.environ, **environment, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            screen = ("Xvfb", "-displayfd", "1", "-screen", "0", SIZE)
            self.environment["DISPLAY"] = ":" + self._first_line(*screen)
            session = ("dbus-daemon", "--session", "--nofork", "--print-address")
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._first_line(*session)
            self.start(BUS, "--launch-immediately")
            self._reader = self.start(SYSTEM_PYTHON, str(READER))
            address = until(self._bus, "the accessibility bus")
            self.environment["AT_SPI_BUS_ADDRESS"] = address
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, *argv: str) -> "subprocess.Popen[str]":
        """Start a program that ends with the session, and so do those that it starts."""
        process = self._stack.enter_context(
            subprocess.Popen(
                argv,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                text=True,
            )
        )
        self._stack.callback(_end_all, process)
        return process

    def run(self, *argv: str) -> str:
        """Run a program to its end; what it printed."""
        done = subprocess.run(
            argv, env=self.environment, check=False, capture_output=True, text=True
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by X's names for them: `Return`, `ctrl+s`."""
        self.run("xdotool", "key", "--clearmodifiers", "--delay", KEY_MS, *keys)

    def write(self, text: str) -> None:
        """Press the keys of a text."""
        self.run("xdotool", "type", "--delay", KEY_MS, text)

    def click(self, item: Item) -> None:
        """Click on something that is shown."""
        self.run("xdotool", "mousemove", *map(str, item["middle"]), "click", "1")

    def has_window(self, name: str) -> bool:
        """Whether a program has drawn itself: until then, who asks it anything waits."""
        return bool(self.run("xdotool", "search", "--onlyvisible", "--class", name))

    def looked(self) -> list[Item]:
        """What is shown now; nothing while it changes."""
        found = self._ask("tree")
        return found if isinstance(found, list) else []

    def shown(self) -> list[Item]:
        """What is shown, once something is."""
        found: list[Item] = until(self.looked, "something on the screen")
        return found

    def picture(self, path: Path) -> None:
        """Draw the screen into a PNG file."""
        self.run("import", "-window", "root", str(path))

    def _bus(self) -> str:
        found = self._ask("bus")
        return found if isinstance(found, str) else ""

    def _ask(self, question: str) -> Any:
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        self._reader.stdin.write(f"{question}\n")
        self._reader.stdin.flush()
        return json.loads(self._reader.stdout.readline())

    def _first_line(self, *argv: str) -> str:
        """Start a program that says where it is, and return that."""
        process = self.start(*argv)
        assert process.stdout is not None
        return process.stdout.readline().strip()


def _end_all(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
