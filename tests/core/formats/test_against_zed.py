"""Prompts, answers and targets are Zed's, to the byte, on thousands of made-up inputs."""

import random
from itertools import chain

import msgspec
import pytest

from tests.core.formats import oracle
from tests.core.formats.generated import (
    full_inputs,
    inputs,
    prompt_input,
    rewritten,
    with_current_file,
)
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.markers import marker_offsets
from zeta_lsp.core.formats.region import is_same_region
from zeta_lsp.core.formats.v0131 import V0131
from zeta_lsp.core.formats.v0420 import V0420
from zeta_lsp.core.formats.v0615 import V0615
from zeta_lsp.core.formats.zeta2 import Zeta2
from zeta_lsp.core.formats.zeta2_1 import Zeta21
from zeta_lsp.core.prompt import PromptInput

FORMATS = [Zeta2(), Zeta21(), V0131(), V0420()]
COUNT = 2000

pytestmark = oracle.needs_oracle


def in_zeds_terms(given):
    """Zed needs ready-made ranges where there are no syntax ranges."""
    if given.syntax_ranges is not None:
        return given
    ranges = oracle.excerpt_ranges(given.cursor_excerpt, given.cursor_offset_in_excerpt, ())
    return msgspec.structs.replace(given, excerpt_ranges=ranges)


