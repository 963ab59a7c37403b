"""Settings for all tests."""

from hypothesis import settings

# A shared machine stalls now and then; how fast code is, is measured by `make bench`.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")
