"""Folders of shards: what is to be done with one, and what a finished shard leaves as a mark.

A shard is a file ``NAME.jsonl``. What a stage makes of it has the same name in the folder of the
results, its drops beside it. The mark of a finished shard, ``.scale/done/NAME.json``, holds digests
of all that the result follows from: the command line, the stage's version, the files that it names,
the shard. A mark with other digests, or whose results are missing or of another size, counts for
nothing. No engine's own notes about what is finished are used.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.jsonl import drops_path
from pipeline.tally import Tally
from zeta_lsp.core.errors import UsageError

SUFFIX, DROPS = ".jsonl", ".drops.jsonl"
BLOCK_BYTES = 1 << 20


class Mark(msgspec.Struct, frozen=True):
    """A finished shard: what was asked, of which bytes, and what came of it. Sizes in bytes."""

    asked: str
    shard: str
    lines: int
    sizes: tuple[int, int]
    tally: Tally


class Plan(msgspec.Struct, frozen=True):
    """What a folder of results is to hold: one stage's work on the shards of another folder."""

    words: tuple[str, ...]
    """The stage and its options, without inputs and output."""
    source: str
    target: str
    shards: tuple[str, ...]
    asked: str
    """A digest of the stage, its version, its options, and the files that these name."""

    @property
    def notes(self) -> Path:
        """Where marks, faults and the engine's logs are."""
        return Path(self.target, ".scale")

    def shard(self, name: str) -> Path:
        """The input of that name."""
        return Path(self.source, name + SUFFIX)

    def result(self, name: str) -> Path:
        """What is made of it."""
        return Path(self.target, name + SUFFIX)

    def mark_path(self, name: str) -> Path:
        """Where its mark is."""
        return self.notes / "done" / f"{name}.json"

    def fault_path(self, name: str) -> Path:
        """Where the line is that says why it failed."""
        return self.notes / "failed" / f"{name}.txt"

    def mark(self, name: str) -> Mark | None:
        """The mark of a shard that is finished as this plan wants it; the shard is not read."""
        try:
            found = msgspec.json.decode(
                self.mark_path(name).read_bytes(), type=Mark, dec_hook=counter
            )
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return found if found.asked == self.asked and found.sizes == self.sizes(name) else None

    def sizes(self, name: str) -> tuple[int, int]:
        """Bytes of the result and of its drops; -1 for a file that is not there."""
        paths = self.result(name), drops_path(str(self.result(name)))
        rows, drops = (path.stat().st_size if path.is_file() else -1 for path in paths)
        return rows, drops

    def tally(self) -> Tally:
        """What all finished shards come to; the seconds are those of all of them together."""
        total = Tally()
        for mark in filter(None, map(self.mark, self.shards)):
            total.read += mark.tally.read
            total.written += mark.tally.written
            total.seconds += mark.tally.seconds
            total.dropped += Counter(mark.tally.dropped)
            total.noted += Counter(mark.tally.noted)
        return total


def plan_of(words: Sequence[str], version: int, source: Path, target: Path) -> Plan:
    """What a command line is to make of the shards in a folder.

    Raises:
        UsageError: there are none.
    """
    shards = names_in(source)
    if not shards:
        raise UsageError(f"no *{SUFFIX} in {source}: `zeta-pipeline scale cut` makes shards")
    asked = hashlib.sha256(msgspec.json.encode([*words, version]))
    for word in words:
        path = Path(word.partition("=")[2] if word.startswith("--") and "=" in word else word)
        if path.is_file():
            asked.update(digest_of(path)[0].encode())
    places = str(source.absolute()), str(target.absolute())
    return Plan(tuple(words), *places, shards, asked.hexdigest())


def names_in(folder: Path) -> tuple[str, ...]:
    """The shards in a folder, in the order of their names."""
    found = sorted(path.name for path in folder.glob(f"[!.]*{SUFFIX}"))
    return tuple(name.removesuffix(SUFFIX) for name in found if not name.endswith(DROPS))


def read_plan(target: Path) -> Plan:
    """The plan of a folder of results.

    Raises:
        UsageError: it holds none.
    """
    try:
        return msgspec.json.decode((target / ".scale" / "plan.json").read_bytes(), type=Plan)
    except (FileNotFoundError, msgspec.DecodeError):
        raise UsageError(f"{target} holds no results of `zeta-pipeline scale run`") from None


def counter(_: type, value: object) -> object:
    """Counts by word, which JSON knows as an object only."""
    return Counter(value) if isinstance(value, dict) else value


def keep(path: Path, data: bytes) -> None:
    """Write a small file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.write_bytes(data)
    beside.replace(path)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 of a file, and how many lines it has."""
    digest, lines, last = hashlib.sha256(), 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            lines += block.count(b"\n")
            last = block[-1:]
    return digest.hexdigest(), lines + (last != b"\n")
