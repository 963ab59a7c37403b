"""Without code, no piece of an example's text is in what is written, wherever it stood."""

from pathlib import Path
from typing import Any

from pipeline.records import Row
from tests.pipeline.reporting.made import drop, example, page_of, ran, scored, written

CANARY = "canary"


def poisoned(value: Any) -> Any:
    """A record with a canary in every text and in the names of what is not known."""
    if isinstance(value, str):
        return f"{value}/{CANARY}.{CANARY}"
    if isinstance(value, list):
        return [poisoned(one) for one in value] or [CANARY]
    if isinstance(value, dict):
        return {name: poisoned(one) for name, one in value.items()} | {CANARY: CANARY}
    return value


def rows() -> list[Row]:
    """Examples and scores in which every text is poisoned, each field by itself and all at once."""
    clean = scored(1, "pass", None)
    once = [{**clean, name: poisoned(value)} for name, value in clean.items()]
    for row in once:  # a model is named, without its folder
        for one in row["predictions"]:
            one["provider"] = f"/{CANARY}/model-a"
    deep = [
        {**clean, "zeta": {**clean["zeta"], name: poisoned(value)}}
        for name, value in clean["zeta"].items()
    ]
    providers = [{**one, "provider": f"{CANARY}/x y"} for one in clean["predictions"]]
    return [clean, *once, *deep, poisoned(example(2)), {**clean, "predictions": providers}]


def outputs(tmp_path: Path, *more: str) -> str:
    """Everything that is written about them."""
    drops = [
        drop(1, CANARY, record={"cursor_path": CANARY}),
        drop(2, "secret_found", detail="aws_access_key_id"),
    ]
    drops += [
        drop(3, "secret_found", detail=f"AKIA9{CANARY}"),
        drop(4, "broken_line", record=CANARY),
    ]
    leak = {"kind": CANARY, "name": CANARY, "outputs": [f"{CANARY}/train", "test"]}
    documents: list[Row] = [
        {"outputs": {f"{CANARY}/train": 1, "test": 1}, "leaks": [leak]},
        {"kind": "zeta-run", "base": f"/{CANARY}/tiny", "recipe": CANARY, "losses": [1.0, 0.5]},
        {
            "kind": "zeta-eval",
            "measures": {CANARY: {"m": {"mean": 1}}},
            "worst": [{"case": CANARY}],
        },
    ]
    folder = tmp_path / CANARY
    folder.mkdir(exist_ok=True)
    files = [
        written(folder / "a.jsonl", rows()),
        written(folder / "a.drops.jsonl", drops),
        written(folder / "b.jsonl", documents),
    ]
    made = tmp_path / "x.html", tmp_path / "x.md"
    assert ran(*files, "-o", made[0], "--card", made[1], "--quiet", *more) == 0
    return "".join(path.read_text() for path in made)


def test_no_piece_of_code_or_path_gets_into_a_report_without_code(tmp_path: Path) -> None:
    shared = outputs(tmp_path, "--no-code")
    assert CANARY not in shared
    for text in ("def total", "fetch(rows", "shop/", "total.py", "example.org", "AKIA"):
        assert text not in shared
    assert '<th scope="row">key</th>' in shared
    assert "MIT" in shared
    assert "without code, to be shared" in shared
    assert "model-a" in shared


def test_the_same_texts_are_in_a_report_with_code(tmp_path: Path) -> None:
    whole = outputs(tmp_path)
    assert CANARY in whole
    assert "def total" in whole


def test_repositories_are_counted_and_not_named_unless_asked(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", [example(n) for n in range(8)])
    for more, is_named in (((), False), (("--names",), True)):
        out = tmp_path / "x.html"
        assert ran(file, "-o", out, "--quiet", *more) == 0
        assert ("example.org/r1" in out.read_text()) == is_named


def test_a_report_says_nothing_of_texts_on_the_terminal(tmp_path: Path, capsys: Any) -> None:
    written(tmp_path / "a.jsonl", rows())
    assert ran(tmp_path / "a.jsonl", "-o", tmp_path / "x.html", "--json", "--no-code") == 0
    assert CANARY not in capsys.readouterr().err


def test_files_of_the_same_name_stay_apart_without_their_folders(tmp_path: Path) -> None:
    files = []
    for folder, count in (("one", 3), ("two", 5)):
        (tmp_path / folder).mkdir()
        files.append(written(tmp_path / folder / "a.jsonl", [example(n) for n in range(count)]))
        files.append(written(tmp_path / folder / "a.drops.jsonl", [drop(1, "private")]))
    page = page_of(tmp_path, *files, "--no-code")
    assert "1/a.jsonl 4 rows in → 1 dropped → 3 kept" in page.text
    assert "2/a.jsonl 6 rows in → 1 dropped → 5 kept" in page.text
