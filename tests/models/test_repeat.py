"""`repeat`: what it says, and above all when it says nothing."""

import asyncio

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from tests.models.repeating import given, said
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.text import byte_length
from zeta_lsp.models.repeat import Repeat, propose

CALLS = """def example():
    basket = Basket()
    basket.add("pear", 0.45)
    basket.add("bread", 2.80)
    basket.add("cheese", 5.60)
    return basket
"""
ROW = """    def as_row(self):
        return {
            "name": self.name,
            "price": self.price,
            "pieces": self.pieces,
        }
"""


def test_a_replacement_made_twice_is_made_at_the_next_place() -> None:
    once = CALLS.replace('basket.add("pear"', 'basket.put("pear"')
    twice = once.replace('basket.add("bread"', 'basket.put‸("bread"')
    assert said(CALLS, once, twice) == [
        ("-", '    basket.add("cheese", 5.60)'),
        ("+", '    basket.put("cheese", 5.60)'),
    ]


def test_a_line_with_a_twin_close_by_is_continued_with_its_own_name() -> None:
    typed = ROW.replace("self.pieces,\n", 'self.pieces,\n            "unit": ‸\n')
    changes = said(ROW, typed)
    assert ("+", '            "unit": self.unit,') in changes


@pytest.mark.parametrize(
    "texts",
    [
        ("x = 1‸\n",),
        ("a = 1\nb = 2\n", "a = 1\nb = 22‸\n"),
        (CALLS, CALLS.replace("example", "sample‸")),
        (CALLS, CALLS.replace("    return basket\n", "    return basket‸\n\n\nprint(1)\n")),
        ("\n\n\n‸",),
        ("# a comment\n", "# another comment‸\n"),
    ],
    ids=["no history", "a lone number", "a lone rename", "new code", "nothing", "prose"],
)
def test_it_is_silent_when_unsure(texts: tuple[str, ...]) -> None:
    assert said(*texts) == []


def test_the_same_input_gives_the_same_answer() -> None:
    typed = ROW.replace("self.pieces,\n", 'self.pieces,\n            "unit": ‸\n')
    asked = given(ROW, typed)
    assert propose(asked) == propose(asked)


def test_as_a_predictor_it_answers_once_and_in_whole() -> None:
    async def replies() -> list[bool]:
        typed = ROW.replace("self.pieces,\n", 'self.pieces,\n            "unit": ‸\n')
        return [reply.partial async for reply in Repeat().predict(given(ROW, typed))]

    assert asyncio.run(replies()) == [False]


LINES = st.lists(
    st.sampled_from(
        ["a = b", "    f(x, 1)", "", "é = '😀'", "}", "b = a", "+", "-", "@@ -1 +1 @@"]
    ),
    max_size=12,
)


@for_all(text=LINES, diff=LINES, data=st.data())
def test_answers_to_anything_lie_inside_the_excerpt(
    text: list[str], diff: list[str], data: st.DataObject
) -> None:
    excerpt = "\n".join(text)
    cursor = byte_length(excerpt[: data.draw(st.integers(0, len(excerpt)))])
    body = "\n".join(["@@ -1,2 +1,2 @@", *(f"+{line}" for line in diff), ""])
    events = (BufferChange("a", "a", body),) if diff else ()
    asked = PromptInput("a", excerpt, cursor, 0, events)
    for replacement in propose(asked).replacements:
        assert 0 <= replacement.start <= replacement.end <= byte_length(excerpt)
        excerpt.encode()[: replacement.start].decode()
        excerpt.encode()[: replacement.end].decode()


METHOD = """    def gross(self, rate):
        tax = self.net() * rate
        if rate > 1:
            raise ValueError("a rate is a fraction")
        return round(self.net() + tax, 2)
"""
TABLE = """    self.left = left
    self.right = right
    self.upper = upper
"""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            (METHOD, METHOD.replace("self, rate", "self, tax_‸rate")),
            "        tax = self.net() * tax_rate",
        ),
        (
            (METHOD, METHOD.replace("self, rate)", "self, tax_rate)‸")),
            "        tax = self.net() * tax_rate",
        ),
        ((TABLE, TABLE + "    self.lower = ‸\n"), "    self.lower = lower"),
    ],
    ids=["parameter, just typed", "parameter, cursor moved on", "rest of a line"],
)
def test_it_says_what_comes_next(texts: tuple[str, ...], expected: str) -> None:
    assert ("+", expected) in said(*texts)


@pytest.mark.parametrize("typed", ["t", "ta", "tax"])
def test_a_half_typed_name_is_not_spread(typed: str) -> None:
    assert said(METHOD, METHOD.replace("self, rate", f"self, {typed}‸rate")) == []


def test_a_name_in_text_is_left_alone() -> None:
    renamed = METHOD.replace("rate", "tax_rate").replace("a tax_rate is", "a rate is")
    assert said(METHOD, renamed.replace("round(", "round(‸")) == []


def test_what_was_undone_is_not_repeated() -> None:
    once = CALLS.replace('basket.add("pear"', 'basket.put("pear"')
    assert said(CALLS, once, CALLS.replace('add("pear"', 'add‸("pear"')) == []


def test_an_unused_mark_on_a_parameter_says_nothing() -> None:
    assert said(METHOD, METHOD.replace("self, rate)", "self, _rate)‸")) == []
