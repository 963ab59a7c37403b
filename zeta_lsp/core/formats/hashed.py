"""Excerpts cut into blocks that are named by what stands in them.

A border's name is four characters of a hash of the block behind it, so that names mean the same
place whatever else is in a prompt; the last border of an excerpt is named after the block before
it. A name that is taken already is hashed again with the next seed. Names are given to all
excerpts in their order, also to those that a prompt has no room for.
"""

import re
from collections.abc import Sequence
from itertools import count, pairwise

import msgspec

from zeta_lsp.core.formats.markers import TAG_START, marker_offsets
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.text import without_surrogates

HASH_TAG = re.compile(r"<\|marker_([A-Za-z0-9_-]{4})\|>")
TAG_BYTES = len(f"{TAG_START}____|>\n")
MIN_LINES = 3
MAX_LINES = 32

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# FNV-1a of 64 bits, of which only the lowest 24 are ever read; those depend on no higher ones.
_BASIS = 0xCBF29CE484222325 & 0xFFFFFF
_PRIME = 0x100000001B3 & 0xFFFFFF


class HashedExcerpt(msgspec.Struct, frozen=True):
    """An excerpt's text, its borders in code points, their names, and the blocks between them."""

    text: str
    borders: tuple[int, ...]
    names: list[str]
    blocks: list[str]

    def block_at(self, offset: int) -> int:
        """The first block that an offset in the text is in, or at an edge of."""
        return next(index for index, end in enumerate(self.borders[1:]) if offset <= end)

    @property
    def marked_bytes(self) -> int:
        """Bytes that the tags add."""
        return TAG_BYTES * len(self.names)


def hash_tag(name: str) -> str:
    """The tag of a border."""
    return f"{TAG_START}{name}|>"


def hashed_excerpts(files: Sequence[RelatedFile]) -> list[list[HashedExcerpt]]:
    """The excerpts of all files, cut and named."""
    taken: set[str] = set()
    return [[_hashed(excerpt.text, taken) for excerpt in file.excerpts] for file in files]


def _hashed(text: str, taken: set[str]) -> HashedExcerpt:
    text = without_surrogates(text)
    borders = marker_offsets(text, MIN_LINES, MAX_LINES)
    blocks = [text[start:end] for start, end in pairwise(borders)]
    names = [_name(block.encode(), taken) for block in (*blocks, blocks[-1])]
    return HashedExcerpt(text, borders, names, blocks)


def _name(block: bytes, taken: set[str]) -> str:
    names = (_hash_name(seed, block) for seed in count())
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def _hash_name(seed: int, block: bytes) -> str:
    value, prime = _BASIS, _PRIME
    for byte in seed.to_bytes(8, "little") + block:
        value = ((value ^ byte) * prime) & 0xFFFFFF
    return "".join(_ALPHABET[value >> shift & 63] for shift in (0, 6, 12, 18))
