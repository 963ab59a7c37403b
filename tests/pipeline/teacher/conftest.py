"""A vendor on this machine."""

from collections.abc import Iterator

import pytest

from tests.pipeline.teacher.vendor_server import VendorServer, running


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[VendorServer]:
    """A server that speaks the vendors' protocols; keys are in the environment."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-anthropic")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-openai")
    with running() as server:
        yield server
