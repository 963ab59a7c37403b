"""Stages stream: the same input makes the same bytes, whoever is done first and whatever breaks."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.jsonl import drops_path, lines, output, row_of
from pipeline.records import Dropped, Row
from pipeline.running import run
from pipeline.stage import Stage


class Doubled:
    """Each row twice, but those that say no."""

    name, version = "doubled", 1

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        if row.get("boom"):
            raise ValueError("a text that must not get into reports")
        return [Dropped("said_no")] if row.get("no") else [row, {**row, "again": True}]


class Slow:
    """Answers the later rows first."""

    name, version = "slow", 1

    def __init__(self) -> None:
        self.waiting = self.most = 0
        self.is_open = False

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Slow"]:
        self.is_open = True
        yield self
        self.is_open = False

    async def rows(self, row: Row) -> Iterable[Row | Dropped]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(0.02 if row["n"] % 5 == 0 else 0)
        self.waiting -= 1
        return [row]


class Shared:
    """Says of each row how many there are."""

    name, version = "shared", 1

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> "Shared":
        self.count = sum(1 for _ in rows)
        return self

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped]:
        return [{**row, "number": number, "of": self.count}]


def written(path: Path, rows: Iterable[Any]) -> str:
    path.write_text(
        "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows)
    )
    return str(path)


def read(path: Path) -> list[Row]:
    return [json.loads(row) for row in path.read_text().splitlines()]


def ran(tmp_path: Path, stage: Stage, rows: Iterable[Any], **options: Any) -> Path:
    out = tmp_path / "out.jsonl"
    run(stage, [written(tmp_path / "in.jsonl", rows)], str(out), **options)
    return out


@pytest.mark.parametrize("workers", [1, 3])
def test_rows_keep_their_order_and_their_unknown_fields(tmp_path: Path, workers: int) -> None:
    rows = [{"n": n, "unknown": {"deep": [n]}} for n in range(500)]
    out = ran(tmp_path, Doubled(), rows, workers=workers)
    assert read(out) == [one for row in rows for one in (row, {**row, "again": True})]


def test_the_same_bytes_with_one_process_and_with_many(tmp_path: Path) -> None:
    rows = [{"n": n, "no": n % 7 == 0} for n in range(1000)]
    outs = [ran(tmp_path, Doubled(), rows, workers=n).read_bytes() for n in (1, 2, 5)]
    assert outs[0] == outs[1] == outs[2]


def test_what_is_broken_goes_to_the_drops_with_its_reason_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    rows = [{"n": 1}, "{broken", "[1]", {"no": True}, {"boom": True}, "", {"n": 2}]
    source = written(tmp_path / "in.jsonl", rows)
    out = tmp_path / "out.jsonl"
    tally = run(Doubled(), [source], str(out))
    assert [row["n"] for row in read(out)] == [1, 1, 2, 2]
    drops = read(drops_path(str(out)))
    assert [(one["line"], one["reason"], one["record"]) for one in drops] == [
        (2, "broken_line", "{broken"),
        (3, "no_object", "[1]"),
        (4, "said_no", {"no": True}),
        (5, "stage_failed", {"boom": True}),
    ]
    assert "ValueError" in drops[3]["detail"]
    assert "must not" not in drops[3]["detail"]
    assert (tally.read, tally.written, sum(tally.dropped.values())) == (6, 4, 4)


def test_a_run_without_drops_leaves_none_of_an_earlier_one(tmp_path: Path) -> None:
    out = ran(tmp_path, Doubled(), [{"no": True}])
    assert drops_path(str(out)).exists()
    ran(tmp_path, Doubled(), [{"n": 1}])
    assert not drops_path(str(out)).exists()


def test_an_empty_input_makes_an_empty_output(tmp_path: Path) -> None:
    assert ran(tmp_path, Doubled(), []).read_bytes() == b""


def test_a_stage_that_asks_has_several_rows_waiting_and_keeps_the_order(tmp_path: Path) -> None:
    stage = Slow()
    rows = [{"n": n} for n in range(40)]
    assert read(ran(tmp_path, stage, rows, concurrency=7)) == rows
    assert 1 < stage.most <= 7
    assert not stage.is_open


def test_a_whole_stage_sees_all_rows_before_the_first_is_written(tmp_path: Path) -> None:
    out = ran(tmp_path, Shared(), [{"n": 1}, "broken", {"n": 2}])
    assert read(out) == [{"n": 1, "number": 1, "of": 2}, {"n": 2, "number": 3, "of": 2}]


def test_a_failure_leaves_the_old_output_and_nothing_half_written(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old\n")
    with pytest.raises(ZeroDivisionError), output(str(out)) as writing:
        writing.row(b"%d\n" % (1 // 0))
    assert out.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [out]


def test_packed_inputs_are_unpacked_and_several_are_one(tmp_path: Path) -> None:
    import gzip

    import zstandard

    one, other = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.zst"
    one.write_bytes(gzip.compress(b'{"n": 1}\n'))
    other.write_bytes(zstandard.compress(b'{"n": 2}\n'))
    found = list(lines([str(one), str(other)]))
    assert [(line.number, row_of(line)) for line in found] == [(1, {"n": 1}), (2, {"n": 2})]


def command(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        capture_output=True, text=True, check=False, timeout=60, **options,
    )  # fmt: skip


def test_the_command_reads_standard_input_and_counts_on_standard_error() -> None:
    rows = '{"cursor_path": "a.py"}\n{"cursor_path": "a.rs"}\n'
    done = command("filter", "--language", "py", input=rows)
    assert done.stdout == '{"cursor_path":"a.py"}\n'
    assert "2 read, 1 written, 1 dropped (1 other_language)" in done.stderr
    assert done.returncode == 0


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    for arguments, code in (
        (["filter", str(tmp_path / "none.jsonl")], 1),
        (["filter", "--min-rows", "x"], 2),
        (["nothing"], 2),
    ):
        done = command(*arguments)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
    assert command("filter", "--help").stdout.count("example:") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, number: int) -> None:
    out = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "filter", "-o", str(out)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write('{"n": 1}\n' * 1000)
    process.stdin.flush()
    while not list(tmp_path.iterdir()):
        time.sleep(0.02)  # the output has begun
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopped" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
