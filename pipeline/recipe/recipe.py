"""A recipe as somebody wrote it: settings and steps in TOML.

    about = "…"
    [settings.store]
    help = "capture stores, exports, folders"     # without a default it has to be set
    [[step]]
    stage = "filter"
    inputs = ["examples.jsonl"]                   # what a step before wrote, or a path
    output = "fit.jsonl"                          # in the run's folder
    licence = ["MIT", "Apache-2.0"]               # all else is options of the stage

A text may name settings, ``"{store}"``; one that is nothing but a setting's name becomes its value,
whatever that is, a list too. An option whose value is empty or false is left out. An input
``"a.jsonl|b.jsonl"`` is the first of them that a step of this run writes; ``"a.jsonl|"`` may be
none. ``when = "repos"`` leaves a step out if that setting is empty. A default may name settings
above it.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zeta_lsp.core.errors import UsageError

SHIPPED = Path(__file__).parents[1] / "recipes"

Plain = str | int | float | bool
Value = Plain | list[Plain]


class Setting(BaseModel):
    """Something that is chosen for a run. Without a default it has to be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    help: str = ""
    default: Value | None = None


class StepText(BaseModel):
    """One step as it is written; what is not named here is an option of its stage."""

    model_config = ConfigDict(extra="allow", strict=True)

    stage: str
    name: str = ""
    inputs: list[str] = []
    output: str = ""
    writes: list[str] = []
    """What it writes into the run's folder besides, by options of its own."""
    reads: list[str] = []
    """Files of others that its options name."""
    when: str = ""
    varies: bool = False
    """Whether it writes other bytes each time, as what says how long it took does."""


class Recipe(BaseModel):
    """A whole recipe, without its text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    about: str = ""
    settings: dict[str, Setting] = {}
    step: list[StepText] = Field(min_length=1)


class Chosen(msgspec.Struct, frozen=True):
    """A recipe for one run: its text, and the value of each setting."""

    name: str
    text: str
    recipe: Recipe
    settings: Mapping[str, Value]


def text_of(named: str) -> tuple[str, str]:
    """A recipe's name and text, by a file's path or the name of one that ships."""
    shipped = SHIPPED / f"{named}.toml"
    path = shipped if re.fullmatch(r"[\w-]+", named) and shipped.exists() else Path(named)
    try:
        return path.stem, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        names = ", ".join(sorted(shipped_recipes()))
        raise UsageError(f"there is no recipe {named}: name a file, or one of {names}") from None


def shipped_recipes() -> dict[str, str]:
    """The recipes that ship, with what each is about."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.toml")}
    return {name: parsed(name, text).about for name, text in sorted(found.items())}


def parsed(name: str, text: str) -> Recipe:
    """A recipe's text, read.

    Raises:
        UsageError: it is none; says where.
    """
    try:
        return Recipe.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise UsageError(f"recipe {name}: {fault}") from None
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise UsageError(f"recipe {name}: {place}: {first['msg']}") from None


def chosen(name: str, text: str, given: Mapping[str, Value]) -> Chosen:
    """A recipe with its settings as a person gave them.

    Raises:
        UsageError: a setting is not the recipe's, or one that it needs was not given.
    """
    recipe = parsed(name, text)
    for unknown in given.keys() - recipe.settings.keys():
        has = ", ".join(recipe.settings) or "none"
        raise UsageError(f"recipe {name} has no setting {unknown} (it has {has})")
    values: dict[str, Value] = {}
    for key, setting in recipe.settings.items():
        value = given.get(key, setting.default)
        if value is None:
            raise UsageError(f"recipe {name} needs --set {key}=… ({setting.help})")
        values[key] = filled(value, values, f"recipe {name}, setting {key}")
    return Chosen(name, text, recipe, values)


def given_settings(words: list[str]) -> dict[str, Value]:
    """Settings of a command line, ``NAME=VALUE``; one that is given more than once is a list."""
    found: dict[str, Value] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {word}: say NAME=VALUE")
        if value.startswith("~/"):  # not every shell knows that it is a path
            value = str(Path(value).expanduser())
        if name not in found:
            found[name] = value
            continue
        before = found[name]
        found[name] = [*before, value] if isinstance(before, list) else [before, value]
    return found


def filled(text: Any, settings: Mapping[str, Value], where: str) -> Any:
    """A value of a step with the settings that it names in their places.

    Raises:
        UsageError: there is no such setting.
    """
    if isinstance(text, list):
        parts = [filled(one, settings, where) for one in text]
        return [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if not isinstance(text, str):
        return text
    whole = re.fullmatch(r"\{(\w+)\}", text)
    if whole is not None:
        return _setting(whole[1], settings, where)
    return re.sub(r"\{(\w+)\}", lambda found: str(_setting(found[1], settings, where)), text)


def _setting(name: str, settings: Mapping[str, Value], where: str) -> Value:
    if name not in settings:
        raise UsageError(f"{where}: there is no setting {name}")
    return settings[name]
