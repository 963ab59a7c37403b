"""A training job from end to end: what it is, one pass after the other, and going on after a stop.

The same command does the same job. Which job it is, its fingerprint says: the bytes of the data and
their shares, the base model's files, the recipe, the seed. A folder holds one job. What is done in
it is not done again: a pass that is over is skipped, one that was stopped goes on from its last
whole checkpoint, with optimizer, schedule and random numbers as they were.
"""

import gc
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline.training import models
from pipeline.training.encoding import Encoder
from pipeline.training.folder import RunFolder, is_whole, write_whole
from pipeline.training.gathering import Gathered, gathered, reader_of
from pipeline.training.libraries import loaded
from pipeline.training.models import Base
from pipeline.training.recipe import Method, Phase, Recipe
from pipeline.training.sources import Source
from zeta_lsp.core.errors import UsageError, ZetaError

NAMES: dict[Method, str] = {"none": "sft", "dpo": "dpo", "kto": "kto"}
"""What a pass is called, by what follows demonstrations."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. `preferred` are the files that preferences are read from."""

    base: str
    recipe: Recipe
    sources: tuple[Source, ...]
    preferred: tuple[Source, ...] = ()
    seed: int = 0
    answers: int = 1
    is_merged: bool = False
    limit: int | None = None

    @property
    def methods(self) -> tuple[Method, ...]:
        """The passes, in order."""
        after = self.recipe.method
        return ("none",) if after == "none" else ("none", after)

    def phase(self, method: Method) -> Phase:
        """The numbers of a pass."""
        after = self.recipe.preference
        return self.recipe.sft if method == "none" or after is None else after


