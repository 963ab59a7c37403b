"""`context` finds what other files showed around the cursor, by real servers and the index."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.example import given_of
from pipeline.jsonl import drops_path
from pipeline.records import Dropped, Row
from pipeline.synthesis.repositories import close_all, commits_of
from pipeline.synthesis.synthesizing import Synthesize
from tests.context.headless.test_counting import SCRIPT
from tests.pipeline.gathering.shop import (
    BASKET,
    FILES,
    GO_MAIN,
    MAIN,
    NOW,
    TYPED,
    Shop,
    command,
    doors,
    gathered,
    shown,
)
from tests.pipeline.synthesis.histories import repository
from tests.pipeline.test_running import read
from zeta_lsp.context.headless.commands import Command
from zeta_lsp.core.formats.registry import get

JEDI = ("jedi-language-server",)


@pytest.fixture(autouse=True)
def servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that came with the project are found as if its environment were active."""
    folder = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def git_diff(path: str, hunks: str, new: str = "") -> str:
    return f"diff --git a/{path} b/{path}\n{new}--- a/{path}\n+++ b/{path}\n{hunks}"


def prompt(row: Row, form: str = "zeta2.1") -> str:
    given = given_of(row)
    assert not isinstance(given, Dropped)
    return get(form).render(given).text


def test_a_definition_from_another_file_is_in_the_prompt(shop: Shop, tmp_path: Path) -> None:
    (row,), _ = gathered(shop, tmp_path, [shop.typed()], servers=JEDI)
    assert "class Basket" in prompt(row)
    assert "shop/basket.py" in prompt(row)
    assert "headless" in doors(row)
    assert "canary" not in json.dumps(row)
    assert row["prompt_inputs"]["cursor_excerpt"] == NOW


def test_the_index_answers_where_no_server_does(shop: Shop, tmp_path: Path) -> None:
    now = GO_MAIN.replace("}\n}\n", "}\n\tbasket.\n")
    hunks = "@@ -3,3 +3,3 @@\n func Main() {\n \tbasket := Basket{}\n-}\n+\tbasket.\n"
    row = shop.row("shop/go/main.go", now, uncommitted_diff=git_diff("go/main.go", hunks))
    (found,), _ = gathered(shop, tmp_path, [row], servers=JEDI)
    assert "type Basket struct" in shown(found)
    assert doors(found) == {"index"}


def test_paths_without_the_folders_name_stay_so(shop: Shop, tmp_path: Path) -> None:
    (row,), _ = gathered(shop, tmp_path, [shop.row("main.py", MAIN)])
    files = [file["path"] for file in row["prompt_inputs"]["related_files"]]
    assert sorted(files) == ["basket.py", "main.py"]
    assert {one["path"] for one in row["zeta"]["context"]["receipts"]} == {*files}


def test_other_files_are_as_they_were_then_and_afterwards_as_committed(
    shop: Shop, tmp_path: Path
) -> None:
    hunks = "@@ -1,2 +1,4 @@\n+# longer\n+\n-class Basket:\n+class Basket(dict):\n"
    hunks += "     def put(self, name: str, price: float) -> None:\n"
    diff = git_diff("basket.py", hunks)
    rows = [shop.row(now=MAIN), shop.row(now=MAIN, uncommitted_diff=diff), shop.row(now=MAIN)]
    for servers in ((), JEDI):
        first, changed, last = gathered(shop, tmp_path, rows, servers=servers)[0]
        assert "class Basket(dict):" in shown(changed)
        assert "class Basket:" in shown(first)
        assert first == last


def test_a_new_file_is_known(shop: Shop, tmp_path: Path) -> None:
    diff = "diff --git a/new/pot.py b/new/pot.py\nnew file mode 100644\n--- /dev/null\n"
    diff += "+++ b/new/pot.py\n@@ -0,0 +1,2 @@\n+def brew_tea(cups):\n+    return cups\n"
    now = MAIN + "    brew_tea(\n"
    diff += git_diff("main.py", TYPED.replace("basket.put(", "brew_tea("))
    (row,), _ = gathered(shop, tmp_path, [shop.row(now=now, uncommitted_diff=diff)])
    assert "def brew_tea(cups):" in shown(row)


