"""Every scene in the oldest Neovim that the plugin supports, which has no inline completion."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.editors.drivers.neovim import Editor, oldest
from tests.editors.scenes import SCENES, Scene
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor


class Open:
    """The editor that is running; scenes of one prompt format share it until one fails."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._stack = ExitStack()
        self._format = ""
        self._pair: tuple[Editor, Stage] | None = None

    def get(self, prompt_format: str) -> tuple[Editor, Stage]:
        if self._pair is None or self._format != prompt_format:
            self.close()
            stage = Stage(self._folders.mktemp("oldest"), prompt_format=prompt_format)
            self._stack.enter_context(stage)
            editor = self._stack.enter_context(Editor(stage, program=oldest()))
            self._format, self._pair = prompt_format, (editor, stage)
        return self._pair

    def close(self) -> None:
        self._pair = None
        self._stack.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    now = Open(tmp_path_factory)
    yield now
    now.close()


def test_it_is_the_oldest_and_has_no_inline_completion(opened: Open) -> None:
    editor, _ = opened.get(SCENES[0].prompt_format)
    assert editor.VERSION.startswith("0.11.")
    assert editor.lua("return vim.lsp.inline_completion == nil")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_a_scene_in_the_oldest_neovim(scene: Scene, opened: Open) -> None:
    editor, stage = opened.get(scene.prompt_format)
    try:
        scene.play(editor, stage)
    except BaseException:
        opened.close()
        raise
