"""What a job would do and need, without training: rows, tokens, steps, memory.

Memory is an estimate for one device: weights, gradients, Adam's two moments, and activations with
one layer recomputed at a time. It was held against no GPU. Real use is higher by what the allocator
leaves unused, some tenth.
"""

import math
import re
from contextlib import suppress
from typing import Any

import msgspec

from pipeline.training import models
from pipeline.training.encoding import Encoded
from pipeline.training.job import NAMES, Prepared
from pipeline.training.libraries import loaded
from pipeline.training.recipe import Lora, Phase
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats import get
from zeta_lsp.core.formats.cursor_mark import CURSOR

BYTES = {"float32": 4, "bfloat16": 2}
STATES = 3
"""Values held for each trained parameter beside itself: its gradient and Adam's two moments."""
LOGITS_BYTES = 10
"""Of each token and word of the vocabulary: logits, the same in 32 bits, and their gradient."""
LAYER_VALUES = 34
"""Values of the hidden size that a layer holds for each token while it is gone back through."""
_SPECIAL = re.compile(r"<[\[|][^<>]+[\]|]>")


class Pass(msgspec.Struct, frozen=True):
    """One pass. `tokens` are those of all lessons once, `longest` of the longest."""

    name: str
    rows: int
    dropped: dict[str, int]
    lessons: int
    tokens: int
    loss_tokens: int
    longest: int
    steps: int


class Plan(msgspec.Struct, frozen=True):
    """All of a job, in numbers. Sizes are bytes."""

    base: str
    recipe: str
    passes: list[Pass]
    parameters: int
    trained_parameters: int
    weights_bytes: int
    training_bytes: int
    activations_bytes: int
    notes: list[str]

    @property
    def memory_bytes(self) -> int:
        """Everything that is in memory at once."""
        return self.weights_bytes + self.training_bytes + self.activations_bytes

    def text(self) -> str:
        """For a person."""
        rows = [f"{self.recipe} on {self.base}"]
        for one in self.passes:
            lost = "".join(f", {count} {word}" for word, count in one.dropped.items())
            rows.append(
                f"  {one.name}: {one.rows} rows read{lost}; {one.lessons} samples,"
                f" {one.tokens:,} tokens ({one.loss_tokens:,} with loss),"
                f" the longest {one.longest:,}; {one.steps} steps"
            )
        rows.append(
            f"  parameters: {self.parameters:,}, of which {self.trained_parameters:,} are trained"
        )
        rows.append(
            f"  memory, roughly: {_size(self.memory_bytes)} = weights {_size(self.weights_bytes)}"
            f" + training {_size(self.training_bytes)}"
            f" + activations {_size(self.activations_bytes)}"
        )
        return "\n".join([*rows, *(f"  note: {note}" for note in self.notes)]) + "\n"


def plan_of(ready: Prepared) -> Plan:
    """Count what a job would do."""
    job = ready.job
    config, empty = models.shape_of(job.base)
    every = sum(one.numel() for one in empty.parameters())
    lora = job.recipe.lora
    trained = every if lora is None else _adapter_size(empty, lora)
    width = BYTES[job.recipe.dtype]
    is_whole = lora is None
    copies = 2 if is_whole and job.recipe.method != "none" else 1  # preferences hold the old one
    each = STATES * width if is_whole else (STATES + 1) * BYTES["float32"]
    passes = [_pass_of(ready, name) for name in ready.data]
    return Plan(
        ready.base.name,
        job.recipe.name,
        passes,
        every,
        trained,
        every * width * copies,
        trained * each,
        max(_activations(ready, config, name) for name in ready.data),
        notes_of(ready),
    )


def notes_of(ready: Prepared) -> list[str]:
    """What a person should know before so much is spent."""
    shown = ready.data["sft"]
    found = []
    if not shown.census.no_edit:
        found.append("no row expects nothing to be done: such a student does not learn silence")
    if len(shown.census.formats) > 1:
        found.append(f"rows of several formats: {', '.join(sorted(shown.census.formats))}")
    markers = _unknown_markers(ready)
    if markers:
        found.append(f"the tokenizer has no token of its own for {' '.join(markers)}")
    return found


def _unknown_markers(ready: Prepared) -> list[str]:
    """Markers of the rows' formats that look like special tokens and are none of this model's."""
    marks = set[str]()
    for name in ready.data["sft"].census.formats:
        with suppress(UsageError):
            marks.update(get(name).markers)
    special = {mark for mark in marks - {CURSOR} if _SPECIAL.fullmatch(mark)}
    return sorted(mark for mark in special if not ready.encoder.is_one_token(mark))


def _pass_of(ready: Prepared, name: str) -> Pass:
    data, phase = ready.data[name], phase_of(ready, name)
    return Pass(
        name,
        sum(one.rows for one in data.files),
        dict(data.reasons.most_common()),
        len(data.lessons),
        data.tokens,
        sum(len(one.completion) for one in data.lessons if isinstance(one, Encoded)),
        max(one.tokens for one in data.lessons),
        steps_of(phase, len(data.lessons)),
    )


def phase_of(ready: Prepared, name: str) -> Phase:
    """The numbers of a pass by its name."""
    method = next(method for method, known in NAMES.items() if known == name)
    return ready.job.phase(method)


def steps_of(phase: Phase, lessons: int) -> int:
    """How many steps a pass has."""
    each = math.ceil(math.ceil(lessons / phase.device_rows) / phase.accumulated)
    return phase.steps or math.ceil(each * phase.epochs)


def _adapter_size(model: Any, lora: Lora) -> int:
    """Parameters of the adapters: two thin matrices beside each layer that gets one."""
    linear = loaded("torch").nn.Linear
    layers = [
        one
        for name, one in model.named_modules()
        if isinstance(one, linear) and _is_adapted(name.rpartition(".")[2], lora)
    ]
    return sum(lora.rank * (one.in_features + one.out_features) for one in layers)


def _is_adapted(name: str, lora: Lora) -> bool:
    """Whether a linear layer gets adapters: PEFT's `all-linear` leaves the output out."""
    return name in lora.targets if isinstance(lora.targets, list) else name != "lm_head"


def _activations(ready: Prepared, config: Any, name: str) -> int:
    recipe, phase = ready.job.recipe, phase_of(ready, name)
    longest = max(one.tokens for one in ready.data[name].lessons)
    tokens = longest * phase.device_rows * (1 if name == "sft" else 2)
    layers, width = config.num_hidden_layers, config.hidden_size
    held = layers + LAYER_VALUES if recipe.gradient_checkpointing else layers * LAYER_VALUES
    return int(tokens * (held * width * 2 + config.vocab_size * LOGITS_BYTES))


def _size(count: float) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
