"""The files that a model is trained on, their shares, and in which order their rows are drawn.

Without shares every row is drawn once. With shares (``--mix a.jsonl=0.7 b.jsonl=0.3``) as many rows
are drawn as there are, from each file its share of them: a file that is too small is gone through
again, one that is too large is not used up. Each round through a file has an order of its own,
which the seed and nothing else decides.
"""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

from zeta_lsp.core.errors import UsageError

_CHUNK_BYTES = 1 << 20


class Source(msgspec.Struct, frozen=True):
    """A file; `share` is its part of what is drawn, None where all files are taken whole."""

    path: Path
    share: float | None = None

    @property
    def name(self) -> str:
        """Its name without folders, which nobody else has to know."""
        return self.path.name


class Shared(msgspec.Struct, frozen=True):
    """What a card says of a file: its name, the SHA-256 of its bytes, lines read, samples drawn."""

    path: str
    sha256: str
    rows: int
    samples: int
    drawn: int
    share: float | None = None


def sources_of(inputs: Sequence[str], mix: Sequence[str]) -> tuple[Source, ...]:
    """The files of a command line.

    Raises:
        UsageError: none, both kinds, one that is not there, or a share that is none.
    """
    if bool(inputs) == bool(mix):
        raise UsageError("give the rows to train on: IN.jsonl …, or --mix A.jsonl=0.7 B.jsonl=0.3")
    found = [Source(Path(one)) for one in inputs] or [_shared(one) for one in mix]
    for one in found:
        if not one.path.is_file():
            raise UsageError(f"there is no file {one.path}")
    return tuple(found)


def _shared(text: str) -> Source:
    path, _, share = text.rpartition("=")
    try:
        number = float(share)
    except ValueError:
        number = 0.0
    if not path or not 0 < number < float("inf"):
        raise UsageError(f"--mix wants FILE=SHARE with a share above 0, not {text!r}")
    return Source(Path(path), number)


def sha256_of(path: Path) -> str:
    """Of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def drawn(counts: Sequence[int], shares: Sequence[float | None], seed: int) -> list[list[int]]:
    """For each file the numbers of its samples in the order in which they are drawn."""
    total, weight = sum(counts), sum(share or 0.0 for share in shares)
    found = []
    for file, (count, share) in enumerate(zip(counts, shares, strict=True)):
        if share is None:
            found.append(list(range(count)))
        else:
            wanted = round(total * share / weight) if count else 0
            found.append(_rounds(count, wanted, f"{seed}:{file}"))
    return found


def _rounds(count: int, wanted: int, seed: str) -> list[int]:
    rng, found = random.Random(seed), list[int]()  # noqa: S311 - an order, no secret
    while len(found) < wanted:
        found += rng.sample(range(count), min(count, wanted - len(found)))
    return found
