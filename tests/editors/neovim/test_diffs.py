"""Edits that are no ghost text: what is drawn, what Tab does, what undo gives back."""

import pytest

from tests.editors.driver import Diff, until
from tests.editors.drivers.neovim import Editor
from tests.editors.neovim.conftest import Open

SHOP = """\
def gross(net, rate):
    tax = net * rate
    unused = 1
    return net + tax


def refund(net, rate):
    return net


def receipt(net, rate):
    total = gross(net, rate)
    return total
"""

pytestmark = pytest.mark.editor


def shown(editor: Editor, keys: str) -> Diff:
    """What is drawn once keys that change the text were pressed."""
    editor.keys(keys)
    diff: Diff = editor.wait(editor.diff, "the diff")
    return diff


def test_a_line_that_goes_is_struck_through_and_then_removed(editor: Editor, opened: Open) -> None:
    opened(SHOP, ("    unused = 1\n", ""))
    assert shown(editor, "A  # in €<Esc>") == Diff("unused = 1", "")
    changed = editor.text()
    editor.accept()
    until(lambda: "unused" not in editor.text(), "the deletion")
    assert editor.text() == changed.replace("    unused = 1\n", "")


def test_a_part_of_a_line_that_goes_is_struck_through(editor: Editor, opened: Open) -> None:
    opened(SHOP, ("    return net + tax", "    return net"))
    assert shown(editor, "jA  # €<Esc>") == Diff(" + tax", "")
    editor.accept()
    until(lambda: "    return net\n\n\ndef refund" in editor.text(), "the deletion")


def test_a_replacement_stands_behind_what_it_replaces(editor: Editor, opened: Open) -> None:
    opened(SHOP, ("    return net + tax", "    return net * tax"))
    assert shown(editor, "jA  # €<Esc>") == Diff("+", "*")
    screen = editor.screen()
    assert "return net +* tax" in screen
    editor.accept()
    until(lambda: "return net * tax" in editor.text(), "the replacement")


def test_what_becomes_several_lines_is_drawn_as_lines(editor: Editor, opened: Open) -> None:
    new = "    total = net + tax\n    log(total)\n    return total"
    opened(SHOP, ("    return net + tax", new))
    diff = shown(editor, "jA  # €<Esc>")
    assert diff.old == "return net + tax"
    assert diff.new == f"\n{new}"
    editor.accept()
    until(lambda: new in editor.text(), "the lines")


def test_one_undo_gives_the_text_back_and_redo_the_edits(editor: Editor, opened: Open) -> None:
    opened(
        SHOP,
        ("    unused = 1\n    return net + tax", "    return net * tax + 1"),
    )
    shown(editor, "A  # €<Esc>")
    before = editor.text()
    editor.accept()
    until(lambda: "return net * tax + 1" in editor.text(), "the edits")
    after = editor.text()
    editor.keys("u")
    until(lambda: editor.text() == before, "the text before")
    editor.keys("<C-r>")
    until(lambda: editor.text() == after, "the edits again")


def test_within_an_insertion_undo_has_a_step_for_the_edit(editor: Editor, opened: Open) -> None:
    opened(SHOP, ("    return net + tax", "    return net * tax"))
    shown(editor, "jA  # €")
    editor.accept()
    until(lambda: "return net * tax" in editor.text(), "the replacement")
    editor.keys("!<Esc>")
    typed = editor.text()
    editor.keys("u")
    until(lambda: editor.text() != typed, "what was typed is undone")
    assert "return net * tax" in editor.text()
    assert "!" not in editor.text()
    editor.keys("u")
    until(lambda: "return net + tax" in editor.text(), "the replacement is undone")
    assert "# €" in editor.text()
    editor.keys("u")
    until(lambda: editor.text() == SHOP, "all is undone")


def test_tab_goes_to_an_edit_out_of_sight_before_it_applies(editor: Editor, opened: Open) -> None:
    opened(SHOP, ("    return total", "    return total + 1"))
    editor.keys("A  # €<Esc>")
    editor.wait(editor.hint, "the hint")
    assert "next edit: line 13" in editor.hint()
    editor.accept()
    until(lambda: editor.cursor()[0] == 12, "the cursor is there")
    assert "return total + 1" not in editor.text()
    until(lambda: not editor.hint() and (editor.ghost() or editor.diff()), "the edit, near")
    editor.accept()
    until(lambda: "return total + 1" in editor.text(), "the edit")
    editor.keys("<C-o>")
    until(lambda: editor.cursor()[0] == 0, "the jump list leads back")


def test_the_dot_takes_the_next_one(editor: Editor, opened: Open) -> None:
    text = "\n".join(f"one({n})" for n in range(3)) + "\n"
    opened(text, ("one(1)", "two(1)"), ("one(2)", "two(2)"))
    shown(editor, "A  # €<Esc>")
    editor.accept()
    until(lambda: "two(1)" in editor.text(), "the first")
    until(lambda: editor.diff() or "two(2)" in editor.text(), "the second is shown")
    editor.keys(".")
    until(lambda: "two(2)" in editor.text(), "the second")


def test_an_edit_behind_the_last_line_fits_the_buffer(editor: Editor, opened: Open) -> None:
    opened("a = 1\nb = 2\n", ("b = 2\n", "b = 2\nc = 3\n"))
    editor.keys("A  # €<Esc>")
    until(lambda: editor.diff() or editor.ghost(), "the line that comes last")
    editor.accept()
    until(lambda: editor.text() == "a = 1  # €\nb = 2\nc = 3\n", "it is the last line")
