"""A report says what stands in its inputs, whatever they are, and says it the same each time."""

import gzip
import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.metrics.comparison import Model, comparison
from pipeline.records import Row
from pipeline.reporting.reasons import MEANINGS
from tests.pipeline.reporting.made import (
    document,
    drop,
    example,
    page_of,
    ran,
    scored,
    written,
)

SPLIT: Row = {"outputs": {"train": 8, "test": 2}, "dropped": {}, "leaks": [], "leak_count": 0}
LEAK = {"kind": "repository", "name": "github.com/me/secret", "outputs": ["train", "test"]}
SETTLED = {
    "by": "distance",
    "low": 0.25,
    "high": 0.75,
    "examples": 10,
    "kept": 6,
    "too_easy": 1,
    "out_of_reach": 3,
    "bins": [{"from": n / 4, "to": (n + 1) / 4, "count": n + 1} for n in range(4)],
}
RUN = {
    "kind": "zeta-run",
    "version": 1,
    "base": {"name": "tiny"},
    "recipe": {"name": "lora"},
    "data": {"files": [{"path": "train.jsonl", "sha256": "0", "rows": 7}]},
    "losses": [{"pass": "sft", "step": n, "loss": 4.0 / n} for n in range(1, 9)],
}
EVAL = {
    "kind": "zeta-eval",
    "version": 1,
    "models": ["nothing", "mine"],
    "cases": 12,
    "measures": {
        "delta_chr_f": {
            "nothing": {"mean": 0, "low": 0, "high": 0, "n": 9},
            "mine": {"mean": 61.25, "low": 50.5, "high": 70, "n": 9},
        }
    },
    "differences": {
        "delta_chr_f": {"mine": {"mean": 61.25, "low": 50.5, "high": 70, "verdict": "better"}}
    },
    "gates": [{"name": "valid", "model": "mine", "passed": False, "line": "mine: 3 % unreadable"}],
    "silence": {"mine": {"right": 2, "cases": 3}},
    "more": {"than": "is known"},
}


def test_counts_are_those_of_the_rows(tmp_path: Path) -> None:
    lots = random.Random(5)
    paths = lots.choices(["a.py", "b.rs", "c.go"], [5, 3, 2], k=40)
    rows = [example(n, path) for n, path in enumerate(paths)]
    for row in rows:
        row["zeta"]["licence"]["spdx"] = lots.choice(["MIT", "ISC"])
        row["zeta"]["outcome"]["ending"] = lots.choice(["accepted", "rejected"])
    page = page_of(tmp_path, written(tmp_path / "in.jsonl", rows))
    expected = Counter(path[-2:] for path in paths)
    expected.update(row["zeta"]["licence"]["spdx"] for row in rows)
    expected.update(row["zeta"]["outcome"]["ending"] for row in rows)
    for name, count in expected.items():
        assert page.row(name)[2:] == [str(count), f"{count / 40:.1%}"]
    assert page.row("1-3 rows")[2] == "40"
    assert page.row("the person (settled)")[2] == "40"
    assert "repositories 4 the largest holds 25%" in page.text
    assert "persons 2" in page.text
    assert "Half within 120 ms" in page.text


def test_where_examples_are_from_is_told_apart(tmp_path: Path) -> None:
    rows = [
        example(0),
        example(1, tags=["synthetic", "source:commit"], zeta={"synthetic": {"from": "commit"}}),
        example(2, tags=["source:zeta1"], zeta={}),
        example(3, tags=[], zeta={"session": "s", "distilled": [{"provider": "t"}]}),
        example(4, tags=[], zeta={}, expected_patches=None),
    ]
    page = page_of(tmp_path, written(tmp_path / "in.jsonl", rows))
    assert page.row("captured")[2] == "2"
    assert page.row("synthetic (commit)")[2] == "1"
    assert page.row("imported (zeta1)")[2] == "1"
    assert page.row("a teacher")[2] == "1"
    assert page.row("the commit")[2] == "1"
    assert page.row("nobody said")[2] == "1"


def test_the_funnel_says_what_was_dropped_and_why(tmp_path: Path) -> None:
    rows = written(tmp_path / "out.jsonl", [example(n) for n in range(6)])
    drops = [drop(n, "near_duplicate") for n in range(3)] + [drop(9, "secret_found", detail="AWS")]
    page = page_of(tmp_path, rows, written(tmp_path / "out.drops.jsonl", drops))
    assert "10 rows in → 4 dropped → 6 kept 60.0%" in page.text
    assert page.row("near_duplicate")[2:] == ["3", "30.0%"]
    assert MEANINGS["near_duplicate"] in page.text
    assert page.row("dropped: nearly the same")[2] == "3"
    assert page.row("AWS")[2] == "1"
    widths = [a["width"] for tag, a in page.tags if tag == "rect" and a.get("class") == "kept"]
    assert widths == ["60.000%"]


