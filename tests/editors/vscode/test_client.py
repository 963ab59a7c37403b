"""What the scenes do not show: diffs of several kinds, and that VS Code's own keys stay its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.editors.driver import until
from tests.editors.drivers.vscode import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, ending, line
from tests.editors.stage import SERVER, Stage

SETTINGS = {
    "editor.autoClosingBrackets": "languageDefined",
    "editor.quickSuggestions": {"other": "off"},  # the menu comes when it is asked for
    "editor.wordBasedSuggestions": "currentDocument",
}
RETURN = "    return net + tax"
FEE = (RETURN, f"{RETURN} + fee")
FEE_SHOWN = "+ fee"

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("client")) as stage:
        yield stage


@pytest.fixture(scope="module")
def editor(stage: Stage) -> Iterator[Editor]:
    marker = stage.folder / "started-by-the-workspace"
    theirs = stage.project / ".vscode"
    theirs.mkdir()
    (theirs / "settings.json").write_text(f'{{"zeta.server.command": ["touch", "{marker}"]}}')
    with Editor(stage, settings=SETTINGS) as editor:
        yield editor


def started(editor: Editor, stage: Stage, name: str, *rules: tuple[str, str]) -> Path:
    """A shop in which a person has begun a row, while the model knows what comes of it."""
    stage.answers()
    path = stage.file(f"{name}.py", BEFORE)
    editor.open(path)
    stage.answers(*rules)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type("check = 1")
    return path


def test_a_workspace_cannot_name_the_program_that_is_run(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "workspace", FEE)
    until(editor.diff, "a prediction of the server that the person named")
    assert not (stage.folder / "started-by-the-workspace").exists()


def test_text_that_goes_is_struck_out_and_comes_back_with_one_undo(
    editor: Editor, stage: Stage
) -> None:
    rules = ((RETURN, "    return net"), ("    tax = net * rate\n    check", "    check"))
    started(editor, stage, "deletion", *rules[:1])
    shown = until(editor.diff, "the deletion")
    assert (shown.old, shown.new) == (" + tax", "")
    before = editor.text()
    editor.accept()
    until(lambda: line(editor, 3) == "    return net", "the accepted deletion")
    editor.undo()
    until(lambda: editor.text() == before, "what was there before, all of it")


def test_rows_that_come_are_drawn_beside_the_code(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "rows", (RETURN, f"    log(net)\n    log(tax)\n{RETURN}"))
    shown = until(editor.diff, "the rows")
    assert shown.old == ""
    assert shown.new.split("\n") == ["+     log(net)", "+     log(tax)"]
    before = editor.text()
    editor.accept()
    until(lambda: editor.text().count("log(") == 2, "the accepted rows")
    editor.undo()
    until(lambda: editor.text() == before, "one step of undo")


def test_a_word_and_a_line_of_a_diff_can_be_taken(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "parts", (RETURN, f"{RETURN} + fee + vat"))
    until(editor.diff, "the insertion")
    editor.accept_word()
    until(lambda: line(editor, 3) == f"{RETURN} +", "its first word")
    until(lambda: (found := editor.diff()) and found.new == " fee + vat", "the rest of it")
    editor.accept_line()
    until(lambda: line(editor, 3) == f"{RETURN} + fee + vat", "the rest of the line")


def test_tab_indents_where_the_cursor_is_in_the_indentation(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "indent", FEE)
    until(editor.diff, "the edit below")
    editor.press("Enter")
    until(lambda: (found := editor.diff()) and FEE_SHOWN in found.new, "the edit, still there")
    editor.accept()
    until(lambda: line(editor, GHOST_ROW + 1) == "        ", "a row that is indented more")
    assert FEE_SHOWN not in editor.text()


def test_tab_is_the_menus_while_the_menu_is_open(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "menu", FEE)
    until(editor.diff, "the edit below")
    editor.type(" + ra")
    until(lambda: (found := editor.diff()) and FEE_SHOWN in found.new, "the edit, still there")
    editor.press("Control+Space")
    editor.page.locator(".suggest-widget.visible .monaco-list-row.focused").wait_for()
    editor.accept()
    until(lambda: line(editor) == "    check = 1 + rate", "the entry of the menu")
    assert FEE_SHOWN not in editor.text()


def test_brackets_that_close_themselves_do_not_disturb_typing_along(
    editor: Editor, stage: Stage
) -> None:
    stage.answers()
    editor.open(stage.file("brackets.py", BEFORE))
    stage.answers(RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    until(lambda: editor.ghost() == REST, "the ghost text")
    editor.type("(net")
    until(lambda: line(editor) == f"    {TYPED}(net)", "a bracket that closed itself")
    until(lambda: editor.ghost() == ", rate", "the rest of it, in the brackets")
    editor.accept()
    until(lambda: line(editor) == f"    {TYPED}{REST}", "no bracket too many")


def test_what_is_hidden_is_not_rejected_and_comes_again(editor: Editor, stage: Stage) -> None:
    path = started(editor, stage, "hidden", FEE)
    until(editor.diff, "the edit below")
    editor.press("Shift+Escape")
    until(lambda: editor.diff() is None, "nothing shown")
    entries = [one for one in stage.journal() if one["path"].endswith(path.name)]
    assert "rejected" not in {one["ending"] for one in entries}
    editor.type("0")
    until(editor.diff, "the edit again, after the text changed")


def test_a_cursor_that_comes_to_the_edit_and_rests_sees_it_as_ghost_text(
    editor: Editor, stage: Stage
) -> None:
    started(editor, stage, "resting", FEE)
    until(editor.diff, "the edit below")
    editor.press("ArrowDown")
    editor.press("End")
    until(lambda: editor.ghost() == f" {FEE_SHOWN}", "the same as ghost text")
    assert editor.diff() is None
    editor.accept()
    until(lambda: line(editor, 3) == FEE[1], "the accepted edit")


def test_a_diff_that_is_turned_down_is_rejected(editor: Editor, stage: Stage) -> None:
    path = started(editor, stage, "rejected", FEE)
    until(editor.diff, "the edit below")
    editor.reject()
    until(lambda: editor.diff() is None, "nothing shown")
    ending(stage, path, "rejected")


def test_an_edit_far_away_is_hinted_at_and_tab_goes_there_then_takes_it(
    editor: Editor, stage: Stage
) -> None:
    old, new = "    return -net - tax", "    return -net - tax - fee"
    started(editor, stage, "far", (old, new))
    assert until(editor.hint, "the hint") == "⇥ next edit: line 9"
    editor.jump()
    until(lambda: editor.cursor()[0] == 8, "the cursor there")
    until(lambda: editor.diff() or editor.ghost(), "the edit, near")
    editor.accept()
    until(lambda: line(editor, 8) == new, "the accepted edit")


def test_pausing_is_shown_and_stops_predictions(editor: Editor, stage: Stage) -> None:
    editor.command("Pause or Resume")
    until(lambda: "paused" in editor.status(), "the sign in the status bar")
    asked = stage.asked
    started(editor, stage, "paused", FEE)
    until(lambda: "paused" in editor.reason(), "the reason")
    assert editor.diff() is None
    assert stage.asked == asked
    editor.command("Pause or Resume")
    until(lambda: "paused" not in editor.status(), "the model in the status bar")


def test_the_hover_over_a_diff_shows_all_of_it(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "hover", (RETURN, "    return net + vat"))
    until(editor.diff, "the replacement")
    editor.page.locator(".view-line", has_text="tax").nth(1).locator(
        "span[class*=ced-]"
    ).first.hover()
    hover = editor.page.locator(".monaco-hover:not(.hidden)", has_text="Accept")
    hover.wait_for()
    said = " ".join(hover.inner_text().split())
    assert said.startswith("- return net + tax + return net + vat")
    assert "Accept · Reject · Hide" in said


def silent(stage: Stage, path: Path, reason: str) -> bool:
    """Whether the journal says that nothing was shown in a file, and this is why."""
    entries = [one for one in stage.journal() if one["path"].endswith(path.name)]
    return reason in {one["reason"] for one in entries}


@contextmanager
def configured(editor: Editor, stage: Stage, name: str, value: Any) -> Iterator[None]:
    """The workspace says something else for a while."""
    theirs = stage.project / ".vscode" / "settings.json"
    before = theirs.read_text()
    theirs.write_text(json.dumps({name: value}))
    until(lambda: editor.eye("setting", name=name) == value, "the setting")
    yield
    theirs.write_text(before)
    until(lambda: editor.eye("setting", name=name) != value, "the setting before")


def test_without_ghost_text_everything_is_drawn_as_a_diff(editor: Editor, stage: Stage) -> None:
    stage.answers()
    editor.open(stage.file("no_ghosts.py", BEFORE))
    stage.answers(RULE)
    with configured(editor, stage, "editor.inlineSuggest.enabled", False):
        editor.place(GHOST_ROW, GHOST_COL)
        editor.type(TYPED)
        assert until(editor.diff, "the insertion").new == REST
        editor.accept()
        until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")


def test_in_manual_mode_ghost_text_comes_when_it_is_asked_for(editor: Editor, stage: Stage) -> None:
    with configured(editor, stage, "zeta.predict.mode", "manual"):
        stage.answers()
        path = stage.file("manual.py", BEFORE)
        editor.open(path)
        stage.answers(RULE)
        editor.place(GHOST_ROW, GHOST_COL)
        editor.type(TYPED)
        until(lambda: silent(stage, path, "mode_manual"), "what VS Code was told by itself")
        assert editor.ghost() == ""
        editor.ask()
        until(lambda: editor.ghost() == REST, "the ghost text")


def test_a_slow_answer_is_drawn_although_vscode_gave_up_waiting(
    editor: Editor, stage: Stage
) -> None:
    """It waits 750 ms before it opens its menu instead."""
    stage.answers()
    editor.open(stage.file("slow.py", BEFORE))
    stage.answers(RULE)
    always = {"other": "on", "comments": "off", "strings": "off"}
    with configured(editor, stage, "editor.quickSuggestions", always):
        stage.delay_s = 1.2
        try:
            editor.place(GHOST_ROW, GHOST_COL)
            editor.type(TYPED)
            until(lambda: editor.ghost() == REST, "the ghost text")
        finally:
            stage.delay_s = 0.0


def test_a_server_that_dies_is_started_again(editor: Editor, stage: Stage) -> None:
    started(editor, stage, "before", FEE)
    until(editor.diff, "a prediction")
    [server] = servers(stage)
    server.kill()
    until(lambda: editor.diff() is None, "nothing shown that nobody stands for")
    until(lambda: servers(stage) not in ([], [server]), "another server")
    started(editor, stage, "after", FEE)
    until(editor.diff, "a prediction of the new one")


def servers(stage: Stage) -> list[psutil.Process]:
    """The language servers that run for a stage."""
    return [one for one in psutil.process_iter() if _serves(one, stage)]


def _serves(process: psutil.Process, stage: Stage) -> bool:
    name = "ZETA_LSP_CONFIG"
    try:
        is_server = process.cmdline()[: len(SERVER)] == list(SERVER)
        return is_server and process.environ().get(name) == stage.environment[name]
    except psutil.Error:  # it ended meanwhile, or is somebody else's
        return False
