"""From one stream of lines to shards, and from finished shards to one file again."""

from collections.abc import Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

import msgspec

from pipeline.jsonl import Beside, Line, drops_path, lines, output
from pipeline.scaling.folder import Plan, names_in
from zeta_lsp.core.errors import UsageError


def cut(sources: Sequence[str], folder: Path, rows: int) -> int:
    """Write shards of so many lines, in order; how many.

    Raises:
        UsageError: the folder has shards already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if names_in(folder):
        raise UsageError(f"{folder} has shards already: give an empty folder")
    count = 0
    with closing(lines(sources)) as found:  # type: ignore[type-var]  # a generator, by another name
        while (first := next(found, None)) is not None:
            _write(folder / f"{count:05}.jsonl", chain([first], islice(found, rows - 1)))
            count += 1
    return count


def join(plan: Plan, target: str) -> None:
    """One file of all results, one of all drops, as if the shards had been one input.

    Raises:
        UsageError: a shard is not finished.
    """
    missing = [name for name in plan.shards if plan.mark(name) is None]
    if missing:
        raise UsageError(
            f"{len(missing)} of {len(plan.shards)} shards are not finished, the first is"
            f" {missing[0]}: run the same `scale run` again"
        )
    before = 0
    with output(target) as out:
        for name in plan.shards:
            for line in lines([str(plan.result(name))]):
                out.row(line.data)
            drops = drops_path(str(plan.result(name)))
            for line in lines([str(drops)] if drops.is_file() else []):
                out.drop(_moved(line, before))
            mark = plan.mark(name)
            before += mark.lines if mark is not None else 0


def _moved(drop: Line, before: int) -> bytes:
    """A drop that stands so many lines further down."""
    record = msgspec.json.decode(drop.data)
    return msgspec.json.encode({**record, "line": record["line"] + before}) + b"\n"


def _write(path: Path, found: "chain[Line]") -> None:
    file = Beside(path)
    try:
        for line in found:
            file.write(line.data if line.data.endswith(b"\n") else line.data + b"\n")
        file.keep()
    finally:
        file.discard()
