"""What Helix shows beyond the scenes: its completion menu, its code actions, closing brackets."""

from collections.abc import Iterator

import pytest

from tests.editors.driver import until
from tests.editors.drivers.helix import Editor
from tests.editors.scenes import (
    BEFORE,
    GHOST_COL,
    GHOST_ROW,
    REST,
    SHOP,
    TYPED,
    line,
    proposed,
)
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor
ENTRY = rf" {TYPED}\(net, rate\) +text"
TAKEN = f"    {TYPED}{REST}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Stage]]:
    with Stage(tmp_path_factory.mktemp("helix")) as stage, Editor(stage) as helix:
        yield helix, stage


def in_menu(pair: tuple[Editor, Stage], name: str) -> Editor:
    """A prediction that stands in the completion menu."""
    helix, stage = pair
    proposed(helix, stage, name)
    until(lambda: helix.terminal.has(ENTRY), "the menu's entry")
    return helix


def test_the_menus_entry_is_not_selected_so_that_enter_ends_the_line(
    pair: tuple[Editor, Stage],
) -> None:
    helix = in_menu(pair, "enter.py")
    helix.terminal.press("Enter")
    until(lambda: helix.cursor()[0] == GHOST_ROW + 1, "the next line")
    assert line(helix) == f"    {TYPED}"


def test_the_menus_entry_shows_its_diff_and_is_taken_and_undone(
    pair: tuple[Editor, Stage],
) -> None:
    helix = in_menu(pair, "menu.py")
    helix.terminal.press("Tab")
    until(lambda: helix.terminal.has(rf"\+ +{TYPED}\(net, rate\)"), "the diff")
    helix.terminal.press("Enter")
    until(lambda: line(helix) == TAKEN, "the entry")
    assert helix.cursor() == (GHOST_ROW, len(TAKEN))
    helix.undo()
    until(lambda: line(helix) == f"    {TYPED}", "the text before")


def test_a_code_action_says_what_the_line_will_be(pair: tuple[Editor, Stage]) -> None:
    helix, stage = pair
    proposed(helix, stage, "action.py")
    helix.place(GHOST_ROW, GHOST_COL)
    helix.terminal.write(" a")
    until(lambda: helix.terminal.has(r"Predicted edit, line 3: `check\(net, rate\)`"), "the action")
    helix.terminal.press("Enter")
    until(lambda: line(helix) == TAKEN, "the text that was promised")


def test_a_line_that_would_go_is_marked(pair: tuple[Editor, Stage]) -> None:
    helix, stage = pair
    stage.answers()
    helix.open(stage.file("gone.py", BEFORE))
    stage.answers(("    return net + tax\n", ""))
    helix.place(GHOST_ROW, GHOST_COL)
    helix.type("raise")
    shown = until(helix.diff, "the mark")
    assert (shown.old, shown.new) == ("    return net + tax", "delete")
    helix.accept()
    until(lambda: "return net + tax" not in helix.text(), "the line to go")


def test_an_edit_far_below_is_pointed_at_gone_to_and_taken(pair: tuple[Editor, Stage]) -> None:
    helix, stage = pair
    stage.answers()
    helix.open(stage.file("far.py", SHOP))
    stage.answers((" = {total}", " = {total} {check}"))
    helix.place(GHOST_ROW, 0)
    helix.type("check = 1")
    until(lambda: helix.hint() == "next edit: line 14", "where it is")
    helix.accept()
    until(lambda: helix.cursor()[0] == 13, "the cursor there")
    assert "{check}" not in helix.text()
    helix.accept()
    until(lambda: "{total} {check}" in helix.text(), "the edit")


def test_a_bracket_that_helix_closes_is_part_of_the_prediction(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        Stage(tmp_path_factory.mktemp("pairs")) as stage,
        Editor(stage, pairs=True) as helix,
    ):
        proposed(helix, stage, "pairs.py")
        helix.type("(net")
        shown = until(helix.diff, "the line as it will be")
        assert (shown.old, shown.new) == ("    check(net)", "check(net, rate)")
        helix.accept()
        until(lambda: line(helix) == TAKEN, "the rest between the brackets")
