import pytest

from tests.core.formats.inputs import GIVEN, TOY
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.mercury import Mercury
from zeta_lsp.core.prompt import Answer, Message, Replacement

MERCURY = Mercury()
PROMPT = MERCURY.render(TOY)

OUTPUTS = {
    "a plain fence": ("```\na\nb\n```", "a\nb", True),
    "a language": ("```python\na\n```", "a", True),
    "words around the fence": ("Here:\n```\na\n```\nDone.", "a", True),
    "tags of the region": ("```\n<|code_to_edit|>\na\n<|/code_to_edit|>\n```", "a", True),
    "a cursor": ("```\na<|cursor|>b\n```", "ab", True),
    "a fence inside": ("```\n# t\n```py\nx\n```\nend\n```", "# t\n```py\nx\n```\nend", True),
    "no closing fence": ("```\na\nb", "a\nb", False),
    "blank rows at both ends": ("```\n\na\n\n```", "\na\n", True),
}


@pytest.mark.parametrize(("output", "text", "complete"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_answer_with(output, text, complete):
    expected = Answer((Replacement(*PROMPT.editable, text),), complete=complete)
    assert MERCURY.parse(output, TOY, PROMPT) == expected


@pytest.mark.parametrize("output", ["None", " None\n", "```\nNone\n```", "```None```"])
def test_none_is_no_edit(output):
    assert MERCURY.parse(output, TOY, PROMPT) == Answer()


def test_an_answer_without_a_fence_is_refused():
    with pytest.raises(UnparsableAnswer) as refused:
        MERCURY.parse("I would not change this.", TOY, PROMPT)
    assert refused.value.reason == "no_fence"


def test_it_is_asked_with_one_user_message():
    assert PROMPT.messages == (Message("user", PROMPT.text),)


def test_sections_without_content_stay():
    bare = MERCURY.render(TOY).text
    assert bare.startswith(
        "<|recently_viewed_code_snippets|>\n\n<|/recently_viewed_code_snippets|>"
    )


def test_the_latest_edit_stands_last():
    text = MERCURY.render(GIVEN).text
    assert text.index("+++ b/shop/tax.py") < text.index("+++ b/shop/basket.py")


def test_only_whole_rows_before_the_first_fence_are_certain():
    assert MERCURY.partial("```\na\nb", TOY, PROMPT) == Replacement(*PROMPT.editable, "a")
    assert MERCURY.partial("```\na\nb\n```\nc\n", TOY, PROMPT) == Replacement(
        *PROMPT.editable, "a\nb"
    )
    assert MERCURY.partial("Sure", TOY, PROMPT) is None


def test_a_tag_of_the_region_is_not_certain():
    output = "```\n<|code_to_edit|>\na\n<|/code_to_edit|>\n"
    assert MERCURY.partial(output, TOY, PROMPT) == Replacement(*PROMPT.editable, "a")
