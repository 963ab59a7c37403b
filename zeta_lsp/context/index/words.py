"""Sets of words, written as text."""

from functools import cache


@cache
def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
