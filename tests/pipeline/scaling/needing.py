"""Whether the engines are here: else tests skip and say so, or fail if they are required."""

import importlib.util
import os

import pytest


def need_scale() -> None:
    """Skip the module without them; with `ZETA_REQUIRE_SCALE=1` it fails instead."""
    missing = [name for name in ("datatrove", "ray") if importlib.util.find_spec(name) is None]
    if not missing:
        return
    message = f"{', '.join(missing)} not installed: run `make scale-parts`"
    if os.environ.get("ZETA_REQUIRE_SCALE") == "1":
        pytest.fail(message)
    pytest.skip(message, allow_module_level=True)
