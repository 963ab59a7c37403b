"""The folder of a run, and what in it may be believed.

    FOLDER/run.json              what is being trained, by digests; the same run may go on, no other
    FOLDER/metrics.jsonl         a line for each logged step, as it goes
    FOLDER/drops.jsonl           rows that nothing was learned from, without their text
    FOLDER/checkpoints/PASS/…    ``checkpoint-N`` with ``whole.json``; ``final`` when it is over
    FOLDER/adapter, FOLDER/model the result
    FOLDER/card.json, README.md  what became of it; ``card.json`` is written last

A checkpoint counts once ``whole.json`` stands in it, which lists its files with their sizes and is
written after all of them reached the disk. What a killed run left half-written is removed by the
next. Results are written beside and renamed. One run at a time holds ``run.lock``.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from zeta_lsp.core.errors import UsageError, ZetaError

WHOLE = "whole.json"
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")


class RunFolder:
    """A folder to train into."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out.

        Raises:
            ZetaError: one is at work here.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "run.lock", timeout=0):
                yield
        except Timeout:
            raise ZetaError(f"another run is training into {self.path}; wait for it") from None

    def claim(self, fingerprint: str, told: dict[str, Any]) -> None:
        """Say what is trained here, or see that it is the same as before.

        Raises:
            UsageError: another run's work is here.
        """
        known = self.read("run.json")
        if known is None:
            if any(self.path.glob("checkpoints/*/*")) or (self.path / "card.json").exists():
                raise UsageError(f"{self.path} holds something else; choose another folder")
            self.write("run.json", {"fingerprint": fingerprint, **told})
        elif known.get("fingerprint") != fingerprint:
            before = {**known, "fingerprint": ""}
            changed = [key for key, value in told.items() if before.get(key) != value]
            what = ", ".join(changed) or "something"
            raise UsageError(
                f"{self.path} holds another run, which differs in {what};"
                " choose another folder, or --restart"
            )

    def empty(self) -> None:
        """Remove what runs wrote here, and nothing else."""
        for name in ("checkpoints", "adapter", "model"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in ("card.json", "README.md", "metrics.jsonl", "drops.jsonl", "run.json"):
            (self.path / name).unlink(missing_ok=True)

    def read(self, name: str) -> dict[str, Any] | None:
        """A JSON file of the folder, None if it is not there or none."""
        try:
            found = msgspec.json.decode((self.path / name).read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
        return found if isinstance(found, dict) else None

    def write(self, name: str, content: object) -> None:
        """Write a JSON file of the folder."""
        text = msgspec.json.format(msgspec.json.encode(content), indent=2)
        write_whole(self.path / name, text + b"\n")

    def checkpoints(self, name: str) -> Path:
        """Where a pass keeps its checkpoints."""
        return self.path / "checkpoints" / name

    def last_whole(self, name: str) -> Path | None:
        """The newest checkpoint of a pass that is whole; what is not is removed."""
        found = sorted(
            (int(match[1]), path)
            for path in self.checkpoints(name).glob("checkpoint-*")
            if (match := _CHECKPOINT.fullmatch(path.name))
        )
        whole = [path for _, path in found if is_whole(path)]
        for _, path in found:
            if path not in whole:
                shutil.rmtree(path)
        return whole[-1] if whole else None

    def replace(self, name: str, write: Callable[[Path], object]) -> Path:
        """Have a folder written, and put it in its place when it is whole."""
        target = self.path / name
        beside = target.with_name(f".{target.name}.new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        write(beside)
        mark_whole(beside)
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
        return target


def mark_whole(folder: Path) -> None:
    """Say that all files of a folder are written, once they are on the disk."""
    sizes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != WHOLE:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
            sizes[str(path.relative_to(folder))] = path.stat().st_size
    write_whole(folder / WHOLE, msgspec.json.encode({"files": sizes}))


def is_whole(folder: Path) -> bool:
    """Whether a folder has every file that it had when it was finished, in its size."""
    try:
        sizes: dict[str, int] = msgspec.json.decode((folder / WHOLE).read_bytes())["files"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is either there as a whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
