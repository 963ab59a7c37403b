"""Answers as real servers deliver them: trimmed, cut short, with end tokens and odd newlines."""

import pytest

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import PromptInput, Replacement

TEXT = "a = 1\nb = 2\n\nc = 3\n"
GIVEN = PromptInput("p/a.py", TEXT, 5, syntax_ranges=())
# Two blocks: the border lies where `h` begins.
BLOCKS = "a\nb\nc\nd\ne\nf\n\nh\ni\nj\nk\nl\nm\n"
BORDER = BLOCKS.index("h")
OLD_CONFLICT = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"


def parsed(name, output, text=TEXT):
    form = get(name)
    given = PromptInput("p/a.py", text, 0, syntax_ranges=())
    return form.parse(output, given, form.render(given))


WHOLE = [
    ("closed", "a = 2\n>>>>>>> UPDATED\n", "a = 2\n", True),
    ("without the final newline", "a = 2\n>>>>>>> UPDATED", "a = 2\n", True),
    ("the closing line cut", "a = 2\n>>>>>>> UPD", "a = 2\n", True),
    ("only its signs", "a = 2\n>>>>>>>", "a = 2\n", True),
    ("only six signs", "a = 2\n>>>>>>", "a = 2\n>>>>>>", False),
    ("behind text", "a = 2>>>>>>> UPDATED\n", "a = 2", True),
    ("text behind it", "a = 2\n>>>>>>> UPDATED\nb = 9\n", "a = 2\n", True),
    ("no closing line", "a = 2\n", "a = 2\n", False),
    ("everything deleted", ">>>>>>> UPDATED\n", "", True),
    ("two cursors", "a <|user_cursor|>= <|user_cursor|>2\n>>>>>>> UPDATED\n", "a = 2\n", True),
]


@pytest.mark.parametrize("name", ["zeta2", "zeta-v0131"])
@pytest.mark.parametrize(
    ("output", "text", "complete"), [row[1:] for row in WHOLE], ids=[r[0] for r in WHOLE]
)
def test_a_region_is_read_up_to_its_closing_line(name, output, text, complete):
    answer = parsed(name, output)
    assert answer.replacements == (Replacement(0, len(TEXT), text),)
    assert answer.complete is complete


@pytest.mark.parametrize(
    ("name", "token"), [("zeta2", "<[end▁of▁sentence]>"), ("zeta-v0131", "<|endoftext|>")]
)
def test_an_end_token_ends_the_answer(name, token):
    answer = parsed(name, f"a = 2\n>>>>>>> UPDATED\n{token}")
    assert answer.replacements[0].text == "a = 2\n"
    assert answer.complete


@pytest.mark.parametrize("name", ["zeta2", "zeta-v0131"])
@pytest.mark.parametrize(
    "output",
    [
        "NO_EDITS",
        "NO_EDITS\n>>>>>>> UPDATED\n",
        "KEEP_PREVIOUS\n>>>>>>> UPDATED\n",
        f"{TEXT}>>>>>>> UPDATED\n",
    ],
)
def test_no_edit_is_no_edit_however_it_is_said(name, output):
    assert parsed(name, output).replacements == ()


@pytest.mark.parametrize("name", ["zeta2", "zeta-v0131"])
@pytest.mark.parametrize("output", ["", "\n"])
def test_nothing_at_all_is_not_an_order_to_delete(name, output):
    answer = parsed(name, output)
    assert not answer.replacements
    assert not answer.complete


def test_half_a_closing_line_is_no_evidence_where_the_region_has_such_lines():
    answer = parsed("zeta2", "<<<<<<< ours\na = 1\n=\u2060======\na = 2\n>>>>>>>", OLD_CONFLICT)
    assert not answer.complete


def test_a_marker_that_does_not_belong_there_refuses_the_answer():
    with pytest.raises(UnparsableAnswer, match="marker") as fault:
        parsed("zeta2", "a = <[fim-prefix]>2\n>>>>>>> UPDATED\n")
    assert fault.value.reason == "leaked_marker"