def test_the_same_example_counts_once_however_many_files_it_is_in(tmp_path: Path) -> None:
    rows = [example(n) for n in range(5)]
    one = written(tmp_path / "a.jsonl", [*rows, rows[0], rows[1]])
    other = written(tmp_path / "b.jsonl", rows)
    page = page_of(tmp_path, one, other)
    assert "examples 5 in 12 rows" in page.text
    assert page.row("py")[2] == "5"
    assert page.row("still there (the same moment twice in a file)")[2:] == ["2", "16.7%"]


def test_scores_and_intervals_are_those_of_compare(tmp_path: Path) -> None:
    lots = random.Random(1)
    words = ["second = fetch(rows, timeout=9)", "second = fetch(rows, 9)", "pass"]
    words += [f"second = fetch({'rows, time'[:size]}" for size in range(10)]
    rows = [scored(n, lots.choice(words), lots.choice(words[:4])) for n in range(30)]
    parts: list[Model] = []
    for place, name in enumerate(("model-a", "model-b")):
        own = [{**row, "score": row["score"][place : place + 1], "zeta": {}} for row in rows]
        parts.append(Model(name, {}).read(own))
    whole = comparison(parts, seed=3, resamples=200).strata[0].figures[0]
    options = ["--seed", 3, "--resamples", 200]
    page = page_of(tmp_path, written(tmp_path / "in.jsonl", rows), *options)
    first, second = (
        next(row for row in page.rows if name in row and "." in row[row.index(name) + 1])
        for name in ("model-a", "model-b")
    )
    for cells, name in ((first[1:], "model-a"), (second, "model-b")):
        mean = whole.means[name]
        assert cells[:3] == [name, f"{mean.mean:.1f}", f"[{mean.low:.1f}, {mean.high:.1f}]"]
    difference = whole.differences[0].estimate
    assert second[4].startswith(f"{difference.mean:+.1f} [{difference.low:+.1f}")
    assert "delta-chrF by language" in page.text
    assert "Too few repositories" in page.text
    for low in range(0, 100, 5):
        count = sum(low <= min(row["score"][0]["delta_chr_f"], 99) < low + 5 for row in rows)
        assert f"<title>{low}: {count}</title>" in page.html


def test_a_bar_begins_with_its_edge(tmp_path: Path) -> None:
    rows = [scored(n, "pass") for n in range(5)]
    for row, value in zip(rows, (-1.0, 5.0, 50.0, 99.9, 100.0), strict=True):
        row["score"][0]["delta_chr_f"] = value
    html = page_of(tmp_path, written(tmp_path / "in.jsonl", rows)).html
    counts = [
        html.count(f"<title>{low}: {n}</title>") for low, n in ((0, 1), (5, 1), (50, 1), (95, 2))
    ]
    assert counts == [1, 1, 1, 1]


def test_one_provider_in_two_files_is_two_models(tmp_path: Path) -> None:
    rows = [scored(n, "pass") for n in range(4)]
    page = page_of(
        tmp_path, written(tmp_path / "old.jsonl", rows), written(tmp_path / "new.jsonl", rows)
    )
    assert "model-a (old)" in page.text
    assert "model-a (new)" in page.text


def test_models_with_no_example_in_common_are_not_compared(tmp_path: Path) -> None:
    one = written(tmp_path / "a.jsonl", [scored(n, "pass") for n in range(4)])
    other = written(tmp_path / "b.jsonl", [scored(n, "pass") for n in range(4, 8)])
    page = page_of(tmp_path, one, other)
    assert page.text.count("Scored predictions") == 2
    assert "against the first" not in page.text


@pytest.mark.parametrize(
    ("leaks", "words"),
    [([], "✓ No leak: train, test share no repository"), ([LEAK], "✗ 1 leak between train, test")],
)
def test_the_verdict_on_leaks_is_in_words(tmp_path: Path, leaks: list[Any], words: str) -> None:
    split = {**SPLIT, "leaks": leaks, "leak_count": len(leaks)}
    file = document(tmp_path / "x.json", split)
    page = page_of(tmp_path, file)
    assert words in page.text
    assert "secret" not in page.html
    named = page_of(tmp_path, file, "--names")
    assert ("github.com/me/secret" in named.text) == bool(leaks)


