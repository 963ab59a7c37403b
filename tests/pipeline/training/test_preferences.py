"""After demonstrations: what is better, and what people wanted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.training.needing import need_training

need_training()

from pipeline.training.encoding import Encoded, Encoder  # noqa: E402 - the libraries first
from pipeline.training.gathering import gathered, reader_of  # noqa: E402
from pipeline.training.libraries import hush  # noqa: E402
from pipeline.training.models import model_of, tokenizer_of  # noqa: E402
from pipeline.training.recipe import Recipe, recipe_of  # noqa: E402
from pipeline.training.sources import Source  # noqa: E402
from tests.pipeline.training.lessons import edit_row, file_of, silent_row, told  # noqa: E402
from tests.pipeline.training.training import card, metrics, train  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that are not ours


def outcomes() -> list[dict[str, Any]]:
    endings = ["accepted", "rejected", "ignored", "accepted", "typed_through"]
    return [told(edit_row(n), outcome={"ending": one}) for n, one in enumerate(endings, 1)]


@pytest.mark.parametrize("lora", [(), ("--set", "lora.rank=8", "--set", "lora.alpha=16")])
def test_repaired_answers_are_preferred_to_what_they_repair(
    base: Path, tmp_path: Path, lora: tuple[str, ...]
) -> None:
    source = file_of(tmp_path, [edit_row(1), edit_row(2), silent_row(3)])
    assert train(source, tmp_path / "run", base, "--then", "dpo", *lora) == 0
    seen = [one for one in metrics(tmp_path / "run") if one["pass"] == "dpo"]
    # At first it is the model that it is held against: the one after the demonstrations.
    assert seen[0]["rewards/margins"] == pytest.approx(0, abs=1e-4)
    assert seen[-1]["rewards/margins"] > 0.05
    assert seen[-1]["loss"] < seen[0]["loss"]
    found = card(tmp_path / "run")
    assert found["steps"] == {"sft": 4, "dpo": 5}
    assert found["data"]["passes"]["dpo"]["dropped"] == {"nothing_rejected": 1}
    assert found["results"] == (["adapter"] if lora else ["model"])


@pytest.mark.parametrize("lora", [(), ("--set", "lora.rank=8", "--set", "lora.alpha=16")])
def test_preferences_begin_where_demonstrations_ended(
    base: Path, tmp_path: Path, lora: tuple[str, ...]
) -> None:
    source = file_of(tmp_path, [edit_row(1)])
    assert train(source, tmp_path / "run", base, "--then", "dpo", *lora, steps=30) == 0
    before, after = (
        [one for one in metrics(tmp_path / "run") if one["pass"] == name] for name in ("sft", "dpo")
    )
    prompt = edit_row(1)["prompt"]
    encoded = Encoder(tokenizer_of(str(base)), 2048).encoded("", prompt["expected_output"])
    assert isinstance(encoded, Encoded)
    loss = -after[0]["logps/chosen"] / len(encoded.completion)
    assert loss <= before[-1]["loss"] < before[0]["loss"] - 0.2


def test_what_people_wanted_becomes_likelier(base: Path, tmp_path: Path) -> None:
    source = file_of(tmp_path, outcomes())
    assert train(source, tmp_path / "run", base, "--then", "kto") == 0
    seen = [one for one in metrics(tmp_path / "run") if one["pass"] == "kto"]
    assert seen[-1]["rewards/chosen"] > seen[-1]["rewards/rejected"]
    data = card(tmp_path / "run")["data"]["passes"]["kto"]
    assert data["dropped"] == {"no_verdict": 1}
    assert data["samples"] == 4


def test_preferences_may_come_from_files_of_their_own(base: Path, tmp_path: Path) -> None:
    shown = file_of(tmp_path, [silent_row(1)], "shown.jsonl")
    pairs = file_of(tmp_path, [edit_row(2)], "pairs.jsonl")
    more = ("--then", "dpo", "--preferences", pairs)
    assert train(shown, tmp_path / "run", base, *more, steps=1) == 0
    passes = card(tmp_path / "run")["data"]["passes"]
    assert [one["files"][0]["path"] for one in passes.values()] == ["shown.jsonl", "pairs.jsonl"]


def batch_of(base: Path, folder: Path, method: Any) -> tuple[Any, Any]:
    """What a trainer goes through first, and what was read for it."""
    from pipeline.training.trainers import preferring

    hush()
    tokenizer = tokenizer_of(str(base))
    source = Source(Path(file_of(folder, outcomes())))
    found = gathered([source], Encoder(tokenizer, 2048), reader_of(method), 0)
    recipe: Recipe = recipe_of("tiny-cpu", [f"preference.method={method}"])
    model = model_of(str(base), "float32")
    trainer = preferring(recipe, model, tokenizer, found.lessons, folder / "x", 0)
    return next(iter(trainer.get_train_dataloader())), found.lessons


def answers(batch: Any, before: str = "") -> list[list[int]]:
    rows = zip(
        batch[f"{before}input_ids"].tolist(),
        batch[f"{before}completion_mask"].tolist(),
        strict=True,
    )
    return [[token for token, on in zip(*row, strict=True) if on] for row in rows]


def test_pairs_are_gone_through_as_they_were_encoded(base: Path, tmp_path: Path) -> None:
    batch, lessons = batch_of(base, tmp_path, "dpo")
    seen = answers(batch)
    pairs = {(tuple(one.chosen.completion), tuple(one.rejected.completion)) for one in lessons}
    half = len(seen) // 2
    found = {(tuple(seen[n]), tuple(seen[half + n])) for n in range(half)}
    assert found <= pairs
    assert len(found) == 4


def test_verdicts_are_gone_through_as_they_were_encoded(base: Path, tmp_path: Path) -> None:
    batch, lessons = batch_of(base, tmp_path, "kto")
    wanted = [list(one.answer.completion) for one in lessons]
    assert answers(batch) == wanted
    assert list(batch["label"]) == [one.is_wanted for one in lessons]
    assert answers(batch, "KL_") == [wanted[-1], *wanted[:-1]]


def test_rare_verdicts_weigh_more(base: Path, tmp_path: Path) -> None:
    from pipeline.training.trainers import kto_weights

    _, lessons = batch_of(base, tmp_path, "kto")
    assert kto_weights(lessons) == {"desirable_weight": 1.0, "undesirable_weight": 3.0}


def test_a_pass_without_rows_is_said_before_anything_is_trained(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = file_of(tmp_path, [silent_row(1)])
    assert train(source, tmp_path / "run", base, "--then", "kto") == 2
    assert "kto: 1 no_verdict" in capsys.readouterr().err
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_lines_that_capture_exports_for_trl_train_as_well(base: Path, tmp_path: Path) -> None:
    lines = [{"prompt": "a b", "completion": "c"}, {"prompt": "a", "completion": "d"}]
    (tmp_path / "sft.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    assert train(tmp_path / "sft.jsonl", tmp_path / "run", base, steps=1) == 0
