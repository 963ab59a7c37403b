"""Which rows are drawn from which file, how often, in which order."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.training.sources import Source, drawn, sources_of
from zeta_lsp.core.errors import UsageError


def test_without_shares_every_row_is_drawn_once() -> None:
    assert drawn([3, 2], [None, None], seed=1) == [[0, 1, 2], [0, 1]]


def test_shares_say_how_much_of_what_is_drawn_comes_from_each_file() -> None:
    large, small = drawn([90, 10], [0.7, 0.3], seed=1)
    assert (len(large), len(small)) == (70, 30)
    assert max(Counter(large).values()) == 1
    assert set(Counter(small).values()) == {3}


def test_shares_need_not_sum_to_one() -> None:
    assert drawn([90, 10], [7, 3], seed=1) == drawn([90, 10], [0.7, 0.3], seed=1)


def test_the_seed_decides_the_order_and_nothing_else_does() -> None:
    once = drawn([50, 50], [1, 1], seed=1)
    assert drawn([50, 50], [1, 1], seed=1) == once
    assert drawn([50, 50], [1, 1], seed=2) != once
    assert once[0] != once[1]


def test_a_file_without_rows_gives_none() -> None:
    assert drawn([0, 4], [0.5, 0.5], seed=1)[0] == []


def test_a_mix_names_files_with_shares(tmp_path: Path) -> None:
    path = tmp_path / "a=b.jsonl"
    path.touch()
    assert sources_of([], [f"{path}=0.7"]) == (Source(path, 0.7),)


@pytest.mark.parametrize("share", ["", "=", "=x", "=0", "=-1", "=nan", "=inf"])
def test_a_share_that_is_none_is_refused(tmp_path: Path, share: str) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UsageError, match="share above 0"):
        sources_of([], [f"{tmp_path / 'a'}{share}"])


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="rows to train on"):
        sources_of([], [])
    with pytest.raises(UsageError, match="no file"):
        sources_of([str(tmp_path / "gone")], [])