def test_histograms_curves_and_evaluations_are_drawn_from_their_documents(tmp_path: Path) -> None:
    files = [
        document(tmp_path / f"{place}.txt", content)
        for place, content in enumerate((SETTLED, RUN, EVAL, SPLIT))
    ]
    page = page_of(tmp_path, *files)
    assert "Kept 6 of 10, with a score from 0.250 to 0.750" in page.text
    outside = [a for tag, a in page.tags if tag == "rect" and a.get("class") == "outside"]
    assert len(outside) == 2
    (line,) = (a["points"] or "" for tag, a in page.tags if tag == "polyline")
    assert line.split()[0] == "0.00,0.00"
    assert line.split()[-1] == "100.00,87.50"
    assert page.row("sft: loss") == ["sft: loss", "4.0000", "0.5000", "0.5000"]
    assert "Of tiny, recipe lora, 7 rows of 1 file." in page.text
    assert ["mine", "61.2", "[50.5, 70.0]"] in [[c.strip() for c in row[:3]] for row in page.rows]
    assert "+61.2 [+50.5, +70.0]" in page.text
    assert "✗ failed mine: 3 % unreadable" in page.text
    assert ["mine", "2 of 3", "0.667"] in [row[:3] for row in page.rows]


def test_what_compare_prints_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.__main__ import main

    files = [
        written(tmp_path / f"{name}.jsonl", [scored(n, word) for n in range(8)])
        for name, word in (("old", "pass"), ("new", "second = fetch(rows, timeout=9)"))
    ]
    assert main(["compare", *files, "--json", "--resamples", "50"]) == 0
    (tmp_path / "c.json").write_text(capsys.readouterr().out)
    page = page_of(tmp_path, tmp_path / "c.json")
    assert "Comparison" in page.text
    assert "▲ better" in page.text


def test_the_same_inputs_make_the_same_bytes(tmp_path: Path) -> None:
    rows = written(tmp_path / "in.jsonl", [scored(n, "pass", None) for n in range(9)])
    made = []
    for name in "ab":
        out = [tmp_path / f"{name}.html", tmp_path / f"{name}.md"]
        assert ran(rows, "-o", out[0], "--card", out[1], "--quiet") == 0
        made.append([path.read_bytes() for path in out])
    assert made[0] == made[1]
    dated = page_of(tmp_path, rows, "--date", "2026-11-26")
    assert "made 2026-11-26" in dated.text


def test_packed_inputs_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "in.jsonl.gz", "wt") as stream:
        stream.writelines(f"{json.dumps(example(n))}\n" for n in range(3))
    assert "examples 3" in page_of(tmp_path, tmp_path / "in.jsonl.gz").text


def test_broken_lines_are_counted_and_end_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{json.dumps(example())}\n{{"half": \n[1]\n{{"foreign": 1}}\n')
    page = page_of(tmp_path, path)
    assert "1 broken line" in page.text
    assert "1 no object" in page.text
    assert "1 unknown record" in page.text
    assert ran(path, "-o", tmp_path / "x.html", "--json") == 0
    told = json.loads(capsys.readouterr().err)
    assert (told["examples"], told["broken"]) == (1, 3)


@pytest.mark.parametrize("content", ['{"foreign": 1}\n', "hello\n", '{\n "a": 1\n}\n', "\x00\x01"])
def test_a_file_in_which_nothing_is_known_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "x.txt").write_text(content)
    assert ran(tmp_path / "x.txt", "-o", tmp_path / "x.html") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "x.txt: nothing that a report knows" in said
    assert not (tmp_path / "x.html").exists()


def test_wrong_use_is_said_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = written(tmp_path / "in.jsonl", [example()])
    (tmp_path / "empty.jsonl").touch()
    for arguments in (
        [tmp_path / "none"],
        [tmp_path / "empty.jsonl"],
        [rows, "--names", "--no-code"],
    ):
        assert ran(*arguments, "-o", tmp_path / "x.html") == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_every_reason_for_which_the_pipeline_drops_has_a_meaning() -> None:
    words: set[str] = set()
    for path in Path("pipeline").rglob("*.py"):
        words.update(re.findall(r'Dropped\(\s*"([a-z_]+)"', path.read_text()))
    assert len(words) > 40
    assert words <= MEANINGS.keys(), sorted(words - MEANINGS.keys())


def test_documents_of_another_version_are_named_and_left_out(tmp_path: Path) -> None:
    file = document(tmp_path / "x.json", {**SETTLED, "bins": "another shape"})
    assert "x.json: a document of another version" in page_of(tmp_path, file).text
