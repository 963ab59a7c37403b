import pytest

from tests.core.formats.inputs import GIVEN, TOY
from zeta_lsp.core.formats.instinct import Instinct
from zeta_lsp.core.prompt import Answer, Replacement

INSTINCT = Instinct()
PROMPT = INSTINCT.render(TOY)

OUTPUTS = {
    "rows alone": ("a\nb", "a\nb", False),
    "the end of the message": ("a\nb<|im_end|>", "a\nb", True),
    "tags around the rows": ("<|editable_region_start|>\na\n<|editable_region_end|>", "a", True),
    "a cursor": ("a<|user_cursor_is_here|>b", "ab", False),
}


@pytest.mark.parametrize(("output", "text", "complete"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_answer_with(output, text, complete):
    expected = Answer((Replacement(*PROMPT.editable, text),), complete=complete)
    assert INSTINCT.parse(output, TOY, PROMPT) == expected


def test_chat_and_completion_say_the_same():
    prompt = INSTINCT.render(GIVEN)
    for message in prompt.messages:
        assert f"<|im_start|>{message.role}\n{message.content}<|im_end|>\n" in prompt.text
    assert prompt.text.endswith("<|im_start|>assistant\n")


def test_the_latest_edit_stands_first():
    text = INSTINCT.render(GIVEN).text
    assert text.index('file "shop/basket.py"') < text.index('file "shop/tax.py"')


def test_five_rows_on_each_side_are_editable_and_twenty_five_are_seen():
    prompt = INSTINCT.render(GIVEN)
    data = GIVEN.cursor_excerpt.encode()
    assert data[slice(*prompt.editable)].count(b"\n") == 10
    assert data[slice(*prompt.context)].count(b"\n") == 50
