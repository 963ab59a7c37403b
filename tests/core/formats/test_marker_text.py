"""Code that holds a format's own markers never corrupts a prompt, an answer or a document."""

import re

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.core.formats.strategies import inputs, lines, texts
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats import get
from zeta_lsp.core.formats.region import is_same_region
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.core.text import without_surrogates

FORMATS = [get(name) for name in ("zeta2.1", "zeta2", "zeta-v0131", "zeta-v0420")]
BY_NAME = {"argvalues": FORMATS, "ids": lambda form: form.name}
ONCE = (
    *("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "<|user_cursor|>"),
    *("<<<<<<< CURRENT", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
)
WRITTEN = dict.fromkeys(ONCE, 1)
OFTEN = ("<|marker_", "<|file_sep|>")
many = settings(max_examples=150, deadline=None)


def region(given, prompt):
    return without_surrogates(given.cursor_excerpt).encode()[slice(*prompt.editable)].decode()


def applied(answer, given, prompt):
    data = without_surrogates(given.cursor_excerpt).encode()
    start, end = prompt.editable
    for one in answer.replacements:
        assert start <= one.start <= one.end <= end
        data = data[: one.start] + one.text.encode() + data[one.end :]
        end += len(one.text.encode()) - (one.end - one.start)
    return data[start:end].decode()


@pytest.mark.parametrize("form", **BY_NAME)
@many
@for_all(given=inputs(), new=texts)
def test_a_target_read_as_an_answer_gives_the_new_text(form, given, new):
    prompt = form.render(given)
    new = without_surrogates(new)
    answer = form.parse(form.target(given, prompt, new), given, prompt)
    assert answer.complete
    sentinel = new.strip() in ("NO_EDITS", "KEEP_PREVIOUS")
    assert is_same_region(applied(answer, given, prompt), new) or sentinel


@pytest.mark.parametrize("form", **BY_NAME)
@many
@for_all(given=inputs(), new=texts, at=st.integers(0, 400))
def test_the_cursor_of_a_target_is_read_where_it_was_put(form, given, new, at):
    prompt = form.render(given)
    new = without_surrogates(new)
    at = min(at, len(new.removesuffix("\n")))
    output = form.target(given, prompt, new, len(new[:at].encode()))
    answer = form.parse(output, given, prompt)
    if answer.replacements and answer.cursor is not None:
        start = answer.replacements[0].start - prompt.editable[0]
        assert start + answer.cursor == len(new[:at].encode())


@pytest.mark.parametrize("form", **BY_NAME)
@many
@for_all(given=inputs())
def test_a_prompt_holds_only_the_markers_that_the_format_wrote(form, given):
    text = form.render(given).text
    for marker in form.markers:
        assert marker in OFTEN or text.count(marker) == WRITTEN.get(marker, 0)
    tags = re.findall(r"<\|marker_(\d+)\|>", text)
    if form.name in ("zeta2.1", "zeta-v0420"):
        assert tags == [str(number) for number in range(1, text.count("<|marker_") + 1)]
    else:
        assert text.count("\n=======\n") == 1


@pytest.mark.parametrize("form", **BY_NAME)
@many
@for_all(
    given=inputs(),
    output=st.lists(st.one_of(lines, st.just("\n"), st.just("<|marker_3|>"))).map("".join),
)
def test_any_output_is_an_answer_without_markers_or_refused(form, given, output):
    prompt = form.render(given)
    try:
        answer = form.parse(output, given, prompt)
    except UnparsableAnswer:
        return
    form.partial(output, given, prompt)
    applied(answer, given, prompt)
    for one in answer.replacements:
        shown = one.text.replace("\u2060", "")
        assert all(marker not in shown for marker in form.markers) or "\u2060" in output


def test_a_prompt_without_markers_in_its_texts_is_left_alone():
    text = "# ============== title =======\nprint('<filename>', a <b> c)\n"
    given = PromptInput("p/a.py", text, 0, syntax_ranges=())
    for form in FORMATS:
        assert "\u2060" not in form.render(given).text


def test_a_heading_rule_of_seven_signs_is_no_end_of_the_region():
    text = "Title\n=======\n\nSome text.\n"
    given, form = PromptInput("p/a.md", text, 5, syntax_ranges=()), get("zeta2")
    prompt = form.render(given)
    assert (
        "<<<<<<< CURRENT\nTitle<|user_cursor|>\n=\u2060======\n\nSome text.\n=======\n"
        in prompt.text
    )
    output = "Titles\n=\u2060======\n\nSome text.\n>>>>>>> UPDATED\n"
    (replacement,) = form.parse(output, given, prompt).replacements
    assert replacement.text == "Titles\n=======\n\nSome text.\n"


def test_a_block_may_hold_the_tags_of_other_blocks():
    text = "a = '<|marker_2|>'\nb = 1\n"
    given, form = PromptInput("p/a.py", text, 0, syntax_ranges=()), get("zeta2.1")
    prompt = form.render(given)
    output = "<|marker_1|>a = '<\u2060|marker_2|>'\nb = 2\n<|marker_2|>"
    (replacement,) = form.parse(output, given, prompt).replacements
    assert replacement.text == "a = '<|marker_2|>'\nb = 2\n"


def test_hashed_blocks_may_hold_markers_too():
    text = "a = '<|marker_abcd|>'\nb = '<|user_cursor|>'\nc = 3\n"
    excerpt = RelatedExcerpt((0, 3), text, context_source="current_file")
    given = PromptInput(
        "p/a.py", text, 30, 0, related_files=(RelatedFile("p/a.py", 3, (excerpt,)),)
    )
    form = get("zeta-v0615")
    prompt = form.render(given)
    assert prompt.text.count("<|user_cursor|>") == 1
    output = form.target(given, prompt, text.replace("3", "4"))
    (replacement,) = form.parse(output, given, prompt).replacements
    assert replacement.related == (0, 0)
    assert replacement.text == text.replace("3", "4")


def test_lone_surrogates_reach_no_prompt():
    given = PromptInput("p/\ud800.py", "x = '\ud800'\n", 5, syntax_ranges=())
    broken = msgspec.structs.replace(
        given, related_files=(RelatedFile("p/b.py", 2, (RelatedExcerpt((0, 1), "\udfff"),)),)
    )
    for form in FORMATS:
        assert form.render(broken).text.encode()
