"""Tells random characters from words, by arithmetic that takes a microsecond."""

import math
import re
from collections import Counter
from itertools import pairwise

_WORDS = re.compile(r"[A-Za-z]?[a-z]+|[A-Z]+")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")


def entropy_bits(text: str) -> float:
    """Shannon entropy of a text's characters, in bits a character."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def changes(text: str) -> float:
    """The share of neighbours that differ in kind (small, capital, digit, other).

    About 0.6 for random letters and digits, below 0.35 for names in any convention.
    """
    kinds = [
        "a" if c.islower() else "A" if c.isupper() else "0" if c.isdigit() else c for c in text
    ]
    return sum(a != b for a, b in pairwise(kinds)) / max(1, len(text) - 1)


def is_mixed(token: str) -> bool:
    """Whether a long token (24 characters or more) stands out even where nothing announces it."""
    digits = sum(map(str.isdigit, token))
    capitals = sum(map(str.isupper, token))
    small = sum(map(str.islower, token))
    if digits < 2 or capitals < 2 or small < 2:
        return False
    least = 3.7 if len(token) < 32 else 4.0
    return changes(token) >= 0.42 and entropy_bits(token) >= least


def is_scattered(token: str) -> bool:
    """Whether letters of any kind are strewn with digits, or small ones with capitals.

    For the part of a token that follows a vendor's prefix; stands out from 24 characters on.
    """
    size, digits = len(token), sum(map(str.isdigit, token))
    if not token.isalnum() or digits == size or entropy_bits(token) < 3.4:
        return False
    if digits >= size / 8:
        return changes(token) >= 0.35
    capitals = sum(map(str.isupper, token))
    return size >= 30 and size / 4 <= capitals <= size * 3 / 4 and changes(token) >= 0.45


def is_hex_key(token: str) -> bool:
    """Whether a token is a random number in hexadecimal digits rather than a word or a count."""
    if not _HEX.fullmatch(token):
        return False
    digits = sum(map(str.isdigit, token))
    return 2 <= digits < len(token) and len(set(token)) >= min(9, len(token) // 2)


def is_random(value: str) -> bool:
    """Whether a value that a name announces as a key (`token`, `api_key`…) looks like one."""
    size, digits = len(value), sum(map(str.isdigit, value))
    if size < 8 or digits == size:
        return False
    if is_hex_key(value) or (size >= 24 and is_mixed(value)):
        return True
    if digits < 2 and not (digits and size >= 16 and changes(value) >= 0.3):
        return size >= 16 and changes(value) >= 0.4 and entropy_bits(value) >= 3.3
    longest_word = max(map(len, _WORDS.findall(value)), default=0)
    return longest_word <= max(6, size * 2 // 3) and entropy_bits(value) >= 2.5
