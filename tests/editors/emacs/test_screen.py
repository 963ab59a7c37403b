"""What the scenes leave open: deletions, hiding, a server that dies, a picture."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.emacs import MODE_LINE, Editor
from tests.editors.emacs.shoot import take
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line, proposed
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as made:
        yield made


@pytest.fixture
def emacs(stage: Stage) -> Iterator[Editor]:
    with Editor(stage) as made:
        yield made


def test_what_a_prediction_deletes_is_marked_and_goes(emacs: Editor, stage: Stage) -> None:
    emacs.open(stage.file("deletion.py", BEFORE))
    stage.answers(("    return net + tax\n", "    return net\n"))
    emacs.place(GHOST_ROW, GHOST_COL)
    emacs.type("del tax")
    shown = until(emacs.diff, "the deletion")
    assert shown.old.strip() == "+ tax"
    assert shown.new == ""
    emacs.accept()
    until(lambda: line(emacs, 3) == "    return net", "the accepted deletion")


def test_what_is_hidden_comes_back_with_the_next_key_and_is_not_called_rejected(
    emacs: Editor, stage: Stage
) -> None:
    proposed(emacs, stage, "hidden.py")
    emacs.emacs.press("\x03,h")
    until(lambda: emacs.ghost() == "", "nothing shown")
    emacs.type("(")
    until(lambda: emacs.ghost() == REST[1:], "the rest of it")
    assert all(entry["ending"] != "rejected" for entry in stage.journal())


def test_a_server_that_dies_is_told_of_and_started_again_on_demand(
    emacs: Editor, stage: Stage
) -> None:
    proposed(emacs, stage, "dies.py")
    emacs.emacs.eval("(progn (kill-process (jsonrpc--process zeta-wire--connection)) nil)")
    until(lambda: "ζ:off" in emacs.emacs.eval(MODE_LINE), "the sign that there is none")
    assert emacs.ghost() == ""
    emacs.type("x")  # nothing is in the way of it
    until(lambda: line(emacs) == f"    {TYPED}x", "the typed key")
    emacs.emacs.press("\x7f\x1bxzeta-restart\r")
    until(lambda: "ζ:zeta" in emacs.emacs.eval(MODE_LINE), "a new server")
    stage.answers(RULE)
    emacs.ask()
    until(lambda: emacs.ghost() == REST, "ghost text of the new server")


def test_the_picture_of_the_documentation_can_be_taken(tmp_path: Path) -> None:
    if any(shutil.which(one) is None for one in ("Xvfb", "xterm", "import")):
        pytest.skip("a picture needs Xvfb, xterm and ImageMagick: tests/editors/install/emacs.sh")
    take(tmp_path / "emacs.png")
    assert (tmp_path / "emacs.png").read_bytes().startswith(b"\x89PNG")
