"""A run as a person sees it: what it writes, what it says, and what it refuses."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.pipeline.training.needing import need_training

need_training()

from pipeline.training.recipe import names  # noqa: E402 - the libraries first
from tests.pipeline.teacher.examples import ran, row_for  # noqa: E402
from tests.pipeline.training.lessons import (  # noqa: E402
    CANARY,
    all_rows,
    edit_row,
    file_of,
    silent_row,
    told,
)
from tests.pipeline.training.training import card, metrics, train, weights  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that are not ours


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 12 steps over all kinds of rows, and some that are none."""
    folder = tmp_path_factory.mktemp("trained")
    licensed = [told(row, licence={"spdx": "MIT", "evidence": "LICENSE"}) for row in all_rows()]
    rows = [
        told(licensed[0], consent={"receipt": "receipt-1", "private": False}),
        told(licensed[1], synthetic={"from": "commit"}),
        {**edit_row(7), "prompt": {"input": CANARY * 900, "expected_output": "x"}},
        row_for(8),
        licensed[2],
    ]
    source = file_of(folder, rows)
    assert train(source, folder / "run", base, "--set", "checkpoint_steps=5", steps=12) == 0
    return folder / "run"


def test_the_loss_falls(trained: Path) -> None:
    losses = [one["loss"] for one in metrics(trained)]
    assert len(losses) == 12
    assert losses[-1] < 0.8 * losses[0]


