"""A split shares nothing between its outputs, loses nothing, and proves it."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.duplicates.signatures import Signatures
from pipeline.records import Row
from pipeline.splitting.census import Census
from pipeline.splitting.leaks import near_leaks, owner_leaks
from pipeline.splitting.owners import address, owners_of
from pipeline.splitting.shares import NOWHERE, places_of, shares_of
from zeta_lsp.core.errors import UsageError


def code(seed: object, count: int = 60) -> str:
    return " ".join(random.Random(f"{seed}").choices([f"word{n}" for n in range(900)], k=count))


def row(n: int, repository: str = "", person: str = "", **more: Any) -> Row:
    return {
        "name": f"{n}",
        "repository_url": f"https://example.com/{repository}" if repository else "",
        "cursor_path": f"{n}.py",
        "cursor_position": f"{code(n)}<|user_cursor|>",
        "telemetry": {"device_id": person},
        **more,
    }


def command(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "split", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=60, **options,
    )  # fmt: skip


def written(tmp_path: Path, rows: list[Row], name: str = "in.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return path


def names_in(path: Path) -> list[str]:
    return [json.loads(line)["name"] for line in path.read_text().splitlines()]


THREE = ("--outputs", "train=80%", "valid=10%", "test=rest")
OWNED = st.lists(
    st.tuples(
        st.lists(st.integers(0, 8), max_size=2), st.lists(st.integers(0, 8), max_size=2)
    ),
    min_size=1, max_size=60,
)  # fmt: skip
SPECS = st.sampled_from(
    [["a=80%", "b=10%", "c=rest"], ["a=50%", "b=rest"], ["a=3", "b=rest"], ["a=100%"],
     ["a=30%", "b=30%"], ["a=1", "b=1"]]
)  # fmt: skip


def census_of(
    owned: list[tuple[list[int], list[int]]], by: str, signatures: Signatures | None = None
) -> Census:
    census = Census(by, "none", signatures)
    for n, (repositories, people) in enumerate(owned):
        first, *forks = [f"https://example.com/{one}" for one in repositories] or [""]
        census.add(
            n + 1,
            row(n) | {
                "repository_url": first,
                "telemetry": {"device_id": f"d{people[0]}" if people else ""},
                "zeta": {
                    "session": f"d{people[-1]}" if people else None,
                    "provenance": {"repositories": forks},
                },
            },
        )  # fmt: skip
    return census


@given(OWNED, SPECS, st.sampled_from(["both", "repository", "person"]), st.integers(0, 9))
def test_no_name_is_ever_in_two_outputs(
    owned: list[tuple[list[int], list[int]]], specs: list[str], by: str, seed: int
) -> None:
    census, shares = census_of(owned, by), shares_of(specs)
    groups = census.groups()
    chosen = places_of(groups, shares, seed)
    places = [chosen[census.group(n)] for n in range(len(census))]
    assert owner_leaks(census, places, [share.name for share in shares]) == []
    assert set(places) <= {NOWHERE, *range(len(shares))}
    for kind, column in (("repository", 0), ("person", 1)):
        if by in {"both", kind}:
            sides: dict[int, set[int]] = {}
            for one, place in zip(owned, places, strict=True):
                for name in one[column]:
                    sides.setdefault(name, set()).add(place)
            assert all(len(found) == 1 for found in sides.values())
    if specs[-1].endswith("rest"):
        assert NOWHERE not in places
        if specs[0] != "a=3":
            assert len(set(places)) == min(len(shares), len(groups))


@given(OWNED, st.lists(st.integers(0, 2), min_size=60, max_size=60))
def test_whatever_is_on_two_sides_is_found(
    owned: list[tuple[list[int], list[int]]], places: list[int]
) -> None:
    census, places = census_of(owned, "both"), places[: len(owned)]
    found = {(leak.kind, leak.name) for leak in owner_leaks(census, places, ["a", "b", "c"])}
    expected = set()
    for kind, column, name in (("repository", 0, "example.com/{}"), ("person", 1, "d{}")):
        for ident in range(9):
            sides = {p for one, p in zip(owned, places, strict=True) if ident in one[column]}
            if len(sides) > 1:
                expected.add((kind, name.format(ident)))
    assert found == expected


@given(st.lists(st.integers(0, 5), min_size=2, max_size=40), st.randoms())
def test_near_duplicates_on_two_sides_are_found(kinds: list[int], lots: random.Random) -> None:
    census = Census("none", "none", Signatures())
    for n, kind in enumerate(kinds):
        census.add(n + 1, {"cursor_position": f"{code(kind)} extra{n}", "cursor_path": f"{n}"})
    places = [lots.randrange(2) for _ in kinds]
    sides = [{p for k, p in zip(kinds, places, strict=True) if k == kind} for kind in range(6)]
    leaks = near_leaks(census, places, ["a", "b"])
    assert bool(leaks) == any(len(one) > 1 for one in sides)
    for leak in leaks:
        assert leak.outputs == ("a", "b")
        assert [places[line - 1] for line in leak.lines] == [0, 1]
        assert len({kinds[line - 1] for line in leak.lines}) == 1


def test_shares_are_met_where_groups_allow() -> None:
    census = census_of([([n], [n]) for n in range(9)] * 40 + [([], [])] * 2000, "both")
    chosen = places_of(census.groups(), shares_of(["a=80%", "b=10%", "c=rest"]), 1)
    counts = Counter(chosen[census.group(n)] for n in range(len(census)))
    for place, share in enumerate((0.8, 0.1, 0.1)):
        assert abs(counts[place] / len(census) - share) < 0.02


def test_kinds_of_rows_are_spread_alike_if_asked() -> None:
    census = Census("repository", "language")
    for n in range(3000):
        extension = "py" if n % 3 else "rs"
        census.add(n, row(n, f"r{n % 1000}") | {"cursor_path": f"{n}.{extension}"})
    chosen = places_of(census.groups(), shares_of(["a=80%", "b=rest"]), 0)
    counts = Counter((chosen[census.group(n)], "py" if n % 3 else "rs") for n in range(len(census)))
    assert abs(counts[1, "py"] - 400) < 30
    assert abs(counts[1, "rs"] - 200) < 30


def test_large_groups_of_a_kind_are_dealt_out_evenly() -> None:
    census = Census("repository", "language")
    for n in range(2000):
        group = n % 20
        extension = "py" if group < 10 else "rs"
        census.add(n, row(n, f"r{group}") | {"cursor_path": f"{n}.{extension}"})
    for seed in range(20):
        chosen = places_of(census.groups(), shares_of(["a=50%", "b=rest"]), seed)
        counts = Counter((chosen[census.group(n)], n % 20 < 10) for n in range(len(census)))
        assert set(counts.values()) == {500}


def test_the_lots_depend_on_the_seed_and_the_names_only() -> None:
    owned = [([n % 30], [n % 30]) for n in range(90)]
    shares = shares_of(["a=70%", "b=rest"])

    def sides(order: list[tuple[list[int], list[int]]], seed: int) -> dict[str, int]:
        groups = census_of(order, "repository").groups()
        chosen = places_of(groups, shares, seed)
        return {group.name: chosen[ident] for ident, group in groups.items()}

    assert sides(owned, 1) == sides(owned[::-1], 1)
    assert sides(owned, 1) != sides(owned, 2)
    of_all_sizes = [([n], [n]) for n in range(20) for _ in range(100 + n)]
    assert sides(of_all_sizes, 1) != sides(of_all_sizes, 2)


@pytest.mark.parametrize(
    "written_as",
    ["https://github.com/A/b.git", "git@github.com:a/b", "ssh://git@github.com:22/a/b/",
     "https://me:pw@GitHub.com/a/b?x#y", "github.com/a/b"],
)  # fmt: skip
def test_one_repository_has_one_name_however_it_is_written(written_as: str) -> None:
    assert address(written_as) == "github.com/a/b"


def test_whose_a_row_is() -> None:
    known = row(1, "r", "device") | {"zeta": {"session": "s", "consent": {"receipt": "c"}}}
    assert owners_of(known, "both") == [
        "repository example.com/r", "person device", "person c", "person s",
    ]  # fmt: skip
    assert owners_of(row(1, "r"), "person") == ["repository example.com/r"]
    alone = owners_of({"x": 1}, "both")
    assert alone[0].startswith("example ")
    assert owners_of(known, "none") != owners_of(known | {"cursor_path": "b"}, "none")


@pytest.mark.parametrize(
    "specs", [["a=80%", "b=30%"], ["a"], ["a=rest", "b=rest"], ["a=1", "a=2"], ["a=x%"], ["=5"]]
)
def test_outputs_that_cannot_be_had_are_wrong_use(specs: list[str]) -> None:
    with pytest.raises(UsageError):
        shares_of(specs)


def test_the_command_writes_every_row_once_and_as_it_was(tmp_path: Path) -> None:
    rows = [row(n, f"r{n % 20}", f"p{n % 40}") for n in range(200)]
    source = written(tmp_path, rows)
    source.write_text("{broken\n" + source.read_text())
    done = command(source, *THREE, "-o", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stderr)
    outputs = {name: tmp_path / "out" / f"{name}.jsonl" for name in ("train", "valid", "test")}
    assert report["outputs"] == {name: len(names_in(path)) for name, path in outputs.items()}
    lines = [line for path in outputs.values() for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted(map(json.dumps, rows))
    assert report["dropped"] == {"broken_line": 1}
    (drop,) = map(json.loads, (tmp_path / "out" / "split.drops.jsonl").read_text().splitlines())
    assert (drop["line"], drop["reason"]) == (1, "broken_line")
    again = command("-", *THREE, "-o", tmp_path / "more", input=source.read_text())
    assert again.returncode == 0
    for name, path in outputs.items():
        assert (tmp_path / "more" / f"{name}.jsonl").read_bytes() == path.read_bytes()


def test_nearly_the_same_code_on_two_sides_fails_names_it_and_writes_nothing(
    tmp_path: Path,
) -> None:
    rows = [row(n, f"r{n}") for n in range(30)]
    rows += [one | {"name": "copy", "repository_url": f"https://x/{n}"}
             for n, one in enumerate(rows)]  # fmt: skip
    source, out, report = written(tmp_path, rows), tmp_path / "out", tmp_path / "report.json"
    done = command(source, *THREE, "-o", out, "--report", report)
    assert done.returncode == 1
    assert "leak: nearly the same code is in train (line " in done.stderr
    assert "--near-duplicates join" in done.stderr
    assert not out.exists()
    assert json.loads(report.read_text())["leak_count"] > 0
    joined = command(source, *THREE, "-o", out, "--near-duplicates", "join", "--report", report)
    assert joined.returncode == 0, joined.stderr
    assert json.loads(report.read_text())["leaks"] == []
    files = [out / f"{name}.jsonl" for name in ("train", "valid", "test")]
    assert command("--check", *files).returncode == 0
    assert sum(len(names_in(path)) for path in files) == 60


def test_files_that_are_there_are_checked_and_the_leak_is_named(tmp_path: Path) -> None:
    one = written(tmp_path, [row(1, "a", "me"), row(2, "b", "you")], "one.jsonl")
    two = written(tmp_path, [row(3, "c", "me")], "two.jsonl")
    done = command("--check", one, two)
    assert done.returncode == 1
    assert f"leak: the person me is in {one} (line 1) and {two} (line 1)" in done.stderr
    assert command("--check", one, two, "--by", "repository").returncode == 0
    missing = command("--check", one, tmp_path / "none.jsonl")
    assert missing.returncode == 1
    assert "Traceback" not in missing.stderr


def test_with_a_date_the_test_set_alone_has_what_is_later(tmp_path: Path) -> None:
    days = ["2026-01-01T00:00:00Z", "2026-03-01T10:00:00Z"]
    rows = [row(n, f"r{n // 4}") | {"telemetry": {"time": days[n % 2]}} for n in range(80)]
    rows[1]["telemetry"] = rows[5]["telemetry"] = {}
    done = command(
        written(tmp_path, rows), "--outputs", "train=50%", "test=rest", "-o", tmp_path,
        "--after", "2026-02-01", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name, parity in (("train", 0), ("test", 1)):
        found = [int(one) for one in names_in(tmp_path / f"{name}.jsonl")]
        assert found
        assert all(one % 2 == parity or (name == "train" and one in {1, 5}) for one in found)
    dropped = json.loads(done.stderr)["dropped"]
    assert dropped["after_date"] >= 18
    assert dropped["before_date"] >= 18


def test_an_output_that_stays_empty_is_told(tmp_path: Path) -> None:
    source = written(tmp_path, [row(n, "only") for n in range(9)])
    done = command(source, *THREE, "-o", tmp_path)
    assert done.returncode == 0
    assert "test is empty" in done.stderr
    assert (tmp_path / "test.jsonl").read_bytes() == b""


def test_what_is_beyond_all_outputs_goes_to_the_drops(tmp_path: Path) -> None:
    source = written(tmp_path, [row(n, f"r{n}") for n in range(40)])
    done = command(source, "--outputs", "a=10", "b=25%", "-o", tmp_path, "--json")
    report = json.loads(done.stderr)
    assert report["outputs"] == {"a": 10, "b": 10}
    assert report["dropped"] == {"beyond_outputs": 20}


def test_wrong_use_says_what_to_do(tmp_path: Path) -> None:
    source = written(tmp_path, [row(1)])
    for arguments in (
        [], ["--outputs", "a"], ["--outputs", "a=rest", "--after", "2026-01-01"],
        ["--outputs", "test=rest", "--after", "then"],
    ):  # fmt: skip
        done = command(source, *arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_an_interrupted_split_leaves_the_old_files(tmp_path: Path) -> None:
    source = written(tmp_path, [row(n, f"r{n}") for n in range(30)])
    assert command(source, *THREE, "-o", tmp_path / "out").returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "split", *THREE, "-o", str(tmp_path / "out")],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path.cwd(),
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(source.read_text() * 50)
    process.stdin.flush()
    while not list(tmp_path.glob("tmp*.jsonl")):
        time.sleep(0.02)  # it has begun to keep what comes
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopped" in said
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert list(tmp_path.glob("tmp*.jsonl")) == []
