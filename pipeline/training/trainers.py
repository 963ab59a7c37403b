"""TRL's trainers, given tokens instead of texts.

Left to themselves they tokenise prompt and answer at once, append an end of sequence by comparing
texts, and cut to a length. All of that is decided before (`encoding`), so the trainers get token
numbers: `SFTTrainer` takes them as they are; for the other two the one method that would make them
is replaced. What a trainer then goes through is held by a test to be what was encoded.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, List, Value
from peft import LoraConfig
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from pipeline.training.encoding import Encoded
from pipeline.training.gathering import Lesson, Preferred, Verdict
from pipeline.training.recipe import Lora, Phase, Preference, Recipe

KEPT_CHECKPOINTS = 2
"""One that is whole while the next is written."""


class TokensDPOTrainer(DPOTrainer):  # type: ignore[misc]  # trl is not looked into
    """DPO over tokens."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


class TokensKTOTrainer(KTOTrainer):  # type: ignore[misc]  # trl is not looked into
    """KTO over tokens."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


def demonstrating(
    recipe: Recipe, model: Any, tokenizer: Any, lessons: Sequence[Lesson], folder: Path, seed: int
) -> Any:
    """A trainer that imitates. `model` gets adapters if the recipe has them."""
    config = SFTConfig(
        **_arguments(recipe, recipe.sft, folder, seed),
        max_length=None,
        packing=False,
        completion_only_loss=True,
        dataset_kwargs={"skip_prepare_dataset": True},
    )
    return SFTTrainer(
        model=model,
        args=config,
        processing_class=tokenizer,
        train_dataset=_shown(lessons),
        peft_config=_adapters(recipe.lora),
    )


def preferring(
    recipe: Recipe, model: Any, tokenizer: Any, lessons: Sequence[Lesson], folder: Path, seed: int
) -> Any:
    """A trainer that prefers, by pairs or by verdicts. `model` has its adapters, if any."""
    phase = recipe.preference
    assert phase is not None
    arguments = _arguments(recipe, phase, folder, seed) | {"beta": phase.beta, "max_length": None}
    if phase.method == "dpo":
        config, kind, data = DPOConfig(**arguments), TokensDPOTrainer, _pairs(lessons)
    else:
        arguments |= {**kto_weights(lessons), "train_sampling_strategy": "sequential"}
        config, kind, data = KTOConfig(**arguments), TokensKTOTrainer, _verdicts(lessons, phase)
    return kind(model=model, args=config, processing_class=tokenizer, train_dataset=data)


def kto_weights(lessons: Sequence[Lesson]) -> dict[str, float]:
    """Weights that make wanted and unwanted answers count the same, none below 1."""
    wanted = sum(isinstance(one, Verdict) and one.is_wanted for one in lessons)
    unwanted = len(lessons) - wanted
    if not wanted or not unwanted:
        return {"desirable_weight": 1.0, "undesirable_weight": 1.0}
    return {
        "desirable_weight": round(max(1.0, unwanted / wanted), 4),
        "undesirable_weight": round(max(1.0, wanted / unwanted), 4),
    }


def _arguments(recipe: Recipe, phase: Phase, folder: Path, seed: int) -> dict[str, Any]:
    import torch

    on_gpu = torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "learning_rate": phase.learning_rate,
        "per_device_train_batch_size": phase.device_rows,
        "gradient_accumulation_steps": phase.accumulated,
        "num_train_epochs": phase.epochs,
        "max_steps": phase.steps or -1,
        "warmup_steps": phase.warmup,
        "lr_scheduler_type": phase.schedule,
        "weight_decay": phase.weight_decay,
        "max_grad_norm": phase.clip,
        "optim": phase.optimizer,
        "bf16": on_gpu and recipe.dtype == "bfloat16",
        "gradient_checkpointing": recipe.gradient_checkpointing,
        "logging_steps": recipe.log_steps,
        "logging_first_step": True,
        "save_steps": recipe.checkpoint_steps,
        "save_total_limit": KEPT_CHECKPOINTS,
        "seed": seed,
        "data_seed": seed,
        "use_cpu": not on_gpu,
        "report_to": "none",
        "disable_tqdm": True,
    }


def _adapters(lora: Lora | None) -> Any:
    if lora is None:
        return None
    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets,
        task_type="CAUSAL_LM",
    )


_TOKENS = List(Value("int32"))


def _shown(lessons: Sequence[Lesson]) -> Any:
    found = [one for one in lessons if isinstance(one, Encoded)]
    columns = {
        "input_ids": [one.prompt + one.completion for one in found],
        "labels": [one.labels for one in found],
    }
    return _dataset(columns)


def _pairs(lessons: Sequence[Lesson]) -> Any:
    found = [one for one in lessons if isinstance(one, Preferred)]
    columns = {
        "prompt_ids": [one.chosen.prompt for one in found],
        "chosen_ids": [one.chosen.completion for one in found],
        "rejected_ids": [one.rejected.completion for one in found],
    }
    return _dataset(columns)


def _verdicts(lessons: Sequence[Lesson], phase: Preference) -> Any:
    """Each with the answer of another row of its batch, by which KTO estimates how far it went."""
    found = [one for one in lessons if isinstance(one, Verdict)]
    answers = [one.answer.completion for one in found]
    size = phase.device_rows
    others = [
        answers[start + (place - 1) % len(answers[start : start + size])]
        for start in range(0, len(answers), size)
        for place in range(len(answers[start : start + size]))
    ]
    columns = {
        "prompt_ids": [one.answer.prompt for one in found],
        "completion_ids": answers,
        "KL_completion_ids": others,
    }
    return _dataset(columns).add_column("label", [one.is_wanted for one in found])


def _dataset(columns: dict[str, list[Any]]) -> Any:
    import numpy as np

    features = Features(dict.fromkeys(columns, _TOKENS))
    arrays = {
        name: [np.frombuffer(one, dtype=np.int32) for one in values]
        for name, values in columns.items()
    }
    return Dataset.from_dict(arrays, features=features)
