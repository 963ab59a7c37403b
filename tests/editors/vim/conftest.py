"""Vim with the plugin as its README configures it, for tests of what no scene plays.

Tests of one module share an editor; each opens a file of its own.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.editors.drivers.vim import Editor
from tests.editors.stage import Stage

Open = Callable[..., Path]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A project and a model."""
    with Stage(tmp_path_factory.mktemp("vim")) as one:
        yield one


@pytest.fixture(scope="module")
def vim(stage: Stage) -> Iterator[Editor]:
    """An editor that is started as the README says."""
    with Editor(stage) as one:
        yield one


@pytest.fixture
def start(stage: Stage) -> Iterator[Callable[..., Editor]]:
    """Starts further editors, with Vim script to run in front of the README's if that is said."""
    with ExitStack() as stack:

        def started(**options: Any) -> Editor:
            return stack.enter_context(Editor(stage, **options))

        yield started


@pytest.fixture
def opened(vim: Editor, stage: Stage) -> Open:
    """Opens a text in a fresh file in Normal mode, in front of a model that answers by rules."""

    def open_file(text: str, *rules: tuple[str, str], name: str = "") -> Path:
        stage.answers()
        path = stage.file(name or f"file{next(_numbers)}.py", text)
        vim.open(path)
        stage.answers(*rules)
        return path

    return open_file
