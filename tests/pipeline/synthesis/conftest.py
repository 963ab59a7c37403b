"""A vendor on this machine, as the rooms that ask have it."""

from tests.pipeline.teacher.conftest import vendor

__all__ = ["vendor"]