class Prepared(msgspec.Struct, frozen=True):
    """A job whose data have been read."""

    job: Job
    base: Base
    tokenizer: Any
    encoder: Encoder
    data: dict[str, Gathered]

    @property
    def told(self) -> dict[str, Any]:
        """What makes it this job and no other."""
        job = self.job
        return {
            "base": msgspec.to_builtins(self.base),
            "recipe": msgspec.to_builtins(job.recipe),
            "seed": job.seed,
            "answers": job.answers,
            "data": {
                name: [[one.sha256, one.share, one.rows] for one in found.files]
                for name, found in self.data.items()
            },
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 of `told`, in hex."""
        return hashlib.sha256(msgspec.json.encode(self.told)).hexdigest()


def prepared(job: Job) -> Prepared:
    """Read everything that a job needs but the weights.

    Raises:
        UsageError: the model cannot be had, or nothing is left to train on.
        OSError: a file cannot be read.
    """
    base, tokenizer = models.base_of(job.base), models.tokenizer_of(job.base)
    encoder = Encoder(tokenizer, job.recipe.max_tokens)
    data = {}
    for method in job.methods:
        sources = job.sources if method == "none" else job.preferred or job.sources
        read = reader_of(method, job.answers)
        found = gathered(sources, encoder, read, job.seed, job.limit)
        if not found.lessons:
            lost = ", ".join(f"{count} {word}" for word, count in found.reasons.most_common(5))
            raise UsageError(f"no row to train on for {NAMES[method]}: {lost or 'no rows'}")
        data[NAMES[method]] = found
    return Prepared(job, base, tokenizer, encoder, data)


class Trained(msgspec.Struct, frozen=True):
    """What was done: steps of each pass, where each went on, and what was written."""

    steps: dict[str, int]
    resumed: dict[str, int]
    results: tuple[str, ...]
    parameters: int
    trained_parameters: int


class Stopped(ZetaError):
    """A person stopped the run; what was learned is kept."""

    reason = "stopped"


def train(ready: Prepared, folder: RunFolder, *, is_shown: bool) -> Trained:
    """Train what is not trained yet.

    Raises:
        Stopped: a person stopped it.
    """
    write_drops(ready, folder)
    last, steps, resumed = ready.job.methods[-1], dict[str, int](), dict[str, int]()
    for method in ready.job.methods:
        name = NAMES[method]
        final = folder.checkpoints(name) / "final"
        if method != last and is_whole(final):
            steps[name] = _steps_of(folder, name)
            continue
        trainer = _trainer(ready, method, folder)
        steps[name], resumed[name] = _pass(trainer, folder, name, is_shown=is_shown)
        model = trainer.model
        if method != last:
            folder.replace(f"checkpoints/{name}/final", partial(_write, ready, model))
            del trainer, model  # two of them would not fit
            gc.collect()
    results = _results(ready, model, folder)
    every, free = models.sizes(model)
    return Trained(steps, resumed, results, every, free)


def _trainer(ready: Prepared, method: Method, folder: RunFolder) -> Any:
    from pipeline.training import trainers

    job, name = ready.job, NAMES[method]
    arguments = (ready.tokenizer, ready.data[name].lessons, folder.checkpoints(name), job.seed)
    if method == "none":
        model = models.model_of(job.base, job.recipe.dtype)
        return trainers.demonstrating(job.recipe, model, *arguments)
    before = folder.checkpoints(NAMES["none"]) / "final"
    if job.recipe.lora is None:
        model = models.model_of(str(before), job.recipe.dtype)
    else:
        model = models.adapted(models.model_of(job.base, job.recipe.dtype), before)
    return trainers.preferring(job.recipe, model, *arguments)


def _pass(trainer: Any, folder: RunFolder, name: str, *, is_shown: bool) -> tuple[int, int]:
    """Steps at the end, and the step that it went on from."""
    from pipeline.training.watching import Watch

    watch = Watch(folder, name, is_shown=is_shown)
    trainer.remove_callback(loaded("transformers").PrinterCallback)
    trainer.add_callback(watch)
    checkpoint = folder.last_whole(name)
    with watch.watching():
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    step, most = trainer.state.global_step, trainer.state.max_steps
    if watch.was_stopped and step < most:
        raise Stopped(f"stopped at step {step} of {most} ({name}); the same command goes on there")
    return step, int(checkpoint.name.rpartition("-")[2]) if checkpoint else 0


def _steps_of(folder: RunFolder, name: str) -> int:
    last = folder.last_whole(name)
    return int(last.name.rpartition("-")[2]) if last else 0


def _write(ready: Prepared, model: Any, path: Path) -> None:
    if ready.job.recipe.lora is None:
        models.write_model(model, ready.tokenizer, path)
    else:
        models.write_adapters(model, ready.tokenizer, path)


def _results(ready: Prepared, model: Any, folder: RunFolder) -> tuple[str, ...]:
    """Write the adapters, or the model; and with adapters the merged model if that is wanted."""
    if ready.job.recipe.lora is None:
        folder.replace("model", partial(_write, ready, model))
        return ("model",)
    folder.replace("adapter", partial(_write, ready, model))
    return ("adapter", *merge(ready, folder))


def merge(ready: Prepared, folder: RunFolder) -> tuple[str, ...]:
    """Write the model with the adapters of the folder merged in, if the job wants that."""
    if not ready.job.is_merged or ready.job.recipe.lora is None:
        return ()
    base = models.model_of(ready.job.base, ready.job.recipe.dtype)
    model = models.merged(models.adapted(base, folder.path / "adapter"))
    folder.replace("model", lambda path: models.write_model(model, ready.tokenizer, path))
    return ("model",)


def write_drops(ready: Prepared, folder: RunFolder) -> None:
    """Write which rows nothing was learned from, pass by pass; no file if there are none."""
    encode = msgspec.json.encode
    found: Sequence[bytes] = [
        encode({"pass": name, **msgspec.to_builtins(one)})
        for name, data in ready.data.items()
        for one in data.lost
    ]
    path = folder.path / "drops.jsonl"
    if found:
        write_whole(path, b"\n".join(found) + b"\n")
    else:
        path.unlink(missing_ok=True)
