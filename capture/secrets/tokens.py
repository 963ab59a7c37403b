"""Finds long random tokens that nothing announces: no name, no prefix."""

import re
from collections.abc import Iterator

from capture.secrets.finding import Span
from capture.secrets.randomness import is_hex_key, is_mixed, is_scattered

TOKEN = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX_SIZES = (32, 40, 48, 64, 96, 128)
_FINGERPRINT = re.compile(
    r"(?:sha\d{1,3}|md5|integrity|digest|checksum|hash|commit|revision|rev|blake\w*)[-_:=\s\"'(]*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[_/+-]")
_LEAST_REST_CHARS = 24
_ALPHABET = ("abcdefghij", "0123456789", "ABCDEFGHIJ", "qwertyuiop", "ABCDabcd")


def unannounced(line: str) -> Iterator[Span]:
    """The tokens in a line that are too random to be names. Fingerprints that say so are not."""
    for match in TOKEN.finditer(line):
        token = match[0]
        if any(run in token for run in _ALPHABET) or _is_fingerprint(line, match.start()):
            continue
        if is_mixed(token.rstrip("=")):
            yield match.start(), match.end(), "random_token"
        elif len(token) in _HEX_SIZES and is_hex_key(token) and _is_alone(line, match):
            yield match.start(), match.end(), "random_hexadecimal"
        elif _has_random_rest(token):
            yield match.start(), match.end(), "prefixed_token"


def _has_random_rest(token: str) -> bool:
    """A vendor's prefix, with or without a sign behind it, and characters that mean nothing."""
    rest = _SEPARATOR.split(token.rstrip("="))[-1]
    if len(rest) < _LEAST_REST_CHARS or token.startswith(("0x", "0X")):
        return False
    if is_hex_key(rest):
        return rest != token and "/" not in token  # a revision in a URL is no secret
    return is_scattered(rest)


def _is_fingerprint(line: str, start: int) -> bool:
    return _FINGERPRINT.search(line, max(0, start - 40), start) is not None


def _is_alone(line: str, match: re.Match[str]) -> bool:
    """In quotes of its own, or all of a value."""
    before, after = line[: match.start()][-1:], line[match.end() :][:1]
    return before in ("", '"', "'", "=", " ") and after in ("", '"', "'", " ")
