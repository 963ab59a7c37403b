"""The libraries that train: loaded when something is trained, and kept quiet."""

import importlib
import logging
import os
import platform
import warnings
from importlib import metadata
from typing import Any

from pipeline.records import Row
from zeta_lsp.core.errors import UsageError

NEEDED = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "tokenizers")


def loaded(name: str) -> Any:
    """A library.

    Raises:
        UsageError: it is not installed.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    try:
        return importlib.import_module(name)
    except ImportError as fault:
        raise UsageError(
            f"train needs {fault.name or name}: pip install 'zeta-lsp[train]'"
        ) from None


def hush() -> None:
    """Keep the libraries from talking over us: what matters is raised, or stands in the card."""
    loaded("transformers").logging.set_verbosity_error()
    loaded("datasets").logging.set_verbosity_error()
    loaded("datasets").disable_progress_bars()
    loaded("transformers").utils.logging.disable_progress_bar()
    for name in ("trl", "peft", "accelerate", "torch"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")


def versions() -> Row:
    """Of Python, of this project and of all that has a say in the numbers."""
    found = {"python": platform.python_version(), "zeta-lsp": _version("zeta-lsp")}
    return {**found, **{name: _version(name) for name in NEEDED}}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def hardware() -> Row:
    """What it runs on."""
    torch = loaded("torch")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    peaks = [torch.cuda.max_memory_allocated(number) for number in range(count)]
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpus": [torch.cuda.get_device_name(number) for number in range(count)],
        "gpu_peak_bytes": max(peaks, default=0),
    }