def text_of(prompt):
    return prompt and prompt.text


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_prompts_are_zeds(form):
    for given in chain(inputs(1, COUNT), full_inputs(1, COUNT // 4)):
        assert text_of(form.render(given)) == oracle.prompt(in_zeds_terms(given), form.zed_name)


def test_prompts_of_hashed_regions_are_zeds():
    rng, form, rendered = random.Random(2), V0615(), 0
    for _ in range(COUNT):
        given = with_current_file(rng, prompt_input(rng))
        text, expected = (
            text_of(form.render(given)),
            oracle.prompt(in_zeds_terms(given), form.zed_name),
        )
        rendered += expected is not None
        if expected is None and text is not None:
            assert len(text.encode()) <= 7200 * 3  # too large for Zed; here the blocks that fit
        else:
            assert text == expected
    assert rendered > COUNT / 2


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_ready_made_ranges_count_where_there_are_no_syntax_ranges(form):
    rng = random.Random(3)
    for any_input in inputs(3, 300):
        given = with_ready_made_ranges(rng, any_input)
        prompt = form.render(given)
        assert text_of(prompt) == oracle.prompt(given, form.zed_name)
        assert prompt is None or prompt.editable == given.excerpt_ranges["editable_350"]


def test_ready_made_ranges_count_for_nothing_beside_syntax_ranges():
    given = PromptInput("p/a.py", "a\nb\nc\n", 2, syntax_ranges=())
    ranges = {"editable_350": (2, 3), "editable_350_context_150": (2, 3)}
    stale = msgspec.structs.replace(given, excerpt_ranges=ranges)
    assert Zeta21().render(stale) == Zeta21().render(given)


def with_ready_made_ranges(rng, given):
    text, size = given.cursor_excerpt, len(given.cursor_excerpt)
    cursor = len(text.encode()[: given.cursor_offset_in_excerpt].decode())
    starts = sorted((rng.randint(0, cursor), rng.randint(0, cursor)))
    ends = sorted((rng.randint(cursor, size), rng.randint(cursor, size)))
    context, editable = (
        (len(text[:a].encode()), len(text[:b].encode()))
        for a, b in zip(starts, ends[::-1], strict=True)
    )
    ranges = {"editable_350": editable, "editable_350_context_150": context}
    return msgspec.structs.replace(given, syntax_ranges=None, excerpt_ranges=ranges)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_targets_are_zeds(form):
    rng = random.Random(4)
    for given in inputs(4, COUNT):
        prompt = form.render(given)
        if prompt is None:
            continue
        old = region(given, prompt)
        new = rewritten(rng, old) if old else old  # Zed's targets for an empty region lack the text
        cursor = any_cursor(rng, old, new)
        patch = oracle.patch(given.cursor_path, old, marked(new, cursor))
        size = None if cursor is None else len(new[:cursor].encode())
        expected = oracle.target(in_zeds_terms(given), form.zed_name, patch)
        assert form.target(given, prompt, new, size) == expected


def any_cursor(rng, old, new):
    """A cursor that a patch can hold: in a line, and only if there is a change."""
    if new == old or not new or rng.random() < 0.6:
        return None
    return rng.randint(0, len(new.removesuffix("\n")))


def marked(text, cursor):
    return text if cursor is None else f"{text[:cursor]}<|user_cursor|>{text[cursor:]}"


def test_a_target_for_an_empty_region_holds_the_new_text():
    given = PromptInput("p/a.py", "", 0)
    form = Zeta21()
    expected = "<|marker_1|>x = 1\n<|marker_2|><[end▁of▁sentence]>"
    assert form.target(given, form.render(given), "x = 1") == expected


@pytest.mark.parametrize("form", [Zeta2(), V0131()], ids=lambda form: form.name)
def test_answers_with_a_whole_region_are_read_as_zed_reads_them(form):
    rng = random.Random(5)
    for given in inputs(5, COUNT):
        prompt = form.render(given)
        if prompt is None:
            continue
        old = region(given, prompt)
        new = rewritten(rng, old)
        cursor = rng.choice([None, rng.randint(0, len(new))])
        output = marked(new, cursor) + rng.choice(["\n", ""]) + ">>>>>>> UPDATED\n"
        text, span, offset = oracle.parsed(output, in_zeds_terms(given), form.zed_name)
        answer = form.parse(output, given, prompt)
        assert answer.complete
        assert prompt.editable == span
        assert is_same_region(applied(answer, given, prompt), text)
        if answer.replacements:
            assert answer.cursor == offset


@pytest.mark.parametrize("form", [Zeta21(), V0420()], ids=lambda form: form.name)
def test_answers_with_a_span_are_read_as_zed_reads_them(form):
    rng, faults = random.Random(6), 0
    for given in inputs(6, COUNT):
        prompt = form.render(given)
        if prompt is None:
            continue
        output = any_span(rng, marker_offsets(region(given, prompt)), region(given, prompt))
        try:
            text, _, offset = oracle.parsed(output, in_zeds_terms(given), form.zed_name)
        except RuntimeError:
            faults += 1
            with pytest.raises(UnparsableAnswer):
                form.parse(output, given, prompt)
            continue
        answer = form.parse(output, given, prompt)
        assert is_same_region(applied(answer, given, prompt), text)
        if answer.replacements and answer.cursor is not None:
            start = answer.replacements[0].start - prompt.editable[0]
            assert answer.cursor + start == offset
    assert COUNT / 10 < faults < COUNT / 2


def any_span(rng, offsets, old):
    """An answer, mostly a good one, with blocks that end with a newline."""
    numbers = sorted(rng.randint(1, len(offsets)) for _ in range(rng.choice([2, 2, 2, 3])))
    if rng.random() < 0.2:
        numbers = rng.choice(
            [[], numbers[:1], [0, 1], [1, len(offsets) + 1], [2, 1], numbers[::-1]]
        )
    parts = [rng.choice(["", "", "junk"])]
    for number in numbers:
        body = rewritten(rng, old[: rng.randint(0, len(old))])
        if rng.random() < 0.3 and len(parts) == 1:
            body = marked(body, rng.randint(0, len(body)))
        parts += (f"<|marker_{number}|>", f"{body}\n".lstrip("\n"))
    parts[-1] = rng.choice(["", "\n", "junk", "<[end▁of▁sentence]>", "<[end▁of▁sentence]>more"])
    return "".join(parts)


def region(given, prompt):
    return given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()


def applied(answer, given, prompt):
    """The region as the answer leaves it."""
    data = given.cursor_excerpt.encode()
    start, end = prompt.editable
    for one in answer.replacements:
        assert start <= one.start <= one.end <= end
        data = data[: one.start] + one.text.encode() + data[one.end :]
        end += len(one.text.encode()) - (one.end - one.start)
    return data[start:end].decode()