FIRST, SECOND = BLOCKS[:BORDER], BLOCKS[BORDER:]
SPANS = [
    ("byte-exact", "<|marker_1|>A\n<|marker_2|>", (0, BORDER, "A\n"), True),
    (
        "with the end token",
        "<|marker_1|>A\n<|marker_2|><[end▁of▁sentence]>",
        (0, BORDER, "A\n"),
        True,
    ),
    ("with half the end token", "<|marker_1|>A\n<|marker_2|><[end▁of", (0, BORDER, "A\n"), True),
    ("as the model card prints", "<|marker_1|>\nA\n<|marker_2|>\n", (0, BORDER, "A\n"), True),
    (
        "two blocks of the card",
        "<|marker_1|>\nA\n<|marker_2|>\nB\n<|marker_3|>\n",
        (0, len(BLOCKS), "A\nB\n"),
        True,
    ),
    ("a blank line first", "<|marker_1|>\nA\n<|marker_2|>", (0, BORDER, "\nA\n"), True),
    ("newline trimmed at a border", "<|marker_1|>A<|marker_2|>", (0, BORDER, "A\n"), True),
    ("newline trimmed at the end", "<|marker_2|>A<|marker_3|>", (BORDER, len(BLOCKS), "A"), True),
    ("block deleted", "<|marker_1|><|marker_2|>", (0, BORDER, ""), True),
    ("cut in the second block", "<|marker_1|>A\n<|marker_2|>h\ni", (0, BORDER, "A\n"), False),
    ("cut in a tag", "<|marker_1|>A\n<|marker_2|>h\n<|mark", (0, BORDER, "A\n"), False),
    (
        "two cursors",
        "<|marker_1|><|user_cursor|>A<|user_cursor|>\n<|marker_2|>",
        (0, BORDER, "A\n"),
        True,
    ),
]


@pytest.mark.parametrize(
    ("output", "expected", "complete"), [row[1:] for row in SPANS], ids=[r[0] for r in SPANS]
)
def test_a_span_is_read_between_its_tags(output, expected, complete):
    answer = parsed("zeta2.1", output, BLOCKS)
    assert answer.replacements == (Replacement(*expected),)
    assert answer.complete is complete


@pytest.mark.parametrize(
    "output",
    [
        "NO_EDITS",
        "<|marker_2|><|marker_2|>",
        "<|marker_1|>\n<|marker_1|>\n",
        f"<|marker_1|>{FIRST}<|marker_2|>",
    ],
)
def test_a_span_that_changes_nothing_is_no_edit(output):
    answer = parsed("zeta2.1", output, BLOCKS)
    assert answer.replacements == ()
    assert answer.complete


FAULTS = {
    "A\n": "no_markers",
    "": "no_markers",
    "<|marker_1|>A\n": "unclosed_span",
    "<|marker_1|>A\n<|mark": "unclosed_span",
    "<|marker_1|>A\n<|marker_4|>": "marker_out_of_range",
    "<|marker_0|>A\n<|marker_1|>": "marker_out_of_range",
    "<|marker_2|>A\n<|marker_1|>": "markers_reversed",
    "<|marker_1|>A <[fim-prefix]>\n<|marker_2|>": "leaked_marker",
    "<|marker_1|>A <|marker_x|>\n<|marker_2|>": "leaked_marker",
}


@pytest.mark.parametrize(("output", "reason"), FAULTS.items())
def test_what_is_no_span_is_refused_with_a_reason(output, reason):
    with pytest.raises(UnparsableAnswer) as fault:
        parsed("zeta2.1", output, BLOCKS)
    assert fault.value.reason == reason


@pytest.mark.parametrize("name", ["zeta2.1", "zeta2", "zeta-v0131", "zeta-v0420", "zeta-v0615"])
def test_an_answer_without_its_end_must_not_be_applied(name):
    assert get(name).needs_end


@pytest.mark.parametrize("name", ["zeta2.1", "zeta2", "zeta-v0131", "zeta-v0420"])
def test_the_answer_may_be_as_long_as_its_region_needs(name):
    form, short = get(name), PromptInput("p/a.py", "", 0)
    long = PromptInput("p/a.py", "x = some_call(value)\n" * 100, 900)
    region = (prompt := form.render(long)).editable
    assert form.render(short).max_tokens >= 128
    assert prompt.max_tokens >= (region[1] - region[0]) / 2.5 + 64
    assert prompt.max_tokens <= 1024


def test_a_line_too_long_for_any_prompt_gives_none():
    given = PromptInput("p/a.py", "x" * 100_000, 50_000, syntax_ranges=())
    assert get("zeta2.1").render(given) is None
    assert get("zeta2").render(given) is None
    assert get("zeta-v0131").render(given) is None
