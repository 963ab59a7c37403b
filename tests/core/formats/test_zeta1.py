import pytest

from tests.core.formats.inputs import FILE, GIVEN, TOY, at_cursor, prompt_input
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.zeta1 import Zeta1
from zeta_lsp.core.prompt import Answer, Replacement

ZETA = Zeta1()
PROMPT = ZETA.render(TOY)

OUTPUTS = {
    "both tags": ("<|editable_region_start|>\na\n<|editable_region_end|>", "a", None, True),
    "the end tag trimmed by the server": ("<|editable_region_start|>\na\n", "a\n", None, False),
    "no tags": ("a\nb", "a\nb", None, False),
    "text around the tags": (
        "```p\n<|start_of_file|>\n<|editable_region_start|>\na\n<|editable_region_end|>\n```",
        "a",
        None,
        True,
    ),
    "no newlines beside the tags": (
        "<|editable_region_start|>a<|editable_region_end|>",
        "a",
        None,
        True,
    ),
    "only one newline beside a tag goes": (
        "<|editable_region_start|>\n\na\n\n<|editable_region_end|>",
        "\na\n",
        None,
        True,
    ),
    "a cursor": (
        "<|editable_region_start|>\né<|user_cursor_is_here|>b\n<|editable_region_end|>",
        "éb",
        2,
        True,
    ),
    "two cursors": ("a<|user_cursor_is_here|>b<|user_cursor_is_here|>", "ab", 1, False),
    "an emptied region": ("<|editable_region_start|>\n\n<|editable_region_end|>", "", None, True),
}


@pytest.mark.parametrize(("output", "text", "cursor", "complete"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_answer_with(output, text, cursor, complete):
    expected = Answer((Replacement(*PROMPT.editable, text),), cursor, complete)
    assert ZETA.parse(output, TOY, PROMPT) == expected


def test_a_second_region_in_an_answer_is_refused():
    output = "<|editable_region_start|>\na\n<|editable_region_start|>\nb"
    with pytest.raises(UnparsableAnswer, match="leaked"):
        ZETA.parse(output, TOY, PROMPT)


def test_nothing_is_certain_before_the_start_tag():
    assert ZETA.partial("<|editable_region_sta", TOY, PROMPT) is None


def test_a_last_newline_is_not_certain():
    early = ZETA.partial("<|editable_region_start|>\na\nb\n<|edit", TOY, PROMPT)
    assert early == Replacement(*PROMPT.editable, "a\nb")


def test_the_cursor_of_a_target_is_read_back():
    output = ZETA.target(TOY, PROMPT, "né\nw", cursor=3)
    assert ZETA.parse(output, TOY, PROMPT).cursor == 3


def test_the_start_of_the_file_is_marked_only_there():
    assert "<|start_of_file|>" in ZETA.render(GIVEN).text
    later = prompt_input(FILE, at_cursor(FILE), excerpt_start_row=7)
    assert "<|start_of_file|>" not in ZETA.render(later).text
    deep = prompt_input("x = 1\n" * 400 + FILE, len("x = 1\n" * 400) + at_cursor(FILE))
    assert "<|start_of_file|>" not in ZETA.render(deep).text


def test_six_events_are_shown_oldest_first():
    events = tuple(BufferChange(f"f{n}", f"f{n}", "@@ -1,1 +1,1 @@\n-a\n+b\n") for n in range(8))
    text = ZETA.render(prompt_input("a\n", 0, events=events)).text
    shown = [n for n in range(8) if f"User edited f{n}:" in text]
    assert shown == [2, 3, 4, 5, 6, 7]
    assert text.index("f2:") < text.index("f7:")


def test_the_newest_events_stay_when_not_all_fit():
    events = tuple(BufferChange(f"f{n}", f"f{n}", "+" + "x" * 4000) for n in range(4))
    text = ZETA.render(prompt_input("a\n", 0, events=events)).text
    assert [n for n in range(4) if f"User edited f{n}:" in text] == [2, 3]
