"""Async tests here run on asyncio, by anyio's pytest plug-in (anyio comes with httpx)."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
