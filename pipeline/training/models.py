"""Base models: what identifies one, loading it, and writing what became of it."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from pipeline.training.libraries import loaded
from pipeline.training.sources import sha256_of
from zeta_lsp.core.errors import UsageError

_WEIGHTS = ("*.safetensors", "*.json", "*.model", "*.txt", "*.jinja")


class Base(msgspec.Struct, frozen=True):
    """A base model: its name or folder, and a digest of a folder's files or the hub's revision."""

    name: str
    digest: str


def base_of(name: str) -> Base:
    """Identify a model. A folder is read as a whole: other weights are another model.

    Raises:
        UsageError: it is no model, or cannot be had.
    """
    folder = Path(name)
    if not folder.is_dir():
        return Base(name, str(_config(name)._commit_hash or ""))
    paths = sorted({path for kind in _WEIGHTS for path in folder.glob(kind)})
    if not any(path.name == "config.json" for path in paths):
        raise UsageError(f"{name} is no model: it has no config.json")
    text = "".join(f"{path.name} {sha256_of(path)}\n" for path in paths)
    return Base(folder.resolve().name, hashlib.sha256(text.encode()).hexdigest())


def tokenizer_of(name: str) -> Any:
    """The model's own tokenizer.

    Raises:
        UsageError: it has none, or it cannot be had.
    """
    return _had(name, lambda: loaded("transformers").AutoTokenizer.from_pretrained(name))


def model_of(name: str, dtype: str) -> Any:
    """The model with its weights.

    Raises:
        UsageError: it cannot be had.
    """
    kind = loaded("transformers").AutoModelForCausalLM
    return _had(name, lambda: kind.from_pretrained(name, dtype=getattr(loaded("torch"), dtype)))


def adapted(model: Any, adapter: Path) -> Any:
    """A model with the adapters of a folder, to be trained on."""
    return loaded("peft").PeftModel.from_pretrained(model, str(adapter), is_trainable=True)


def shape_of(name: str) -> tuple[Any, Any]:
    """Configuration and an empty model without memory: to count parameters."""
    config = _config(name)
    with loaded("torch").device("meta"):
        return config, loaded("transformers").AutoModelForCausalLM.from_config(config)


def write_adapters(model: Any, tokenizer: Any, folder: Path) -> None:
    """The adapters that were trained, with the tokenizer; our card says what PEFT's leaves open."""
    model.save_pretrained(str(folder), selected_adapters=["default"])
    (folder / "README.md").unlink(missing_ok=True)
    tokenizer.save_pretrained(str(folder))


def write_model(model: Any, tokenizer: Any, folder: Path) -> None:
    """All weights, with the tokenizer."""
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


def sizes(model: Any) -> tuple[int, int]:
    """How many parameters it has, and how many are trained; a copy to compare with counts not."""
    own = [one for name, one in model.named_parameters() if ".ref." not in name]
    return sum(one.numel() for one in own), sum(one.numel() for one in own if one.requires_grad)


def merged(model: Any) -> Any:
    """A model in which the adapters are part of the weights."""
    return model.merge_and_unload(adapter_names=["default"])


def _config(name: str) -> Any:
    return _had(name, lambda: loaded("transformers").AutoConfig.from_pretrained(name))


def _had(name: str, load: Any) -> Any:
    try:
        return load()
    except (OSError, ValueError, KeyError) as fault:
        reason = str(fault).strip().split("\n")[0]
        raise UsageError(f"cannot load the base model {name}: {reason}") from None
