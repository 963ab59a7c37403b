"""Duplicates go: the very same, and all but a few of what is nearly the same."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.duplicates.clusters import clusters_of, most_diverse
from pipeline.duplicates.signatures import Signatures, grams_of, text_of
from pipeline.records import Row
from pipeline.running import run
from pipeline.stages.dedupe import Dedupe
from tests.pipeline.test_running import read, written

WORDS = [f"word{n}" for n in range(400)]


def text(seed: object, count: int = 120) -> str:
    """Tokens that are always the same for a seed."""
    return " ".join(random.Random(f"{seed}").choices(WORDS, k=count))


def changed(original: str, count: int, seed: int = 0) -> str:
    """A text with some of its tokens exchanged, side by side, so that few 5-grams go."""
    tokens = original.split()
    at = random.Random(f"{seed}").randrange(len(tokens) - count)
    return " ".join(
        [*tokens[:at], *(f"new{seed}_{n}" for n in range(count)), *tokens[at + count :]]
    )


def jaccard(one: str, other: str) -> float:
    first, second = set(grams_of(one)), set(grams_of(other))
    return len(first & second) / len(first | second)


def row(code: str, name: str = "", patch: str = "") -> Row:
    return {
        "name": name,
        "cursor_path": "a.py",
        "cursor_position": f"{code}<|user_cursor|>",
        "expected_patches": [f"--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n{patch}"] if patch else [],
    }


def deduped(tmp_path: Path, rows: list[Row], stage: Dedupe) -> tuple[list[str], dict[str, int]]:
    out = tmp_path / "out.jsonl"
    tally = run(stage, [written(tmp_path / "in.jsonl", rows)], str(out))
    return [one["name"] for one in read(out)], dict(tally.dropped)


def test_the_first_of_the_very_same_stays(tmp_path: Path) -> None:
    rows = [row(text(1), "a"), row(text(2), "b"), row(text(1), "c"), row(text(1), "d")]
    kept, dropped = deduped(tmp_path, rows, Dedupe(threshold=1))
    assert kept == ["a", "b"]
    assert dropped == {"exact_duplicate": 2}


def test_of_what_is_nearly_the_same_as_many_stay_as_were_asked_for(tmp_path: Path) -> None:
    rows = [row(text(1), "a"), row(text(2), "b")]
    rows += [row(changed(text(1), 3, n), f"a{n}") for n in range(1, 6)]
    assert deduped(tmp_path, rows, Dedupe())[0] == ["a", "b"]
    kept, dropped = deduped(tmp_path, rows, Dedupe(duplicates_max=3))
    assert len(kept) == 4
    assert kept[:2] == ["a", "b"]
    assert dropped == {"near_duplicate": 3}


def test_the_same_place_with_another_edit_is_another_example(tmp_path: Path) -> None:
    place = text(1, 20)
    rows = [
        row(place, name, "".join(f"+{text((name, n), 20)}\n" for n in range(4))) for name in "ab"
    ]
    rows[1]["edit_history"] = "other"
    assert deduped(tmp_path, rows, Dedupe())[0] == ["a", "b"]


def test_the_result_does_not_depend_on_what_was_added_to_the_rows(tmp_path: Path) -> None:
    rows = [row(changed(text(n % 9), 4, n), f"{n}") for n in range(60)]
    plain = deduped(tmp_path, rows, Dedupe(2))
    assert plain == deduped(tmp_path, [one | {"qa": [1], "score": []} for one in rows], Dedupe(2))
    assert 9 <= len(plain[0]) <= 18


def test_similar_texts_end_in_one_cluster_and_different_ones_do_not() -> None:
    signatures = Signatures()
    expected: dict[int, list[int]] = {}
    for family in range(60):
        for copy in range(4):
            code = changed(text(family), 6, copy) if copy else text(family)
            expected.setdefault(family * 4, []).append(signatures.add(code))
    assert clusters_of(signatures).sets() == expected


def test_pairs_around_the_threshold_are_found_as_often_as_promised() -> None:
    """Each pair by itself has more than half in common; MinHash may err by two of its errors."""
    signatures = Signatures()
    pairs = []
    for n in range(200):
        code = text(("pair", n))
        other = changed(code, 21, n)
        assert 0.6 < jaccard(code, other) < 0.75
        pairs.append((signatures.add(code), signatures.add(other)))
    unions = clusters_of(signatures)
    assert sum(unions.root(one) == unions.root(other) for one, other in pairs) >= 198


@given(st.integers(0, 60), st.integers(0, 99))
def test_the_similarity_is_that_of_the_token_grams(count: int, seed: int) -> None:
    signatures = Signatures()
    one, other = text(seed), changed(text(seed), count, seed)
    estimate = signatures.similarity(signatures.add(one), signatures.add(other))
    assert abs(estimate - jaccard(one, other)) < 0.25  # five standard errors


def test_the_most_diverse_are_kept() -> None:
    signatures = Signatures()
    base = text(1, 200)
    near = [changed(base, 2, n) for n in range(5)]
    far = " ".join(base.split()[100:] + text(7, 100).split())
    numbers = [signatures.add(code) for code in (base, *near, far)]
    assert most_diverse(signatures, numbers, 2) == [0, 6]
    assert most_diverse(signatures, numbers, 99)[0] == 0
    assert sorted(most_diverse(signatures, numbers, 99)) == numbers


def test_short_and_missing_code_is_compared_as_a_whole() -> None:
    assert grams_of("a b") == ["a b"]
    assert grams_of("") == [""]
    assert text_of({}) == ""
    assert text_of({"prompt_inputs": {"cursor_excerpt": "a"}}) == "a"
    assert text_of(row("a", patch="-b\n+c\n d\n")) == "a\nb\nc"
