"""Sources: files of all forms, folders, a real capture store; and the command over them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.jsonl import row_of
from pipeline.reading.inputs import found_in, is_store
from pipeline.records import Row
from zeta_lsp.core.errors import UsageError

RECORDS = Path(__file__).parents[2] / "golden" / "records"


def nothing(_: Path) -> Iterator[Row]:
    return iter(())


def found(*sources: Path) -> list[tuple[int, object]]:
    return [(line.number, row_of(line)) for line in found_in(list(map(str, sources)), nothing)]


def test_lines_of_one_file_keep_their_numbers_and_those_of_the_next_go_on(tmp_path: Path) -> None:
    one, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    one.write_text('{"n": 1}\n\n{"n": 2}\n')
    other.write_text('{"n": 3}\n')
    assert found(one, other) == [(1, {"n": 1}), (3, {"n": 2}), (4, {"n": 3})]


def test_a_json_file_is_one_object_a_list_or_lines_after_all(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text, rows in (
        ('{\n  "n": 1\n}\n', [{"n": 1}]),
        ('[{"n": 1},\n {"n": 2}]', [{"n": 1}, {"n": 2}]),
        ('{"n": 1}\n{"n": 2}\n', [{"n": 1}, {"n": 2}]),
    ):
        path.write_text(text)
        assert [row for _, row in found(path)] == rows


def test_an_address_is_read_as_lines_whatever_its_ending() -> None:
    import fsspec  # type: ignore[import-untyped]  # it ships no types

    with fsspec.open("memory://records/a.json", "wb") as file:
        file.write(b'{"n": 1}\n{"n": 2}\n')
    lines = found_in(["memory://records/a.json"], nothing)
    assert [row_of(line) for line in lines] == [{"n": 1}, {"n": 2}]


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    (tmp_path / "z.md").write_text("# z")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.jsonl").write_text('{"n": 1}\n')
    (tmp_path / "notes.txt").write_text("nothing to read")
    assert found(tmp_path) == [(1, {"n": 1}), (2, {"markdown": "# z", "name": "z"})]


def test_a_folder_with_nothing_to_read_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither examples nor a capture store"):
        found(tmp_path)


def test_a_store_is_read_through_its_door(tmp_path: Path) -> None:
    (tmp_path / "segments").mkdir()
    assert is_store(tmp_path)
    rows = [{"not_exported": "not_settled"}]
    lines = list(found_in([str(tmp_path)], lambda folder: iter(rows)))
    assert [row_of(line) for line in lines] == rows


def command(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "read", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_command_reads_everything_at_once_and_counts(tmp_path: Path) -> None:
    shutil.copytree(RECORDS, tmp_path / "in")
    (tmp_path / "in" / "broken.jsonl").write_text('{"what": 1}\n{half\n' + "[" * 5000 + "\n")
    out = tmp_path / "out.jsonl"
    done = command(tmp_path / "in", "-o", out, "--json")
    assert done.returncode == 0
    tally = json.loads(done.stderr)
    assert tally["read"] == 11
    assert tally["written"] == 8
    assert tally["dropped"] == {"unknown_format": 1, "broken_line": 2}
    tags = [row["tags"][-1] for row in map(json.loads, out.read_text().splitlines())]
    assert len(tags) == 8
    assert {"source:markdown", "source:zeta1", "source:instinct", "source:nep"} < set(tags)


def test_a_newer_schema_is_told_at_the_end(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    row = {"cursor_path": "a.py", "cursor_position": "<|user_cursor|>x", "zeta": {}}
    row["zeta"] = {"schema_version": 99}
    source.write_text(json.dumps(row) + "\n")
    done = command(source, "-o", tmp_path / "out.jsonl")
    assert "1 read, 1 written, 1 newer_schema" in done.stderr


def test_what_is_there_is_named_if_it_is_not_what_it_is_said_to_be(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = command(RECORDS / "nep.jsonl", "--from", "zeta1", "-o", out)
    assert "1 dropped (1 no_excerpt)" in done.stderr
    (tmp_path / "empty").mkdir()
    done = command(tmp_path / "empty", "-o", tmp_path / "none.jsonl")
    assert done.returncode == 2
    assert not (tmp_path / "none.jsonl").exists()
