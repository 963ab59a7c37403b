"""Settings for all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A shared machine stalls now and then; how fast code is, is measured by `make bench`.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers that tests start keep no cache where the person who runs the tests has theirs."""
    before = os.environ.get("ZETA_LSP_CACHE_DIR")
    os.environ["ZETA_LSP_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["ZETA_LSP_CACHE_DIR"]
    else:
        os.environ["ZETA_LSP_CACHE_DIR"] = before
