"""A tiny base model for all tests of training, and no network."""

import os
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights that knows the special tokens of Seed-Coder."""
    from tests.pipeline.training.lessons import all_rows
    from tests.pipeline.training.tiny import write_base

    texts = [row["prompt"]["input"] for row in all_rows()]
    return write_base(tmp_path_factory.mktemp("base"), texts * 5)
