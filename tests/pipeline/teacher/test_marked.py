"""What a teacher is shown, and what its answers mean."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.teacher.marked import END, START, fenced, marked, region_answer, says
from pipeline.teacher.prompt import HISTORY_ROWS, INSTRUCTION, RELATED_TOKENS, shown
from tests.pipeline.teacher.examples import CODE, case, in_words, row_for
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.prompt import Answer, Replacement

RANGE = (3, 9)
PIECES = ["a", "é", "\n", " ", "`", "```", START, END, CURSOR, "<|", "\u2060", "NO_EDITS"]
CODE_OF_ALL_KINDS = st.lists(st.sampled_from(PIECES)).map("".join)


@given(CODE_OF_ALL_KINDS)
def test_a_region_comes_back_as_it_was_shown(code: str) -> None:
    answer = region_answer(in_words(marked(code)[len(START) + 1 : -len(END) - 1]), RANGE)
    assert answer == Answer((Replacement(3, 9, code),), None)


@given(CODE_OF_ALL_KINDS, st.data())
def test_a_cursor_comes_back_where_it_was_put(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code)))
    cursor = len(code[:at].encode())
    answer = region_answer(f"Because.\n{fenced(marked(code, cursor))}", RANGE)
    assert answer.replacements[0].text == code
    assert answer.cursor == cursor


@given(st.text())
def test_any_answer_is_read_or_refused(output: str) -> None:
    with suppress(UnparsableAnswer):
        region_answer(output, RANGE)


@pytest.mark.parametrize(
    "output",
    [
        "NO_EDITS", "They are done.\n\nNO_EDITS\n", "```\nNO_EDITS\n```", "**NO_EDITS**",
        f"{in_words('a')}\nOn second thoughts:\nNO_EDITS",
    ],
)  # fmt: skip
def test_no_edits_is_an_answer(output: str) -> None:
    assert region_answer(output, RANGE) == Answer()


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (f"{in_words('draft')}\n\nBetter:\n{in_words('last')}", "last"),
        (f"The mark {START} begins it.\n{in_words('last')}", "last"),
        (f"<think>\n{in_words('draft')}\nNO_EDITS\n</think>\n{in_words('last')}", "last"),
        (f"The answer is not NO_EDITS here.\n{in_words('last')}", "last"),
        (in_words("if x:\n    NO_EDITS\n"), "if x:\n    NO_EDITS\n"),
        (f"{START}\n{END}", ""),
        (f"{START}bare{END}", "bare"),
    ],
)
def test_the_last_region_is_the_answer(output: str, text: str) -> None:
    assert region_answer(output, RANGE).replacements == (Replacement(3, 9, text),)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("I cannot say.", "no_region"), ("", "no_region"),
        (f"{START}\nhalf of it", "answer_cut_short"),
        ("They think NO_EDITS is right.", "no_region"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_a_word(output: str, reason: str) -> None:
    with pytest.raises(UnparsableAnswer) as fault:
        region_answer(output, RANGE)
    assert fault.value.reason == reason


def test_an_example_shows_edits_code_and_the_region() -> None:
    text = shown(case(row_for()))
    region = text.partition(f"{START}\n")[2].partition(f"\n{END}")[0]
    assert region.replace(CURSOR, "") == CODE.removesuffix("\n")
    assert region.startswith(f"def total(rows, timeout{CURSOR})")
    assert "-    first = fetch(rows)\n" in text
    assert "shop/total.py" in text


def test_history_and_related_code_are_bounded() -> None:
    row = row_for()
    long = "".join(f"+row {n}\n" for n in range(500))
    inputs = row["prompt_inputs"]
    inputs["events"][0]["diff"] = f"@@ -1,0 +1,500 @@\n{long}"
    inputs["related_files"] = [
        {
            "path": f"shop/f{n}.py",
            "max_row": 9,
            "excerpts": [{"row_range": {"start": 0, "end": 9}, "text": "x = 1\n" * 99}],
        }
        for n in range(20)
    ]
    text = shown(case(row))
    assert "row 499" in text
    assert text.count("\n+row ") <= HISTORY_ROWS
    related = text.partition("# Elsewhere")[2].partition("# The file")[0]
    assert 0 < len(related) <= RELATED_TOKENS * 3 + 100


def test_code_that_holds_the_marks_is_shown_without_them() -> None:
    code = f"START = '{START}'\nEND = '{END}'\nCURSOR = '{CURSOR}'\n```\nfence\n```\n"
    text = shown(case(row_for(code=code)))
    assert (text.count(START), text.count(END), text.count(CURSOR)) == (1, 1, 1)
    assert "\n````" in text


def test_the_instruction_asks_for_what_is_read() -> None:
    assert all(word in INSTRUCTION for word in (START, END, CURSOR, "NO_EDITS"))
    examples = INSTRUCTION.partition("Examples")[2].split("\n\n")[1:]
    assert len([region_answer(one, RANGE) for one in examples]) == 6


@pytest.mark.parametrize("piece", ["\n", "_", "-", "NO_EDITS ", f"{START}\n"])
def test_a_long_senseless_answer_takes_no_time(piece: str) -> None:
    with suppress(UnparsableAnswer):
        region_answer(piece * 200_000 + "x", RANGE)


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("KEEP_PREVIOUS", True), ("Fine.\n`KEEP_PREVIOUS`.", True), ("not KEEP_PREVIOUS", False)],
)
def test_a_word_counts_on_a_row_of_its_own(text: str, is_said: bool) -> None:
    assert says("KEEP_PREVIOUS", text) == is_said
