"""What a growing answer says for sure is the beginning of what it says in the end."""

import random

import pytest

from tests.core.formats.files import any_files, changed_in_cursor_excerpt
from tests.core.formats.generated import inputs, rewritten
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import PromptInput

COUNT = 60


@pytest.mark.parametrize("name", ["zeta2.1", "zeta2", "zeta-v0131", "zeta-v0420"])
def test_every_partial_answer_begins_the_whole_one(name):
    rng, form, seen = random.Random(7), get(name), 0
    for given in inputs(7, COUNT):
        if (prompt := form.render(given)) is None:
            continue
        old = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
        new = rewritten(rng, old)
        output = form.target(given, prompt, new, rng.choice([None, 0]))
        answer = form.parse(output, given, prompt)
        for size in range(0, len(output), max(1, len(output) // 50)):
            partial = form.partial(output[:size], given, prompt)
            if partial is None:
                continue
            seen += 1
            start, text = prompt.editable[0], old
            if answer.replacements:
                start, text = answer.replacements[0].start, answer.replacements[0].text
            assert partial.end == prompt.editable[1]
            assert partial.start == start or not answer.replacements
            assert f"{text}\n".startswith(partial.text) or not answer.replacements
    assert seen > COUNT


def partial(name, output, text="a\nb\nc\n"):
    form, given = get(name), PromptInput("p/a.py", text, 0, syntax_ranges=())
    found = form.partial(output, given, form.render(given))
    return found and found.text


CASES = {
    "zeta2": {
        "": None,
        "A": None,
        "A\n": "A\n",
        "A\nB": "A\n",
        "A\n<|user_cursor|>B\nC": "A\nB\n",
        "A\n>>>>": "A\n",
        "A\n>>>>>>> UPDATED\n": "A\n",
        "A\n>>>>>>> theirs\nB\n": "A\n>>>>>>> theirs\nB\n",
        ">>>>>>> UPDATED\n": None,
        "A\n<[fim-prefix]>\n": "A\n",
    },
    "zeta2.1": {
        "": None,
        "<|marker_1|": None,
        "<|marker_1|>A": None,
        "<|marker_1|>A\nB": "A\n",
        "<|marker_1|>A\n<|marker_": "A\n",
        "<|marker_1|>A\n<|marker_2|>": "A\n",
        "<|marker_1|>A\n<|marker_2|>\n": "A\n",
        "<|marker_1|>A\n<|marker_2|><[end▁of▁sentence]>": "A\n",
        "<|marker_1|>\nA\n": None,
        "<|marker_2|>A\n": None,
        "junk\n<|marker_1|>A\nB\nC": "A\nB\n",
    },
}


@pytest.mark.parametrize(
    ("name", "output"), [(name, output) for name, cases in CASES.items() for output in cases]
)
def test_whole_lines_and_whole_blocks_are_certain(name, output):
    assert partial(name, output) == CASES[name][output]


def test_a_span_of_hashed_blocks_is_certain_once_it_is_closed():
    rng, form, closed = random.Random(8), get("zeta-v0615"), 0
    for _ in range(COUNT):
        files = any_files(rng)
        prompt = form.render(files.given)
        output = form.target(files.given, prompt, changed_in_cursor_excerpt(rng, files))
        half = output[: output.rfind("<|marker_")]
        if half.count("<|marker_") == 1:
            assert form.partial(half, files.given, prompt) is None
        found = form.partial(output, files.given, prompt)
        closed += found is not None
        assert found is None or found in form.parse(output, files.given, prompt).replacements
    assert closed
