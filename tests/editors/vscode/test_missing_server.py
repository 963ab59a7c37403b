"""A server that is not there costs one message and a sign, and VS Code goes on as before."""

from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vscode import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, line
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor


def test_a_server_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    gone = {"zeta.server.command": [str(tmp_path / "no-such-program")]}
    with Stage(tmp_path / "stage") as stage, Editor(stage, machine=gone) as editor:
        path = stage.file("alone.py", BEFORE)
        editor.open(path)
        until(lambda: editor.page.locator(".statusbar-item .codicon-error").count() > 0, "the sign")
        toasts = editor.page.locator(".notification-toast")
        toasts.first.wait_for()
        assert "did not start" in toasts.first.inner_text()
        assert toasts.count() == 1
        editor.place(GHOST_ROW, GHOST_COL)
        editor.type("x")
        assert line(editor) == "    x"
        editor.press("Tab")
        until(lambda: line(editor) == "    x   ", "a Tab that is VS Code's own")