def test_a_history_that_the_diff_holds_is_not_applied_again(shop: Shop, tmp_path: Path) -> None:
    diff = git_diff("main.py", TYPED)
    fields = {"uncommitted_diff": diff, "uncommitted_diff_contains_edit_history": True}
    once, plain = shop.typed(**fields), shop.typed()
    found, _ = gathered(shop, tmp_path, [once, plain])
    assert shown(found[0]) == shown(found[1]) != ""


def test_the_same_bytes_come_out_again_in_the_order_of_the_input(
    shop: Shop, tmp_path: Path
) -> None:
    rows = [shop.typed(name=f"{n}", cursor_path="x") for n in range(3)]
    rows.insert(1, shop.row("shop/go/main.go", GO_MAIN, name="go"))
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        gathered(shop, tmp_path, rows, servers=JEDI, diagnostics=True, name=file.name)
    assert files[0].read_bytes() == files[1].read_bytes()
    wrong = [bool(row["prompt_inputs"]["active_buffer_diagnostics"]) for row in read(files[0])]
    assert wrong == [True, False, True, True], "each time the file is opened anew"
    assert [row["name"] for row in read(files[0])] == ["0", "go", "1", "2"]


def test_visited_files_come_last(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"visited.py": "seen_lately = True\n"})
    visited = [{"path": "shop/visited.py", "cursor_position": "0:3"}]
    (row,), _ = gathered(shop, tmp_path, [shop.typed(recently_viewed_files=visited)])
    assert shown(row).index("class Basket") < shown(row).index("seen_lately")
    assert doors(row) == {"index", "recent"}


def test_the_cursors_file_is_among_them_for_formats_that_want_it(
    shop: Shop, tmp_path: Path
) -> None:
    (row,), _ = gathered(shop, tmp_path, [shop.typed()], current_file=True)
    own = row["prompt_inputs"]["related_files"][0]
    rows = NOW.count("\n") + 1
    assert (own["path"], own["max_row"]) == ("shop/main.py", rows)
    assert own["excerpts"][0]["row_range"] == {"start": 0, "end": rows}
    assert own["excerpts"][0]["text"] == NOW


def test_what_is_wrong_stands_in_the_example(shop: Shop, tmp_path: Path) -> None:
    (row,), _ = gathered(shop, tmp_path, [shop.typed()], servers=JEDI, diagnostics=True)
    (problem, *_) = row["prompt_inputs"]["active_buffer_diagnostics"]
    assert problem["severity"] == 1


def test_rows_with_related_files_are_left_unless_asked(shop: Shop, tmp_path: Path) -> None:
    row = shop.typed()
    row["prompt_inputs"]["related_files"] = []
    (left,), tally = gathered(shop, tmp_path, [row])
    assert left == row
    assert tally.noted == {"left_as_they_were": 1}
    (again,), _ = gathered(shop, tmp_path, [row], again=True)
    assert "class Basket" in shown(again)


def test_syntax_ranges_are_filled_in(shop: Shop, tmp_path: Path) -> None:
    from pipeline.__main__ import _syntax_spans

    (row,), _ = gathered(shop, tmp_path, [shop.typed()], spans_of=_syntax_spans)
    assert row["prompt_inputs"]["syntax_ranges"]


