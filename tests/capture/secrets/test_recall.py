"""How many secrets are found: the promise, kept on samples that a seed makes."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from capture.secrets import Scanner
from capture.secrets.formats import FORMATS
from tests.capture.secret_samples import CONTEXTS, HUMAN_VALUES, RANDOM_VALUES, STRUCTURED, samples

SAMPLES = int(os.environ.get("ZETA_SOAK_SECRETS", "2600"))
SEED = int(os.environ.get("ZETA_SOAK_SEED", "20"))
PROMISES = {"structured": 0.999, "random": 0.995, "human": 0.98}


@pytest.fixture(scope="module")
def recall() -> dict[str, float]:
    scanner, made, found = Scanner(), Counter[str](), Counter[str]()
    for sample in samples(SAMPLES, SEED):
        made[sample.promise] += 1
        found[sample.promise] += bool(scanner.find(sample.text.split("\n")))
    return {promise: found[promise] / made[promise] for promise in made}


@pytest.mark.parametrize("promise", PROMISES)
def test_secrets_are_found_as_often_as_promised(recall: dict[str, float], promise: str) -> None:
    assert recall[promise] >= PROMISES[promise]


def test_the_samples_cover_what_the_promise_speaks_of() -> None:
    assert len(STRUCTURED) + len(RANDOM_VALUES) + len(HUMAN_VALUES) >= 60
    assert len(CONTEXTS) >= 12
    assert len({sample.kind for sample in samples(len(STRUCTURED) * 3, 1)}) > len(STRUCTURED)


def test_the_same_seed_makes_the_same_samples() -> None:
    assert list(samples(300, 7)) == list(samples(300, 7))
    assert list(samples(300, 7)) != list(samples(300, 8))


def texts_of(draws: int) -> Iterator[str]:
    return (sample.text for sample in samples(draws, SEED) if sample.promise == "structured")


def test_most_kinds_are_found_even_without_the_rule_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A vendor that is not in the tables yet: the rules that know no vendor must do."""
    monkeypatch.setattr("capture.secrets.rules.FORMATS", ())
    scanner = Scanner()
    found = [bool(scanner.find(text.split("\n"))) for text in texts_of(1500)]
    assert sum(found) / len(found) >= 0.9


def test_every_format_says_where_it_is_described() -> None:
    assert all(item.reference.startswith("https://") for item in FORMATS)
    assert len({item.kind for item in FORMATS}) == len(FORMATS) >= 60
