"""Whether the libraries that train are here: else tests skip and say so, or fail if required."""

import importlib.util
import os

import pytest

NEEDED = ("torch", "transformers", "trl", "peft", "datasets", "accelerate", "safetensors")


def need_training() -> None:
    """Skip the module without them; with `ZETA_REQUIRE_TRAINING=1` it fails instead."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if not missing:
        return
    message = f"{', '.join(missing)} not installed: run `make train-parts`"
    if os.environ.get("ZETA_REQUIRE_TRAINING") == "1":
        pytest.fail(message)
    pytest.skip(message, allow_module_level=True)
