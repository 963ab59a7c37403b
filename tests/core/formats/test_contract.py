"""What every prompt format promises, whatever the text that it is given."""

import msgspec
import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from tests.core.formats.inputs import EMPTY, FILE, GIVEN, at_cursor, prompt_input
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats import fim, instinct, mercury, sweep, zeta1
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.text import byte_length

REGION_FORMATS = [*zeta1.FORMATS, *sweep.FORMATS, *mercury.FORMATS, *instinct.FORMATS]
FORMATS = [*REGION_FORMATS, *fim.FORMATS]
MARKERS = sorted({marker for one in FORMATS for marker in one.markers})

every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
every_region_format = pytest.mark.parametrize("form", REGION_FORMATS, ids=lambda form: form.name)

words = ["a", "total", " ", "\n", "    ", "(", ")", "é", "日本", "```", "\u2060", "None"]
plain_texts = st.lists(st.sampled_from(words), max_size=20).map("".join)
hostile_texts = st.lists(st.sampled_from([*words, *MARKERS, "<|", "|>", "<"]), max_size=20).map(
    "".join
)


@st.composite
def inputs(draw, texts=hostile_texts):
    above, below, word = draw(texts), draw(texts), draw(texts)
    event = BufferChange(
        "shop/basket.py", "shop/basket.py", f"@@ -1,1 +1,1 @@\n-{word}\n+{above}\n"
    )
    related = RelatedFile(f"shop/{word}", 9, (RelatedExcerpt((0, 1), below),))
    return prompt_input(
        above + below, byte_length(above), events=(event,), related_files=(related,)
    )


def region_of(given, prompt):
    return given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()


@every_format
@over(given=inputs())
def test_ranges_hold_the_cursor_and_end_at_row_borders(form, given):
    prompt = form.render(given)
    data = given.cursor_excerpt.encode()
    (start, end), (first, last) = prompt.editable, prompt.context
    assert 0 <= first <= start <= given.cursor_offset_in_excerpt <= end <= last <= len(data)
    for edge in (first, start):
        assert edge == 0 or data[edge - 1 : edge] == b"\n"
    for edge in (end, last):
        assert edge == len(data) or data[edge : edge + 1] == b"\n"


@every_format
@over(given=inputs())
def test_markers_in_somebodys_code_never_reach_the_prompt(form, given):
    """The prompt holds as many markers as one about harmless text of the same shape."""
    harmless = prompt_input("a\n", 1, events=given.events[:0], related_files=())
    prompt, other = form.render(given), form.render(harmless)
    optional = {"<|context_file|>", "<|snippet|>", "<|file_sep|>", "<|start_of_file|>"}
    for marker in form.markers:
        if marker not in optional and "recently_viewed_code_snippet|" not in marker:
            assert prompt.text.count(marker) == other.text.count(marker)


@every_region_format
@over(given=inputs(), region=hostile_texts)
def test_an_answer_with_markers_of_its_own_code_is_read_back_exactly(form, given, region):
    prompt = form.render(given)
    output = form.target(given, prompt, region)
    answer = form.parse(output, given, prompt)
    assert answer.complete
    if answer.replacements:
        assert answer.replacements == (
            msgspec.structs.replace(
                answer.replacements[0],
                start=prompt.editable[0],
                end=prompt.editable[1],
                text=region,
            ),
        )
    else:
        assert not region.strip() or region.strip("`\n ") == "None"


@every_format
@over(given=inputs())
def test_the_target_for_no_edit_changes_nothing(form, given):
    prompt = form.render(given)
    answer = form.parse(form.target(given, prompt, None), given, prompt)
    for replacement in answer.replacements:
        assert replacement.text == region_of(given, prompt)


@every_format
@over(given=inputs(), data=st.data())
def test_what_is_certain_while_streaming_begins_the_final_text(form, given, data):
    prompt = form.render(given)
    output = data.draw(st.lists(st.sampled_from([*words, *form.markers, "<|", "<"]), max_size=12))
    if data.draw(st.booleans()):
        output = [form.target(given, prompt, None)[:200], *output]
    output = "".join(output)
    try:
        answer = form.parse(output, given, prompt)
    except UnparsableAnswer:
        return
    for end in range(len(output) + 1):
        early = form.partial(output[:end], given, prompt)
        if early and answer.replacements:
            final = answer.replacements[0]
            assert final.text.startswith(early.text)
            assert (early.start, early.end) == (final.start, final.end)


@every_format
@over(given=inputs(), data=st.data())
def test_no_marker_of_a_format_leaves_it(form, given, data):
    prompt = form.render(given)
    output = data.draw(st.lists(st.sampled_from(["x", "\n", "```", *form.markers]), max_size=6))
    try:
        answer = form.parse("".join(output), given, prompt)
    except UnparsableAnswer:
        return
    for replacement in answer.replacements:
        assert all(marker not in replacement.text for marker in form.markers)


@every_format
def test_an_empty_file_has_a_prompt(form):
    prompt = form.render(EMPTY)
    assert prompt.editable == prompt.context == (0, 0)
    assert form.parse(form.target(EMPTY, prompt, None), EMPTY, prompt).complete


@every_format
def test_a_row_too_long_for_any_prompt_has_none(form):
    assert form.render(prompt_input("x" * 60_000, 5)) is None


@every_format
def test_prompts_stay_within_the_limit(form):
    diff = "@@ -1,1 +1,1 @@\n-" + "x" * 3000 + "\n+y\n"
    events = tuple(BufferChange(f"shop/{n}", f"shop/{n}", diff) for n in range(9))
    excerpts = tuple(RelatedExcerpt((0, 1), "z" * 3000) for _ in range(9))
    many = prompt_input(
        FILE, at_cursor(FILE), events=events, related_files=(RelatedFile("r", 1, excerpts),)
    )
    assert byte_length(form.render(many).text) // 3 <= 4096


@every_format
def test_there_is_room_for_the_answer(form):
    prompt = form.render(GIVEN)
    region = byte_length(region_of(GIVEN, prompt)) if form in REGION_FORMATS else 0
    assert prompt.max_tokens >= region // 3 + 64


@every_format
def test_an_output_without_text_is_no_edit(form):
    prompt = form.render(GIVEN)
    assert form.parse("", GIVEN, prompt).replacements == ()


@every_format
def test_stop_strings_are_markers(form):
    for stop in form.render(GIVEN).stop:
        assert stop.strip("\n") in form.markers
