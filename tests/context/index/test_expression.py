"""Chains of names, read off the text of expressions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.context.index.expression import MAX_CHARS, chain_of

CHAINS = {
    "a": ("a",),
    "a.b.c": ("a", "b", "c"),
    "a.b(x, f(y)).c": ("a", "b()", "c"),
    "a?.b!.c": ("a", "b", "c"),
    "a::b::new()": ("a", "b", "new()"),
    "p->next->value": ("p", "next", "value"),
    "(*p).next": ("p",),
    "&Shop{Name: 1}": ("Shop()",),
    "Shop { name }": ("Shop()",),
    "new Map<string, Shop>()": ("Map()",),
    "Vec::<Shop>::new()": ("Vec", "new()"),
    "Shop::": (),
    "await this.shops.get(key);": ("this", "shops", "get()"),
    "self.load().await?;": ("self", "load()"),
    "shops[0].total": ("shops", "total"),
    "shops {": ("shops",),
    "client.get(": ("client", "get()"),
    "a or b": ("a",),
    "a if b else c": ("a",),
    "a  # why": ("a",),
    "a + b": (),
    "a == b": (),
    "not a": (),
    "lambda x: x": (),
    "[a, b]": (),
    '"text".join(a)': (),
    "3": (),
    "": (),
}


@pytest.mark.parametrize("text", CHAINS)
def test_an_expression_is_a_chain_or_it_is_none(text: str) -> None:
    assert chain_of(text) == CHAINS[text]


@given(st.text(alphabet="ab.()[]{}<>:?!&* \\\"'", max_size=2 * MAX_CHARS))
def test_no_text_is_too_odd(text: str) -> None:
    assert all(part.strip("()") for part in chain_of(text))
