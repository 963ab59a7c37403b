"""How edits are drawn, made and undone that are more than text at the cursor."""

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.stage import Stage
from tests.editors.vim.conftest import Open

CODE = """\
def area(w, h):
    x = 0
    check = w
    log(w)
    log(h)
    return w * h


def other():
    return area(1, 2)
"""
GO = "    x = 01\n"
"""What the person's key makes of the line above what is to change."""

pytestmark = pytest.mark.editor


def proposed(vim: Editor, opened: Open, old: str, new: str) -> None:
    """Type a key behind `x = 0`; the model then rewrites what stands below."""
    opened(CODE, (GO + old, GO + new))
    vim.place(1, len("    x = 0"))
    vim.type("1")


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("    check = w\n", "", "    check = w", ""),
        ("    check = w\n    log(w)\n", "    w = check(w)\n", "check = w", "w = check(w)"),
        ("    check = w\n", "    check = w\n    check(h)\n", "", "    check(h)"),
        ("    check = w\n", "    assert h\n    check = w\n", "", "    assert h"),
        ("    check = w\n", "    check = h\n", "w", "h"),
        ("    check = w\n", "    checked = w * w\n", "", "ed"),
        ("    check = w\n", "    check = w  # 🎉 \t tab\n", "", "# 🎉"),
    ],
    ids=[
        "deletion",
        "replacement",
        "lines below",
        "lines above",
        "a word",
        "two places",
        "wide characters",
    ],
)
def test_an_edit_below_is_drawn_taken_and_undone_in_one_step(
    vim: Editor, opened: Open, old: str, new: str, gone: str, come: str
) -> None:
    proposed(vim, opened, old, new)
    shown = until(vim.diff, "the diff")
    assert gone in shown.old or shown.old in gone
    assert come in shown.new
    assert vim.text() == CODE.replace("    x = 0\n", GO)
    vim.accept()
    until(lambda: vim.text() == CODE.replace("    x = 0\n" + old, GO + new), "the accepted edit")
    vim.undo()
    until(lambda: vim.text() == CODE.replace("    x = 0\n", GO), "the text before")


def test_nothing_is_left_on_the_screen_after_any_other_key(vim: Editor, opened: Open) -> None:
    proposed(vim, opened, "    check = w\n    log(w)\n", "    w = check(w)\n")
    until(vim.diff, "the diff")
    vim.type("2")
    assert vim.diff() is None


def test_what_is_hidden_stays_hidden_until_the_text_changes(
    vim: Editor, stage: Stage, opened: Open
) -> None:
    proposed(vim, opened, "    check = w\n", "    check = h\n")
    until(vim.diff, "the diff")
    vim.press("C-g", "h")
    assert vim.diff() is None
    vim.press("Left")
    vim.rest(0.5)
    assert vim.diff() is None
    assert "rejected" not in {one["ending"] for one in stage.journal()[:3]}
    vim.ask()
    until(vim.diff, "the diff, now that somebody asked for it")


def test_an_edit_far_away_is_hinted_at_gone_to_and_taken(vim: Editor, opened: Open) -> None:
    new = "def other():\n    return area(1, 22)\n"
    opened(CODE, ("def other():\n    return area(1, 2)\n", new), (GO, GO))
    vim.place(1, len("    x = 0"))
    vim.type("1")
    until(lambda: vim.hint() == "next edit: line 10", "the hint")
    vim.jump()
    until(lambda: vim.cursor()[0] == 9, "the cursor there")
    until(lambda: vim.diff() or vim.ghost(), "the edit")
    vim.accept()
    until(lambda: vim.text().endswith(new), "the accepted edit")
    vim.press("Escape", "C-o")
    until(lambda: vim.cursor()[0] == 1, "the jump list leads back")


def test_a_prediction_that_ends_the_text_without_a_line_end_is_taken(
    vim: Editor, opened: Open
) -> None:
    opened("a = 1\nb = 2\n", ("a = 11\nb = 2\n", "a = 11\nb = 22"))
    vim.place(0, len("a = 1"))
    vim.type("1")
    until(vim.diff, "the diff")
    vim.accept()
    until(lambda: vim.text() == "a = 11\nb = 22\n", "the accepted edit")
