"""Kept and recall rate are Zed's, to the byte."""

import importlib.util
import json
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.diff.tokens import tokenize, units
from zeta_lsp.core.kept import keep_masks, kept

CASES = json.loads((Path(__file__).parents[1] / "golden/kept-cases.json").read_text())["cases"]
HAS_ORACLE = importlib.util.find_spec("zeta_bindings") is not None
WORDS = ["a", "b", "foo", "foo_bar", "XMLHttp", "x1", " ", "  ", "\n", "(", ")", "==", "=", "é"]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_figures_are_those_of_zeds_tool(case):
    found = kept(case["base"], case["candidate"], case["reference"])
    assert msgspec.structs.asdict(found) == case["expected"]


@pytest.mark.parametrize(
    ("base", "candidate", "reference", "rates"),
    [
        ("old\n", "alpha\nbeta\ngamma\n", "alpha\ngamma\n", (14 / 19, 1)),
        ("a=fomr\nb=old\n", "a=formula;\nb=old\n", "a=formula;\nb=new\n", (1, 2 / 3)),
        ("same\n", "same\n", "same\n", (1, 1)),
        ("same\n", "same\n", "other\n", (0, 0)),
        ("old\n", "new\n", "old\n", (0, 0)),
        ("x\n", "y" * 600, "x\n", (0, 0)),
    ],
)
def test_rates_say_what_was_kept_and_what_was_foreseen(base, candidate, reference, rates):
    found = kept(base, candidate, reference)
    assert (found.kept_rate, found.recall_rate) == pytest.approx(rates)


@pytest.mark.skipif(not HAS_ORACLE, reason="zed-zeta-bindings is not installed")
def test_thousands_of_made_up_edits_are_judged_as_zed_judges_them():
    import zeta_bindings as zed

    rng = random.Random(3)
    for _ in range(2000):
        base, candidate, reference = made_up_edits(rng)
        theirs = zed.compute_kept_rate(base, candidate, reference)
        for name, figure in msgspec.structs.asdict(kept(base, candidate, reference)).items():
            named = name if name.endswith("rate") else f"{name}_chars"
            assert figure == getattr(theirs, named), (name, base, candidate, reference)


def made_up_edits(rng):
    base = some_text(rng, 30)
    return base, *(changed(rng, base) if rng.random() < 0.8 else some_text(rng, 30) for _ in "cr")


def some_text(rng, longest):
    return "".join(rng.choice(WORDS) for _ in range(rng.randrange(longest)))


def changed(rng, text):
    for _ in range(rng.randrange(5)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + some_text(rng, 4) + text[at + rng.randrange(3) :]
    return text + "zz " * 300 * (rng.random() < 0.02)


@given(texts)
def test_units_are_tokens_with_whole_identifiers(text):
    assert "".join(units(text)) == text
    assert len(units(text)) <= len(tokenize(text))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_is_cut_as_any_other_text(text):
    assert units(text + "+") == units(text + "+\u00e9")[:-1]


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_masks_of_both_sides_keep_equally_many_and_the_same_units(one, other):
    mine, theirs = keep_masks(one, other)
    assert sum(mine) == sum(theirs) == longest(one, other)
    assert is_within([unit for unit, kept in zip(one, mine, strict=True) if kept], other)
    assert is_within([unit for unit, kept in zip(other, theirs, strict=True) if kept], one)


def longest(one, other):
    if not one or not other:
        return 0
    if one[-1] == other[-1]:
        return longest(one[:-1], other[:-1]) + 1
    return max(longest(one[:-1], other), longest(one, other[:-1]))


def is_within(part, whole):
    rest = iter(whole)
    return all(unit in rest for unit in part)


def test_half_surrogates_do_not_stop_the_count():
    assert kept("a\n", "a\ud800\n", "a\ud800\n").kept_rate == 1