def test_the_card_says_what_it_was_trained_on(trained: Path) -> None:
    data = card(trained)["data"]
    source = trained.parent / "rows.jsonl"
    (file,) = data["files"]
    assert (file["path"], file["rows"], file["drawn"]) == ("rows.jsonl", 5, 3)
    assert file["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert data["dropped"] == {"too_many_tokens": 1, "no_prompt": 1}
    assert data["licences"] == {"MIT": 3}
    assert data["languages"] == {"py": 3}
    assert data["formats"] == {"zeta2.1": 3}
    assert data["synthetic_share"] == pytest.approx(1 / 3, abs=1e-3)
    assert data["no_edit"] == 1


def test_the_card_says_how(trained: Path) -> None:
    found = card(trained)
    assert (found["kind"], found["version"]) == ("zeta-run", 1)
    assert found["steps"] == {"sft": 12}
    assert [one["step"] for one in found["losses"]] == list(range(1, 13))
    assert found["recipe"]["sft"]["learning_rate"] == 2e-3
    assert found["versions"]["torch"]
    assert found["parameters"] == found["trained_parameters"] > 0
    assert found["training_s"] > 0
    assert found["results"] == ["model"]
    assert "| steps | sft 12 |" in (trained / "README.md").read_text()


def test_nothing_in_the_folder_quotes_a_row(trained: Path) -> None:
    drops = [json.loads(line) for line in (trained / "drops.jsonl").read_text().splitlines()]
    assert [(one["line"], one["reason"]) for one in drops] == [
        (3, "too_many_tokens"),
        (4, "no_prompt"),
    ]
    texts = [path for path in trained.rglob("*") if path.suffix in {".json", ".jsonl", ".md"}]
    assert len(texts) > 5
    quoting = [
        path.name for path in texts if path.name != "tokenizer.json" and CANARY in path.read_text()
    ]
    assert quoting == []


def test_who_revokes_a_consent_finds_the_models_that_learned_under_it(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "receipt-1" not in (trained / "card.json").read_text()
    assert ran("train", trained, "--tainted-by", "receipt-1") == 0
    assert capsys.readouterr().out == f"{trained}: 1 rows\n"
    assert ran("train", trained, "--tainted-by", "receipt-2") == 0
    assert capsys.readouterr().out == ""


def test_a_run_that_is_over_is_not_done_again(trained: Path, base: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in trained.rglob("*") if path.is_file()}
    source = trained.parent / "rows.jsonl"
    assert train(source, trained, base, "--set", "checkpoint_steps=5", steps=12) == 0
    after = {path: path.stat().st_mtime_ns for path in trained.rglob("*") if path.is_file()}
    assert {path.name for path in before if before[path] != after.get(path)} <= {"run.lock"}


@pytest.mark.parametrize(
    ("more", "what"), [(("--seed", 1), "seed"), (("--set", "sft.clip=2"), "recipe")]
)
def test_a_folder_holds_one_run(
    trained: Path, base: Path, capsys: pytest.CaptureFixture[str], more: object, what: str
) -> None:
    source = trained.parent / "rows.jsonl"
    assert isinstance(more, tuple)
    assert train(source, trained, base, "--set", "checkpoint_steps=5", *more, steps=12) == 2
    assert f"differs in {what}" in capsys.readouterr().err


def test_two_runs_do_not_write_into_one_folder(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, all_rows())
    (tmp_path / "run").mkdir()
    with FileLock(tmp_path / "run" / "run.lock"):
        assert train(source, tmp_path / "run", base) == 1
    assert "another run" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["run.lock"]


def test_the_same_command_makes_the_same_model(base: Path, tmp_path: Path) -> None:
    source = file_of(tmp_path, all_rows())
    for name, more in (("a", ()), ("b", ()), ("c", ("--seed", 1))):
        batches = ("--set", "sft.batch_rows=1", "--set", "sft.device_rows=1")
        assert train(source, tmp_path / name, base, *batches, *more) == 0
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert weights(tmp_path / "a") != weights(tmp_path / "c")


def test_a_plan_says_what_the_run_then_does(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, [edit_row(number) for number in range(1, 8)])
    small = ("--set", "sft.batch_rows=4", "--set", "sft.device_rows=2", "--set", "sft.epochs=2")
    given = ("--recipe", "tiny-cpu", "--base", base, *small, "--set", "sft.steps=0", "--json")
    assert ran("train", source, *given, "--plan") == 0
    plan = json.loads(capsys.readouterr().out)
    assert ran("train", source, "-o", tmp_path / "run", *given) == 0
    done = json.loads(capsys.readouterr().out)
    (one,) = plan["passes"]
    assert done["steps"] == {"sft": one["steps"]}
    assert (one["rows"], one["lessons"]) == (7, 7)
    assert one["tokens"] == done["data"]["tokens"]
    assert 0 < one["loss_tokens"] < one["tokens"]
    assert plan["parameters"] == done["parameters"]
    assert plan["memory_bytes"] > 16 * plan["parameters"]
    assert any("silence" in note for note in plan["notes"])


def test_a_plan_counts_the_parameters_of_adapters(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, [edit_row(1), silent_row(2)])
    lora = ("--set", "lora.rank=4", "--set", "lora.alpha=8", "--steps", 1)
    given = ("--recipe", "tiny-cpu", "--base", base, *lora, "--json")
    assert ran("train", source, *given, "--plan") == 0
    plan = json.loads(capsys.readouterr().out)
    assert ran("train", source, "-o", tmp_path / "run", *given) == 0
    done = json.loads(capsys.readouterr().out)
    assert plan["trained_parameters"] == done["trained_parameters"] > 0
    assert plan["notes"] == []


def test_markers_that_the_tokenizer_lacks_are_told(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, [silent_row(2, "fim-qwen")])
    assert ran("train", source, "--recipe", "tiny-cpu", "--base", base, "--plan") == 0
    assert "<|fim_middle|>" in capsys.readouterr().out


@pytest.mark.parametrize("recipe", [name for name in names() if name != "tiny-cpu"])
def test_every_recipe_that_ships_trains(base: Path, tmp_path: Path, recipe: str) -> None:
    """On a model that is not its own; with its precision, optimizer, adapters and batches."""
    source = file_of(tmp_path, all_rows())
    given = ("--base", base, "--recipe", recipe, "--steps", 2, "--then", "dpo", "--quiet")
    assert ran("train", source, "-o", tmp_path / "run", *given) == 0
    found = card(tmp_path / "run")
    assert found["results"] == (["model"] if recipe.endswith("-full") else ["adapter"])
    assert found["base"]["licence"] is None, "nobody said so of this model"


def test_a_mix_is_drawn_by_its_shares(base: Path, tmp_path: Path) -> None:
    many = file_of(tmp_path, [edit_row(number) for number in range(1, 9)], "many.jsonl")
    few = file_of(tmp_path, [silent_row(9), silent_row(10)], "few.jsonl")
    given = ("--recipe", "tiny-cpu", "--base", base, "--steps", 1, "--quiet")
    mix = ("--mix", f"{many}=0.4", f"{few}=0.6")
    assert ran("train", *mix, "-o", tmp_path / "run", *given) == 0
    files = card(tmp_path / "run")["data"]["files"]
    assert [(one["path"], one["drawn"], one["share"]) for one in files] == [
        ("many.jsonl", 4, 0.4),
        ("few.jsonl", 6, 0.6),
    ]


def test_without_a_recipe_the_recipes_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("train", "x.jsonl", "-o", "y") == 2
    said = capsys.readouterr().err
    assert all(name in said for name in names())


def test_a_missing_library_is_named_with_what_to_install(
    base: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "trl", None)
    assert train(file_of(tmp_path, all_rows()), tmp_path / "run", base) == 2
    assert "pip install 'zeta-lsp[train]'" in capsys.readouterr().err


def test_a_base_that_is_none_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, all_rows())
    for base in (tmp_path, Path("nobody/nothing")):
        assert train(source, tmp_path / "run", base) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert str(base) in said


def test_rows_that_teach_nothing_end_the_run_before_it_begins(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(file_of(tmp_path, [row_for(1)]), tmp_path / "run", base) == 2
    assert "1 no_prompt" in capsys.readouterr().err
