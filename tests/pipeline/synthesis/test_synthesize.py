"""`synthesize` makes marked examples of commits, the same ones each time, and counts the rest."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from dulwich.repo import Repo
from dulwich.server import DictBackend
from dulwich.web import make_wsgi_chain

from pipeline.example import changed_rows, expected_patches, given_of, ours, tags_of
from pipeline.jsonl import drops_path
from pipeline.records import Dropped
from pipeline.stages.filter import Filter
from pipeline.stages.read import Read
from pipeline.synthesis.commits import File, read_commit
from pipeline.synthesis.cuts import STYLES
from pipeline.synthesis.ordering import ordered
from pipeline.synthesis.repositories import cleaned, close_all, commits_of, local, opened
from pipeline.synthesis.steps import Plan
from pipeline.synthesis.synthesizing import Synthesize
from pipeline.teacher.distilling import Distill
from tests.pipeline.synthesis.histories import commit, repository
from tests.pipeline.test_running import read
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.prompt import PromptInput

SHOP = "def price(item):\n    return item.price\n\n\n" + "".join(
    f"VALUE_{n} = {n}\n" for n in range(60)
)
MAIN = "import shop\n\n\ndef main():\n    print(shop.price(1))\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    more = (
        SHOP.replace("item.price\n", "item.price * item.count\n")
        .replace(
            "VALUE_50 = 50\n",
            "VALUE_50 = total(50)\n\n\ndef total(value):\n    return value + 1\n\n\n",
        )
        .replace("VALUE_40 = 40\n", "VALUE_40 = 41\n")
    )
    calls = MAIN.replace("price(1))\n", "price(item))\n    print(shop.total(item))\n")
    states = [
        {"src/shop.py": SHOP, "src/main.py": MAIN, "README.md": "a\n"},
        {"src/shop.py": more, "src/main.py": MAIN, "README.md": "b\n"},
        {"src/shop.py": more, "src/main.py": calls, "README.md": "b\n"},
        {"src/shop.py": SHOP, "src/main.py": calls.replace("item", "thing"), "README.md": "b\n"},
    ]
    found = repository(tmp_path / "shop.git", states)
    yield found
    close_all()


def made(shop: str, **options: Any) -> list[Any]:
    stage = Synthesize(**options)
    return [
        one
        for sha in commits_of(shop, 100, "0")
        for one in stage.rows({"repository": shop, "commit": sha})
        if isinstance(one, (dict, Dropped))
    ]


@pytest.mark.parametrize("style", ["random", *STYLES])
def test_an_example_is_whole_and_says_that_nobody_typed_it(shop: str, style: str) -> None:
    rows = [row for row in made(shop, style=style, samples=6) if isinstance(row, dict)]
    assert rows
    for row in rows:
        assert isinstance(given_of(row), PromptInput)
        (patch,) = expected_patches(row)
        assert 1 <= changed_rows(patch) <= 15
        assert row["edit_history"]
        assert row["prompt_inputs"]["events"]
        assert "<|user_cursor|>" in row["cursor_position"]
        assert row["cursor_path"].startswith("shop/src/")
        assert row["repository_url"] == "https://example.org/shop"
        mark = ours(row)["synthetic"]
        parent = opened(shop)[mark["from"].encode()].parents[0]
        assert row["revision"] == parent.decode()
        if style != "random":
            assert mark["style"] == style
        assert {"synthetic", "source:commit", f"style:{mark['style']}"} <= tags_of(row)


def test_where_the_next_edit_is_decides_the_style(shop: str) -> None:
    for row in made(shop, style="cross-file", samples=4):
        if isinstance(row, dict):
            assert row["cursor_path"] not in expected_patches(row)[0]
    for row in made(shop, style="near", samples=4):
        if isinstance(row, dict):
            assert f"+++ b/{row['cursor_path']}" in expected_patches(row)[0]


def test_no_stage_takes_the_mark_away(shop: str) -> None:
    rows = [row for row in made(shop, samples=4) if isinstance(row, dict)]
    stages = [Read(), Filter(languages=frozenset({"py"})), Distill(3)]
    for row in rows:
        answer = {"actual_patch": expected_patches(row)[0], "provider": "teacher", "error": None}
        now = [row | {"predictions": [answer]}]
        for stage in stages:
            now = [one for row in now for one in stage.rows(row) if isinstance(one, dict)]
            assert now, stage.name
            for one in now:
                assert ours(one)["synthetic"] == ours(row)["synthetic"]
                assert "synthetic" in tags_of(one)


def synthesized(shop: str, out: Path, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "synthesize", "--repo", shop, "-o", str(out), "--json",
         *options],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[0])
    return found


def test_the_same_repository_and_seed_make_the_same_bytes(shop: str, tmp_path: Path) -> None:
    outs = [tmp_path / f"{n}.jsonl" for n in range(3)]
    synthesized(shop, outs[0], "--samples", "5", "--workers", "1")
    tally = synthesized(shop, outs[1], "--samples", "5", "--workers", "2")
    synthesized(shop, outs[2], "--samples", "5", "--seed", "1")
    assert outs[0].read_bytes() == outs[1].read_bytes() != outs[2].read_bytes()
    first, second = (Path(drops_path(str(out))).read_bytes() for out in outs[:2])
    assert first == second
    assert tally["read"] == 4
    assert tally["dropped"] == {"first_commit": 1}
    assert tally["noted"] == {"file_not_code": 1}


def test_no_more_examples_of_a_repository_than_were_asked_for(shop: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert synthesized(shop, out, "--samples", "5", "--count", "2")["written"] == 2
    assert len(read(out)) == 2


REFUSED = [
    ({"a.md": "b\n"}, "not_code"),
    ({"vendor/a.py": "b\n"}, "vendored"),
    ({"a_pb2.py": "b\n"}, "generated"),
    ({"a.py": "# Automatically generated, do not edit\nb\n"}, "generated"),
    ({"a.min.js": "b\n"}, "minified"),
    ({"a.js": "b" * 600 + "\n"}, "minified"),
    ({"a.py": b"\xff\xfe\n"}, "binary"),
    ({"a.py": "a\0\n"}, "binary"),
    ({"a.py": "a\r\nb\n"}, "mixed_line_ends"),
    ({"a.py": "no end"}, "no_final_newline"),
    ({"a.py": "x = 1\n" * 60_000}, "file_too_large"),
    ({".github/a.py": "b\n"}, "service_file"),
    ({}, "empty"),
    ({f"{n}.py": "b\n" for n in range(31)}, "too_many_files"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_nobody_types_is_refused_with_a_word(
    tmp_path: Path, files: dict[str, str | bytes], reason: str
) -> None:
    folder = repository(tmp_path / "a", [{"z.txt": "a\n"}, {"z.txt": "a\n", **files}])
    with Repo(folder) as repo:
        found = read_commit(repo.object_store, repo.head().decode())
    assert isinstance(found, Dropped)
    assert found.reason == reason


def test_merges_first_commits_renamings_and_missing_objects_are_refused(tmp_path: Path) -> None:
    text = "".join(f"row {n}\n" for n in range(30))
    folder = repository(tmp_path / "a", [{"a.py": text}, {"b.py": text}])
    with Repo(folder) as repo:
        head = repo.head()
        (first,) = repo[head].parents
        merge = commit(repo, {"b.py": text}, [head, first], 9)
        shas = [first, head, merge, b"0" * 40]
        found = [read_commit(repo.object_store, sha.decode()) for sha in shas]
    assert [one.reason for one in found if isinstance(one, Dropped)] == [
        "first_commit", "renames", "merge", "object_missing"
    ]  # fmt: skip


def test_names_are_defined_before_they_are_used() -> None:
    old = "".join(f"row_{n} = {n}\n" for n in range(90))
    new = old.replace("row_10 = 10\n", "row_10 = 10\nprint(total_of(3))\n")
    new = new.replace("row_70 = 70\n", "row_70 = 70\ndef total_of(value):\n    return value\n")
    for seed in range(20):
        steps = ordered(Plan(File("a.py", old, new)).steps, random.Random(seed))
        assert [step.start > 50 for step in steps] == [True, False]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:key@example.org/a/b.git", "https://example.org/a/b"),
        ("git@example.org:a/b.git", "https://example.org/a/b"),
        ("ssh://git@example.org/a/b", "https://example.org/a/b"),
        ("/home/me/b", ""),
    ],
)
def test_an_address_says_where_and_not_who(address: str, shown: str) -> None:
    assert cleaned(address) == shown


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass


def test_a_repository_with_an_address_is_copied_once(shop: str, tmp_path: Path) -> None:
    with Repo(shop) as repo:
        app = make_wsgi_chain(DictBackend({"/shop": repo}))
        with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            address = f"http://127.0.0.1:{server.server_port}/shop"
            folder = local(address, tmp_path / "cache")
            server.shutdown()
            thread.join()
    assert local(address, tmp_path / "cache") == folder
    assert sorted(commits_of(folder, 10, "0")) == sorted(commits_of(shop, 10, "0"))


@pytest.mark.parametrize("source", ["{tmp}", "ssh://example.org/a", "file:///a"])
def test_what_is_no_repository_is_wrong_use(source: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        local(source.format(tmp=tmp_path))


def licence(text: str) -> str | None:
    return "MIT" if "MIT" in text else None


@pytest.mark.parametrize(
    ("files", "spdx"),
    [
        ({"LICENSE": "MIT\n"}, "MIT"),
        ({"LICENSE": "MIT\n", "COPYING": "ours\n"}, None),
        ({}, None),
    ],
)
def test_the_licence_is_what_all_its_files_say(
    tmp_path: Path, files: dict[str, str], spdx: str | None
) -> None:
    folder = repository(tmp_path / "a", [{"a.py": SHOP, **files}, {"a.py": SHOP + MAIN, **files}])
    (row,) = [one for one in made(folder, spdx_of=licence) if isinstance(one, dict)]
    assert (ours(row).get("licence") or {}).get("spdx") == spdx
    assert row["prompt_inputs"]["in_open_source_repo"] == (spdx is not None)
    close_all()
