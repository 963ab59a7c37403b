"""Every scene in every editor. `-k neovim` plays those of one."""

import importlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conftest import CELL
from tests.editors.driver import Driver
from tests.editors.scenes import SCENES, Scene
from tests.editors.stage import Stage

DRIVERS = Path(__file__).parent / "drivers"
ORDER = ("neovim", "vscode", "emacs", "vim", "coc", "helix", "kakoune", "kate")
"""Modules of `tests.editors.drivers`, as the table lists them."""
EDITORS = tuple(name for name in ORDER if (DRIVERS / f"{name}.py").exists())

pytestmark = [pytest.mark.editor, pytest.mark.matrix]


class Open:
    """The editor that is running now; scenes of one editor share it until one of them fails."""

    def __init__(self, folders: Any) -> None:
        self._folders = folders
        self._name = ("", "")
        self._stack = ExitStack()
        self._pair: tuple[Driver, Stage] | None = None

    def get(self, name: str, prompt_format: str) -> tuple[Driver, Stage]:
        if self._pair is None or self._name != (name, prompt_format):
            self.close()
            stage = Stage(self._folders.mktemp(name), prompt_format=prompt_format)
            self._stack.enter_context(stage)
            editor = importlib.import_module(f"tests.editors.drivers.{name}").Editor
            driver = self._stack.enter_context(editor(stage))
            self._name, self._pair = (name, prompt_format), (driver, stage)
        return self._pair

    def close(self) -> None:
        self._pair = None
        self._stack.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    now = Open(tmp_path_factory)
    yield now
    now.close()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
@pytest.mark.parametrize("editor", EDITORS)
def test_scene(
    editor: str, scene: Scene, opened: Open, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    request.node.stash[CELL] = (editor, scene.title)
    cannot = importlib.import_module(f"tests.editors.drivers.{editor}").Editor.CANNOT
    if scene.title in cannot:
        pytest.skip(cannot[scene.title])
    driver, stage = opened.get(editor, scene.prompt_format)
    try:
        scene.play(driver, stage)
    except BaseException:
        driver.screenshot(tmp_path / "failed.png")
        opened.close()  # the next scene begins with a fresh one
        raise
