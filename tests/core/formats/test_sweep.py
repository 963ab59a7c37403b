import pytest

from tests.core.formats.inputs import FILE, GIVEN, at_cursor, prompt_input
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.sweep import Sweep
from zeta_lsp.core.prompt import Replacement

SWEEP = Sweep()
PROMPT = SWEEP.render(GIVEN)
ROWS = "".join(f"{row}\n" for row in range(60))


def section(text, title):
    return text.split(f"<|file_sep|>{title}\n")[1].split("<|file_sep|>")[0].removesuffix("\n")


def editing(diff, path="shop/basket.py"):
    return (BufferChange(path, path, diff),)


@pytest.mark.parametrize(
    ("cursor_row", "first", "last"), [(30, 20, 40), (3, 0, 20), (58, 40, 60), (60, 40, 60)]
)
def test_the_window_has_21_rows_and_stays_inside_the_excerpt(cursor_row, first, last):
    offset = len("".join(f"{row}\n" for row in range(cursor_row)))
    text = SWEEP.render(prompt_input(ROWS, offset, events=())).text
    rows = section(text, "current/shop/basket.py").split("\n")
    expected = [str(row) if row < 60 else "" for row in range(first, last + 1)]
    assert rows == expected


def test_a_short_file_is_shown_whole():
    text = SWEEP.render(prompt_input("a\nb\n", 0, events=())).text
    assert section(text, "current/shop/basket.py") == "a\nb\n"


def test_the_original_is_the_window_before_the_latest_change_to_the_file():
    assert "def add(self, name, price):" in section(PROMPT.text, "original/shop/basket.py")
    assert "def add(self, name, price, amount):" in section(PROMPT.text, "current/shop/basket.py")


def test_a_change_to_another_file_leaves_the_original_alone():
    text = SWEEP.render(
        prompt_input("b\n", 0, events=editing("@@ -1,1 +1,1 @@\n-a\n+b\n", "x.py"))
    ).text
    assert section(text, "original/shop/basket.py") == section(text, "current/shop/basket.py")


def test_a_change_that_is_not_found_leaves_the_original_alone():
    text = SWEEP.render(prompt_input("c\n", 0, events=editing("@@ -1,1 +1,1 @@\n-a\n+b\n"))).text
    assert section(text, "original/shop/basket.py") == "c\n"


def test_rows_that_came_above_the_window_do_not_shift_the_original():
    diff = "@@ -1,1 +1,3 @@\n 0\n+1\n+2\n"
    offset = ROWS.index("30\n")
    text = SWEEP.render(prompt_input(ROWS, offset, events=editing(diff))).text
    assert section(text, "original/shop/basket.py") == section(text, "current/shop/basket.py")


def test_rows_that_came_inside_the_window_are_missing_from_the_original():
    diff = "@@ -29,2 +29,3 @@\n 28\n+29\n 30\n"
    text = SWEEP.render(prompt_input(ROWS, ROWS.index("30\n"), events=editing(diff))).text
    original = section(text, "original/shop/basket.py").split("\n")
    assert original == [str(row) for row in range(20, 41) if row != 29]


def test_three_changes_are_shown_and_large_ones_are_passed_over():
    small = [f"@@ -1,1 +1,1 @@\n-a{n}\n+b{n}\n" for n in range(5)]
    large = "@@ -1,0 +1,50 @@\n" + "+x\n" * 50
    events = tuple(BufferChange("f", "f", diff) for diff in [*small[:4], large, small[4]])
    text = SWEEP.render(prompt_input("a\n", 0, events=events)).text
    assert [n for n in range(5) if f"original:\na{n}\n" in text] == [2, 3, 4]
    assert "x\nx\n" not in text


OUTPUTS = {
    "the newline of the heading": ("\na\nb", "a\nb", False),
    "a prompt that already ended it": ("a\nb", "a\nb", False),
    "a first row without text": ("\n\na", "\na", False),
    "a stop string that was not trimmed": ("\na<|endoftext|>", "a", True),
    "sections that go on": ("\na\n<|file_sep|>x.py\nb", "a\n", True),
}


@pytest.mark.parametrize(("output", "text", "complete"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_answer_with(output, text, complete):
    answer = SWEEP.parse(output, GIVEN, PROMPT)
    assert answer.replacements == (Replacement(*PROMPT.editable, text),)
    assert answer.complete is complete


def test_the_editable_range_is_the_window():
    start, end = PROMPT.editable
    assert FILE.encode()[start:end].decode() == section(PROMPT.text, "current/shop/basket.py")
    assert start <= at_cursor(FILE) <= end
