"""The lock: from it and the inputs, another machine makes the same bytes.

It holds the recipe's text, the settings, and of each step that was carried out the stage's version,
its command line, and the digests of what it read and wrote, with rows and drops. It is written anew
after each step, so it is what a run that was ended goes on from. Nothing in it says when. Paths in
the run's folder begin with ``{work}``, those of others are as they were given. Keys are never in a
command line, so none is here.
"""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from pipeline.jsonl import Beside, remove_beginnings
from pipeline.recipe.digests import Content
from pipeline.recipe.recipe import Chosen, Value
from pipeline.recipe.steps import Step
from zeta_lsp.core.errors import UsageError

LOCK = "recipe.lock.json"
KIND, VERSION = "zeta-lock", 1
LIBRARIES = (
    "zeta-lsp", "anthropic", "datasets", "openai", "peft", "rensa", "tokenizers", "torch",
    "transformers", "tree-sitter", "trl",
)  # fmt: skip
"""What has a say in the bytes that come out, where it is installed."""


class Done(msgspec.Struct, frozen=True):
    """A step as it was carried out. Contents are named as in the step."""

    name: str
    stage: str
    stage_version: int
    instructions: str
    words: tuple[str, ...]
    inputs: dict[str, Content | None]
    outputs: dict[str, Content | None]
    drops: dict[str, int] = {}
    varies: bool = False


class Lock(msgspec.Struct, frozen=True):
    """All that was carried out, by which recipe and with what installed."""

    name: str
    recipe: str
    settings: dict[str, Value]
    versions: dict[str, str]
    steps: tuple[Done, ...] = ()
    kind: str = KIND
    version: int = VERSION

    def step(self, name: str) -> Done | None:
        """A step that was carried out."""
        return next((one for one in self.steps if one.name == name), None)

    def written(self, work: Path) -> None:
        """Put it into a run's folder, which is held; whole, or the old one stays."""
        remove_beginnings(work / LOCK)
        file = Beside(work / LOCK)
        try:
            file.write(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
            file.keep()
        finally:
            file.discard()


def lock_for(chosen: Chosen) -> Lock:
    """A lock without steps."""
    settings: dict[str, Any] = dict(chosen.settings)
    return Lock(chosen.name, chosen.text, settings, versions())


def versions() -> dict[str, str]:
    """What is installed here and has a say."""
    python = ".".join(platform.python_version_tuple()[:2])
    found = {name: _version(name) for name in LIBRARIES}
    return {"python": python} | {name: one for name, one in found.items() if one}


def read_lock(path: Path) -> Lock:
    """A lock that somebody made.

    Raises:
        UsageError: it is none, or of a newer kind.
    """
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=Lock)
    except OSError as fault:
        raise UsageError(f"{path}: {os.strerror(fault.errno or 0)}") from None
    except msgspec.DecodeError:
        raise UsageError(f"{path} is no lock of a recipe") from None
    if lock.kind != KIND or lock.version > VERSION:
        raise UsageError(f"{path} is no lock that this version can read")
    return lock


def lock_in(work: Path) -> Lock | None:
    """The lock of a run's folder; None if there is none that can be read."""
    try:
        return read_lock(work / LOCK)
    except UsageError:
        return None


def why_stale(step: Step, done: Done | None, inputs: Mapping[str, Content | None]) -> str:
    """Why a step has to be carried out although it was; empty if it has not to be.

    Versions of libraries and outputs are looked at by others.
    """
    if done is None:
        return "not done yet"
    if done.stage != step.stage or done.stage_version != step.version:
        return "another version of the stage"
    if done.instructions != step.instructions:
        return "models are told something else"
    if done.words != step.words:
        return "other options"
    changed = [name for name in step.inputs if done.inputs.get(name) != inputs.get(name)]
    if changed or set(done.inputs) != set(step.inputs):
        return f"{changed[0]} changed" if changed else "other inputs"
    return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
