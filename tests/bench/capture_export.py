"""Export as a ratio to sqlite3's JSON output: ``python -m tests.bench.capture_export``.

The same predictions lie in a real store, and as finished lines in a plain SQLite table that
``sqlite3``'s `json_object` writes out; that is the floor of anything that writes such lines. The
export reads the store, checks hashes, unpacks texts, renders every prompt anew, compares and
writes. Give the number of predictions as an argument (default: 2000).
"""

import contextlib
import io
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from capture.commands import main as capture
from capture.export import line_of
from capture.folder import capture_folder
from tests.capture.export.filled import NOW, consented, rows_of
from tests.capture.export.recording import CODE, Stored, stored

FORMATS = ("zed", "sft")
ROUNDS = 3


def made(count: int) -> list[Stored]:
    """Predictions in different files, so that no text is stored once for all."""
    return [stored(text=f"# file {number}\n{CODE}") for number in range(count)]


def fill(predictions: list[Stored], data_dir: Path) -> None:
    """Put them into a store."""
    from capture.store import Segment

    receipt = consented(data_dir.parent / "shop", data_dir)
    segment = Segment.claim(capture_folder(data_dir), lambda: NOW)
    head = predictions[0].session
    rows = [
        msgspec.structs.replace(head, project=receipt.project, session="5e55", private=True),
        *(
            row
            for number, one in enumerate(predictions)
            for row in rows_of(one, f"p{number}", receipt, number, "5e55")
        ),
    ]
    segment.commit(rows)
    segment.close()


def floor(lines: list[bytes], folder: Path) -> Callable[[], object]:
    """A step: sqlite3 writes the finished lines as JSON."""
    connection = sqlite3.connect(folder / "floor.db")
    connection.execute("CREATE TABLE lines (id TEXT, example TEXT)")
    rows = [(str(number), line.decode()) for number, line in enumerate(lines)]
    connection.executemany("INSERT INTO lines VALUES (?, ?)", rows)
    connection.commit()

    def step() -> None:
        with (folder / "floor.jsonl").open("w", encoding="utf-8") as out:
            query = "SELECT json_object('id', id, 'example', json(example)) FROM lines"
            out.writelines(f"{line}\n" for (line,) in connection.execute(query))

    return step


def export(data_dir: Path, form: str) -> Callable[[], object]:
    """A step: the command itself."""
    out = data_dir.parent / f"{form}.jsonl"
    words = ["export", "-o", str(out), "--format", form, "--json"]

    def step() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            assert capture(words, data_dir, enabled=True, settings_globs=(), version="0") == 0

    return step


def best_s(step: Callable[[], object]) -> float:
    """The shortest of some rounds, which is what the machine can do."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        step()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    predictions = made(count)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        fill(predictions, data_dir)
        lines = [line for one in predictions if isinstance(line := line_of(one), bytes)]
        size_kb = sum(map(len, lines)) / len(lines) / 1e3
        floor_s = best_s(floor(lines, Path(folder)))
        print(f"{count} predictions, {size_kb:.1f} kB a line")
        print(f"sqlite3 json   {count / floor_s:10.0f} rows/s")
        for form in FORMATS:
            taken_s = best_s(export(data_dir, form))
            assert json.loads((Path(folder) / f"{form}.jsonl").read_bytes().split(b"\n")[0])
            print(f"export {form:7} {count / taken_s:10.0f} rows/s  {floor_s / taken_s:.2f} of it")
        pure_s = best_s(lambda: [line_of(one) for one in predictions])
        print(f"record → line  {count / pure_s:10.0f} rows/s  {floor_s / pure_s:.2f} of it")


if __name__ == "__main__":
    main()
