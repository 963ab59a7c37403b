"""What Kate shows beyond the scenes: why there is nothing, the diff beside an entry, far edits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.kate import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, proposed
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Stage]]:
    with Stage(tmp_path_factory.mktemp("kate")) as stage, Editor(stage) as kate:
        yield kate, stage


def test_the_entry_of_the_menu_has_a_diff_beside_it(pair: tuple[Editor, Stage]) -> None:
    kate, stage = pair
    proposed(kate, stage, "beside.py")
    diffs = until(lambda: [one for one in kate.drawn_texts() if one.startswith("@@")], "the diff")
    assert f"-    {TYPED}\n+    {TYPED}{REST}\n" in diffs[0]


def test_an_edit_further_down_is_taken_from_where_the_person_is(
    pair: tuple[Editor, Stage],
) -> None:
    kate, stage = pair
    stage.answers()
    path = stage.file("far.py", BEFORE)
    kate.open(path)
    stage.answers((" = {total}", " = {total} ({check})"))
    kate.place(GHOST_ROW, GHOST_COL)
    kate.type("check = 1")
    shown = until(kate.diff, "the edit eleven rows below")
    assert "{check}" in shown.new
    assert "{check}" not in shown.old
    kate.accept()
    until(lambda: "({check})" in kate.text(), "the accepted edit")
    assert kate.cursor() == (GHOST_ROW, len("    check = 1"))
    kate.undo()
    until(lambda: "({check})" not in kate.text(), "the text before")


def test_the_panel_output_says_why_nothing_is_predicted(pair: tuple[Editor, Stage]) -> None:
    kate, stage = pair
    stage.answers(RULE)
    kate.open(stage.file(".env.py", "nothing to see\n"))
    kate.type("x")
    assert "excluded" in until(kate.reason, "the reason").lower()
    assert not kate.recording()


def test_what_is_documented_is_what_is_run() -> None:
    page = Path(__file__).resolve().parents[3] / "editors" / "kate" / "README.md"
    shown = page.with_name("settings.json").read_text()
    assert f"```json\n{shown}```" in page.read_text()
