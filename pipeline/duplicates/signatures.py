"""What examples look like, in 512 bytes each: MinHash of their code, 128 hashes of token 5-grams.

What counts is what the person saw around the cursor and what changes there; names, times and models
do not. The share of equal hashes of two signatures estimates the Jaccard similarity of their
5-grams, with a standard error of at most 0.045.
"""

import re
from array import array
from collections.abc import Iterator
from operator import eq

from pipeline.example import expected_patches
from pipeline.records import Row
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats.cursor_mark import CURSOR

HASHES = 128
GRAM = 5
_TOKEN = re.compile(r"\w+|[^\w\s]")
_CHANGED = re.compile(r"^[+-](?!\+\+ |-- )(.*)", re.MULTILINE)


def text_of(row: Row) -> str:
    """The code that makes it like others."""
    shown = row.get("cursor_position")
    if not isinstance(shown, str) or not shown:
        inputs = row.get("prompt_inputs")
        shown = inputs.get("cursor_excerpt") if isinstance(inputs, dict) else None
    changed = [_CHANGED.findall(patch) for patch in expected_patches(row)[:1]]
    return "\n".join(
        [str(shown or "").replace(CURSOR, ""), *(row for one in changed for row in one)]
    )


def grams_of(text: str) -> list[str]:
    """Its runs of five tokens; all of it where it has fewer."""
    tokens = _TOKEN.findall(text)
    if len(tokens) < GRAM:
        return [" ".join(tokens)]
    return list(map(" ".join, zip(*(tokens[start:] for start in range(GRAM)), strict=False)))


class Signatures:
    """Signatures by number, in the order in which they were added.

    Raises:
        UsageError: the library that hashes is not installed.
    """

    def __init__(self, seed: int = 0) -> None:
        try:
            from rensa import RMinHash  # type: ignore[import-untyped]  # it ships no types
        except ImportError:
            raise UsageError(
                "near-duplicates need rensa: pip install 'zeta-lsp[pipeline]'"
            ) from None
        self._minhash = RMinHash
        self._seed = seed
        self._hashes = array("I")

    def __len__(self) -> int:
        return len(self._hashes) // HASHES

    def add(self, text: str) -> int:
        """Add that of a text; its number."""
        made = self._minhash(HASHES, self._seed)
        made.update(grams_of(text))
        self._hashes.extend(made.digest())
        return len(self) - 1

    def similarity(self, one: int, other: int) -> float:
        """The estimated share of 5-grams that two have in common."""
        equal: int = sum(map(eq, self._of(one), self._of(other)))
        return equal / HASHES

    def bands(self, start: int, size: int) -> Iterator[bytes]:
        """Some hashes of each: those of two similar ones are often all equal."""
        data, width = memoryview(self._hashes).cast("B"), self._hashes.itemsize
        for at in range(start, len(self._hashes), HASHES):
            yield bytes(data[at * width : (at + size) * width])

    def _of(self, number: int) -> "array[int]":
        return self._hashes[number * HASHES : (number + 1) * HASHES]
