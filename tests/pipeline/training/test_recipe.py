"""Recipes are files that people change."""

from pathlib import Path

import pytest

from pipeline.training.recipe import FOLDER, names, recipe_of
from zeta_lsp.core.errors import UsageError


@pytest.mark.parametrize("name", names())
def test_every_recipe_that_ships_is_one(name: str) -> None:
    recipe = recipe_of(name)
    assert recipe.name == name
    assert (recipe.lora is None) == (name.endswith("-full") or name == "tiny-cpu")
    assert bool(recipe.base) == bool(recipe.licence) == (name != "tiny-cpu")


@pytest.mark.parametrize("name", [name for name in names() if name != "tiny-cpu"])
def test_every_learning_rate_that_ships_says_where_it_is_from(name: str) -> None:
    rows = (FOLDER / f"{name}.toml").read_text().splitlines()
    rates = [row for row in rows if row.startswith("learning_rate")]
    assert len(rates) == 2
    assert all("#" in row for row in rates)


def test_values_are_changed_by_name() -> None:
    changed = recipe_of(
        "tiny-cpu", ["sft.steps=7", "lora.rank=4", "lora.alpha=8", "dtype=bfloat16"]
    )
    assert (changed.sft.steps, changed.dtype) == (7, "bfloat16")
    assert changed.lora is not None
    assert changed.lora.rank == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["sft.lr=1"], "lr"),
        (["sft.steps=many"], "int"),
        (["steps"], "KEY=VALUE"),
        (["dtype.x=1"], "no table"),
        (["sft.batch_rows=3"], "no multiple"),
        (["preference.method=kto", "preference.device_rows=1"], "KTO"),
        (["preference.method=ppo"], "ppo"),
    ],
)
def test_what_is_no_recipe_is_refused_by_its_name(changes: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        recipe_of("tiny-cpu", changes)


def test_a_recipe_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((FOLDER / "tiny-cpu.toml").read_text())
    assert recipe_of(str(path)).name == "mine"
    path.write_text("sft = [")
    with pytest.raises(UsageError, match="no TOML"):
        recipe_of(str(path))
    with pytest.raises(UsageError, match="seed-coder-8b"):
        recipe_of("nothing")
