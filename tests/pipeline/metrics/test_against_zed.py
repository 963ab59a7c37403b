"""Every figure that Zed's tools give too is theirs, on thousands of made-up edits."""

import json
import random
from pathlib import Path

import msgspec
import pytest

from pipeline.metrics.braces import braces_disbalance
from pipeline.metrics.cursor import without_marks
from pipeline.metrics.delta_chrf import delta_chrf
from pipeline.metrics.exact_lines import exact_lines
from pipeline.metrics.region import is_region_right
from pipeline.metrics.token_changes import token_changes
from pipeline.metrics.whitespace import has_isolated_whitespace
from pipeline.records import Dropped
from pipeline.stages.score import measured
from tests.pipeline.metrics import generated, oracle
from zeta_lsp.core.kept import kept

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/metric-cases.json").read_text())
EXAMPLES = 3000


def counts(found: object) -> tuple[int, ...]:
    return tuple(
        getattr(found, f"{name}s") for name in ("true_positive", "false_positive", "false_negative")
    )


@oracle.needs_oracle
@pytest.mark.parametrize("seed", range(4))
def test_scores_of_whole_examples_are_zeds(seed: int) -> None:
    rng = random.Random(seed)
    compared = 0
    for _ in range(EXAMPLES // 4):
        example = generated.example(rng)
        theirs, found = oracle.score(example), measured(example)
        assert (theirs is None) == isinstance(found, Dropped), example
        if theirs is not None and not isinstance(found, Dropped):
            ours = [msgspec.to_builtins(one.score) for one in found.scored]
            assert ours == [near(one) for one in theirs], example
            compared += len(ours)
    assert compared > EXAMPLES // 5


def near(value: object) -> object:
    """As equal as the figures are promised to be."""
    if isinstance(value, dict):
        return {name: near(one) for name, one in value.items()}
    is_number = isinstance(value, float)
    return pytest.approx(value, rel=1e-9, abs=1e-9) if is_number else value


@oracle.needs_oracle
def test_delta_chrf_of_any_texts_is_zeds_to_the_last_bit() -> None:
    rng = random.Random(5)
    for _ in range(4000):
        texts = generated.triple(rng)
        found = delta_chrf(*texts)
        ours = found.score, found.precision, found.recall, *counts(found)
        assert ours == oracle.delta_chrf(*texts), texts


@oracle.needs_oracle
def test_whatever_looks_like_a_patch_is_read_as_zed_reads_it() -> None:
    rng = random.Random(6)
    for _ in range(4000):
        one, other, row = generated.any_patch(rng), generated.any_patch(rng), rng.randrange(8)
        tokens = token_changes(one)
        assert counts(exact_lines(one, other)) == oracle.exact_lines(one, other), (one, other)
        assert (tokens.inserted, tokens.deleted) == oracle.token_changes(one), one
        assert is_region_right(one) == oracle.is_region_right(one), one
        for at in (row, None):
            theirs = oracle.has_isolated_whitespace(one, at)
            assert has_isolated_whitespace(one, at) == theirs, (one, at)
        assert without_marks(one)[1] == oracle.cursor(one), one
        assert braces_disbalance(one) == oracle.braces(one)


@pytest.mark.parametrize("case", GOLDEN["own_metric_cases"], ids=lambda case: case["name"])
def test_recorded_figures_are_met(case: dict) -> None:
    original, actual = case["original"], case["actual"]
    chrf, wanted = delta_chrf(original, case["expected"], actual), case["delta_chr_f"]
    assert chrf.score == pytest.approx(wanted["score"], abs=1e-9)
    assert counts(chrf) == (wanted["tp"], wanted["fp"], wanted["fn"])
    assert (chrf.precision, chrf.recall) == (wanted["precision"], wanted["recall"])
    lines = exact_lines(case["expected_patch"], case["actual_patch"])
    assert counts(lines) == tuple(case["exact_lines"].values())
    tokens = token_changes(case["actual_patch"])
    assert [tokens.inserted, tokens.deleted] == list(case["patch_token_changes_actual"].values())
    assert braces_disbalance(original) == case["braces_before"]
    assert braces_disbalance(actual) == case["braces_after"]
    assert is_region_right(case["actual_patch"]) == case["is_editable_region_correct"]
    assert has_isolated_whitespace(case["actual_patch"]) == case["isolated_whitespace"]
    rates = kept(original, actual, case["expected"])
    assert rates.kept_rate == pytest.approx(case["kept_rate"]["kept_rate"], abs=1e-9)
    assert rates.recall_rate == pytest.approx(case["kept_rate"]["recall_rate"], abs=1e-9)


@pytest.mark.parametrize("case", GOLDEN["own_extract_cursor"], ids=lambda case: case["patch"][:20])
def test_recorded_cursors_are_found(case: dict) -> None:
    assert list(without_marks(case["patch"])) == case["result"]
