"""``compare`` prints who is better, as a table or as JSON, the same for the same seed."""

import json
from pathlib import Path

import pytest

from pipeline.__main__ import main
from tests.pipeline.metrics.scored_rows import row
from tests.pipeline.test_running import written


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [
        written(tmp_path / f"{name}.jsonl", [row(n, 40.0 + n % 7 + gain) for n in range(60)])
        for name, gain in (("old", 0), ("new", 5))
    ]


def test_a_table_names_the_better_one(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *files]) == 0
    table = capsys.readouterr().out
    (line,) = [line for line in table.splitlines() if "delta-chrF" in line][:1]
    assert "+5.000 [+5.000, +5.000] better" in line
    assert "all: 60 examples of 20 repositories" in table
    assert "language py" in table
    assert "size 1-3 rows" in table


def test_json_holds_everything_and_is_the_same_each_time(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    outs = []
    for seed in ("1", "1", "2"):
        assert main(["compare", *files, "--json", "--seed", seed, "--resamples", "100"]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1] != outs[2]
    found = json.loads(outs[0])
    assert found["models"] == ["old", "new"]
    assert found["strata"][0]["figures"][0]["differences"][0]["better"] == 60


def test_few_repositories_are_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [written(tmp_path / f"{name}.jsonl", [row(1, 1.0), row(2, 2.0)]) for name in "ab"]
    assert main(["compare", *files]) == 0
    assert "of 2 repositories - too few for its intervals" in capsys.readouterr().out


def test_three_models_are_held_against_the_first(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["--name", "a", "--name", "b", "--name", "c"]
    assert main(["compare", files[0], files[1], files[0], *names]) == 0
    assert "b, c against a" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{old}"], "two files"),
        (["{old}", "{old}"], "the same model twice"),
        (["{old}", "{new}", "--name", "one"], "as many --name"),
        (["{old}", "{empty}"], "no example was scored"),
    ],
)
def test_wrong_use_is_said(
    files: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    empty = written(tmp_path / "empty.jsonl", [])
    places = {"old": files[0], "new": files[1], "empty": empty}
    assert main(["compare", *(one.format(**places) for one in arguments)]) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_fails(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", files[0], "nowhere.jsonl"]) == 1
    assert "nowhere.jsonl" in capsys.readouterr().err
