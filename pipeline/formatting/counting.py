"""How many tokens a text has: by a model's own tokenizer, or estimated from its bytes.

A tokenizer is a ``tokenizer.json`` as every model on Hugging Face has one, read by the package of
the same name, which is only needed then. It is read once in each process.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.text import byte_length, estimate_tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class Counter(Protocol):
    """Counts tokens. `name` says how, and stands beside every count."""

    @property
    def name(self) -> str:
        """A word for it."""

    def count(self, text: str) -> int:
        """The tokens of a text, the markers of its format among them."""


class Estimated(msgspec.Struct, frozen=True):
    """Three bytes a token: for code some 10 to 30 percent more than the real number."""

    name: str = "estimated"

    def count(self, text: str) -> int:
        """See `Counter`."""
        return estimate_tokens(byte_length(text))


class Counted(msgspec.Struct, frozen=True):
    """By the tokenizer in a file; `digest` is the file's."""

    path: str
    digest: str

    @property
    def name(self) -> str:
        """See `Counter`."""
        return f"tokenizer:{self.digest}"

    def count(self, text: str) -> int:
        """See `Counter`. Nothing is put around the text."""
        return len(_tokenizer(self.path).encode(text, add_special_tokens=False))


def counter_of(path: Path | None) -> Counter:
    """The counter of a ``tokenizer.json``, or of estimates without one.

    Raises:
        UsageError: it is no tokenizer, or the package that reads them is not installed.
        OSError: it cannot be read.
    """
    if path is None:
        return Estimated()
    digest = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
    counted = Counted(str(path.resolve()), digest)
    counted.count("")
    return counted


@cache
def _tokenizer(path: str) -> "Tokenizer":
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise UsageError("--tokenizer needs: pip install 'zeta-lsp[pipeline]'") from None
    try:
        tokenizer = Tokenizer.from_file(path)
    except Exception as fault:  # noqa: BLE001 - the package raises nothing narrower
        raise UsageError(f"no tokenizer in {path}: {fault}") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
