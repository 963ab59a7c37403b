"""Recipes: how a model is trained, as a TOML file that a person can read and change.

Those that ship lie in ``pipeline/training/recipes``; ``--recipe NAME`` takes one of them,
``--recipe FILE.toml`` any other, and ``--set sft.learning_rate=1e-5`` changes a value of it. A key
that no recipe has is an error that names it.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from zeta_lsp.core.errors import UsageError

FOLDER = Path(__file__).parent / "recipes"
Method = Literal["none", "dpo", "kto"]


class Lora(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Low-rank adapters on the linear layers; `targets` are PEFT's names of modules."""

    rank: int
    alpha: int
    dropout: float = 0.0
    targets: str | list[str] = "all-linear"


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One pass of training.

    `batch_rows` rows are gone through for each step, `device_rows` at a time; `epochs` counts until
    `steps`, if that is not 0, ends it. `warmup` is a share of the steps.
    """

    learning_rate: float
    batch_rows: int
    device_rows: int = 1
    epochs: float = 1.0
    steps: int = 0
    warmup: float = 0.03
    schedule: str = "cosine"
    weight_decay: float = 0.0
    clip: float = 1.0
    optimizer: str = "adamw_torch"

    @property
    def accumulated(self) -> int:
        """How many times `device_rows` make a step."""
        return max(1, self.batch_rows // self.device_rows)


class Preference(Phase, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The pass after: `beta` holds the model near the one it started from."""

    method: Method = "none"
    beta: float = 0.1


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole recipe. `licence` is the base model's; without `lora` all weights are trained."""

    name: str = ""
    base: str = ""
    licence: str = ""
    dtype: Literal["float32", "bfloat16"] = "bfloat16"
    max_tokens: int
    checkpoint_steps: int = 100
    log_steps: int = 10
    gradient_checkpointing: bool = True
    sft: Phase
    lora: Lora | None = None
    preference: Preference | None = None

    @property
    def method(self) -> Method:
        """What comes after the demonstrations."""
        return self.preference.method if self.preference else "none"


def names() -> list[str]:
    """Of the recipes that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def recipe_of(name: str, changes: Sequence[str] = ()) -> Recipe:
    """A recipe that ships, or one in a file, with changes like ``sft.steps=50``.

    Raises:
        UsageError: there is no such recipe, or something in it is none of a recipe's.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        shipped = ", ".join(names())
        raise UsageError(f"no recipe {name}; there are {shipped}, or give a FILE.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name} is no TOML: {fault}") from None
    table.setdefault("name", path.stem)
    for change in changes:
        _change(table, change)
    return _checked(table, path.name)


def _change(table: dict[str, Any], change: str) -> None:
    key, equals, text = change.partition("=")
    *parents, last = key.split(".")
    if not equals or not last:
        raise UsageError(f"--set wants KEY=VALUE, not {change!r}")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise UsageError(f"--set {key}: {parent} is no table")
    try:
        table[last] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        table[last] = text  # a word without its quotation marks


def _checked(table: dict[str, Any], name: str) -> Recipe:
    try:
        recipe = msgspec.convert(table, Recipe)
    except msgspec.ValidationError as fault:
        raise UsageError(f"recipe {name}: {fault}") from None
    for phase in (recipe.sft, recipe.preference):
        if phase is not None and (phase.device_rows < 1 or phase.batch_rows % phase.device_rows):
            raise UsageError(f"recipe {name}: batch_rows is no multiple of device_rows")
    if recipe.method == "kto" and recipe.preference and recipe.preference.device_rows < 2:
        raise UsageError(
            f"recipe {name}: KTO compares rows with each other; device_rows is 2 or more"
        )
    return recipe