@pytest.mark.parametrize("behaviour", ["dies", "works"])
def test_a_server_that_dies_leaves_it_to_the_index(tmp_path: Path, behaviour: str) -> None:
    shop = Shop(tmp_path, {"other.py": ""})
    argv = (sys.executable, SCRIPT, behaviour)
    if behaviour == "dies":
        argv = (sys.executable, "-c", "import sys; sys.stdin.buffer.readline()")
    servers = [Command(argv, frozenset(("python",)))]
    rows, tally = gathered(shop, tmp_path, [shop.typed()] * 5, servers=lambda _: servers)
    assert len(rows) == 5
    assert all("class Basket" in shown(row) for row in rows)
    assert bool(tally.noted) == (behaviour == "dies")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "another repository": ({"repository_url": "https://example.org/other"}, "no_repository"),
    "no revision": ({"revision": ""}, "no_revision"),
    "a revision that is a path": ({"revision": "../../etc"}, "no_revision"),
    "an unknown revision": ({"revision": "0" * 40}, "no_revision"),
    "a diff of another text": (
        {"uncommitted_diff": git_diff("main.py", "@@ -1,1 +1,1 @@\n-x\n+y\n")},
        "diff_does_not_apply",
    ),
    "a diff of no file": ({"uncommitted_diff": "what is this?"}, "diff_does_not_apply"),
    "a diff that is a number": ({"uncommitted_diff": 7}, "diff_does_not_apply"),
    "a file that is not there": ({"path": "shop/gone.py"}, "no_file"),
    "a file outside": ({"path": "../main.py"}, "no_file"),
    "a text that is not there": ({"now": "print(1)\n"}, "excerpt_not_in_checkout"),
    "no input": ({"prompt_inputs": None}, "no_input"),
    "an input that is none": ({"prompt_inputs": {"events": 1}}, "unreadable_input"),
}


def test_what_cannot_be_found_again_is_dropped_with_its_reason(shop: Shop, tmp_path: Path) -> None:
    rows = [shop.row(**{"now": MAIN, **fields}) for fields, _ in BAD.values()]
    _, tally = gathered(shop, tmp_path, [*rows, shop.row(now=MAIN)])
    drops = read(drops_path(str(tmp_path / "out.jsonl")))
    assert [one["reason"] for one in drops] == [reason for _, reason in BAD.values()]
    assert tally.written == 1


def test_a_checkout_has_a_bound(shop: Shop, tmp_path: Path) -> None:
    _, tally = gathered(shop, tmp_path, [shop.typed()], checkout_bytes=10)
    assert tally.dropped == {"checkout_too_large": 1}


def test_nothing_is_left_of_checkouts(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "checkouts"
    folder.mkdir()
    gathered(shop, tmp_path, [shop.typed()], folder=folder)
    assert list(folder.iterdir()) == []


def test_synthetic_examples_go_straight_in(tmp_path: Path) -> None:
    calls = MAIN + "    basket.put('tea', 1.0)\n    print(basket)\n    return basket\n"
    folder = repository(tmp_path / "shop.git", [FILES, {**FILES, "main.py": calls}])
    synthesize = Synthesize("random", "0", 2, None, None)
    (sha, *_) = commits_of(folder, 1, "0")
    made = synthesize.rows({"repository": folder, "commit": sha})
    rows = [one for one in made if isinstance(one, dict)]
    close_all()
    assert rows
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = [str(source), "-o", str(target), "--project", folder, "--no-diagnostics"]
    assert command(*arguments, "--servers") == 0
    found = read(target)
    assert len(found) == len(rows)
    assert all(BASKET.rstrip("\n") in shown(row) for row in found)


def test_a_server_that_ends_is_started_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"other.py": ""})
    servers = [Command((sys.executable, SCRIPT, "crashes"), frozenset(("python",)))]
    rows, tally = gathered(shop, tmp_path, [shop.typed()] * 5, servers=lambda _: servers)
    assert all("class Basket" in shown(row) for row in rows)
    assert tally.noted["headless_server_ended"] >= 3


def test_a_server_that_nobody_knows_is_named_at_once(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("-", "--repos", shop.folder, "--servers", "nobody") == 2
    assert "there is no server nobody" in capsys.readouterr().err
