import msgspec
import pytest

from tests.core.formats.inputs import GIVEN, prompt_input
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats.fim import FORMATS
from zeta_lsp.core.prompt import Answer, Replacement

BY_NAME = {form.name: form for form in FORMATS}
QWEN = BY_NAME["fim-qwen"]


def completed(text, output):
    """What is inserted at the ``|`` in `text`."""
    before, _, after = text.partition("|")
    given = prompt_input(before + after, len(before.encode()))
    found = QWEN.parse(output, given, QWEN.render(given)).replacements
    assert all((one.start, one.end) == (given.cursor_offset_in_excerpt,) * 2 for one in found)
    return "".join(one.text for one in found)


REPEATED = {
    "nothing": ("x = |\ny\n", "1", "1"),
    "the newline behind the cursor": ("x = |\ny\n", "1\n", "1"),
    "the next row": ("x = |\ny = 2\n", "1\ny = 2\n", "1"),
    "the rest of the row": ("f(|)\n", "a)", "a"),
    "the rest of the row and the next": ("f(|)\ny\n", "a)\ny", "a"),
    "a bracket that the completion opened itself": ("f(|)\n", "g(a)", "g(a)"),
    "a bracket of an earlier opening": ("f(g(|)\n", "a)", "a)"),
    "a quote": ('print("|")\n', 'hi")', "hi"),
    "all of it": ("f(|)\n", ")", ""),
    "a beginning that only looks alike": ("a|bc\n", "xb", "x"),
}


@pytest.mark.parametrize(("text", "output", "inserted"), REPEATED.values(), ids=REPEATED)
def test_a_completion_that_repeats(text, output, inserted):
    assert completed(text, output) == inserted


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_an_answer_ends_at_the_first_special_token(form):
    prompt = form.render(GIVEN)
    for marker in form.markers:
        answer = form.parse(f"lt + 1{marker}more", GIVEN, prompt)
        at = GIVEN.cursor_offset_in_excerpt
        assert answer == Answer((Replacement(at, at, "lt + 1"),))


def test_half_a_special_token_and_a_repetition_are_not_certain():
    given = prompt_input("f()\n", 2)
    prompt = QWEN.render(given)
    assert QWEN.partial("a)", given, prompt) == Replacement(2, 2, "a")
    assert QWEN.partial("a<|endof", given, prompt) == Replacement(2, 2, "a")


def test_the_target_is_the_inserted_text():
    given = prompt_input("f()\n", 2)
    assert QWEN.target(given, QWEN.render(given), "f(a, b)\n") == "a, b<|endoftext|>"


@pytest.mark.parametrize("region", ["g()\n", "f(\n", "f", "f(x)"])
def test_a_change_that_is_no_insertion_at_the_cursor_has_no_target(region):
    given = prompt_input("f()\n", 2)
    with pytest.raises(UsageError, match="only insert"):
        QWEN.target(given, QWEN.render(given), region)


def test_a_region_whose_ends_overlap_has_no_target():
    given = prompt_input("aa\n", 1)
    with pytest.raises(UsageError, match="only insert"):
        QWEN.target(given, QWEN.render(given), "a\n")


def test_history_and_related_code_are_not_part_of_the_prompt():
    bare = msgspec.structs.replace(GIVEN, events=(), related_files=None)
    assert QWEN.render(bare) == QWEN.render(GIVEN)


def test_the_families_are_those_that_settings_name():
    names = ["qwen", "seed", "starcoder", "codellama", "deepseek", "codestral", "codegemma"]
    assert list(BY_NAME) == [f"fim-{name}" for name in names]
