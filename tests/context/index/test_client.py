"""The index as a server has it: a real helper process over real folders."""

import asyncio
import os
import select
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.context.index.living import PATIENCE_S, Told, after, is_alive, living, settles, where
from zeta_lsp.context.index.client import Index
from zeta_lsp.context.index.messages import Reason
from zeta_lsp.context.index.reading import MAX_BYTES
from zeta_lsp.core.related import Identifier

MAIN = "b = Basket()\n"
SHOP = "class Basket:\n    pass\n"
SERVER = """
import asyncio, sys
from pathlib import Path
from zeta_lsp.context.index.client import Index

async def main():
    index = Index(None)
    await index.start([Path(sys.argv[1])])
    await index.after_round(0)
    print(index.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def project(root: Path) -> Path:
    (root / "main.py").write_text(MAIN)
    (root / "shop.py").write_text(SHOP)
    return root / "main.py"


@asynchronous
async def test_a_helper_indexes_a_folder_and_answers(tmp_path: Path) -> None:
    main = project(tmp_path)
    async with living(tmp_path) as (index, told):
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:0"]
        assert index.state is not None
        assert (index.state.files, index.state.symbols) == (2, 2)
        assert told.progress[-1] == (2, 2)
        assert told.reasons == []


@asynchronous
async def test_several_names_are_answered_in_their_order(tmp_path: Path) -> None:
    main = project(tmp_path)
    wanted = [Identifier(name, 0, col, 0) for name, col in (("b", 0), ("Basket", 4), ("b", 0))]
    async with living(tmp_path) as (index, _):
        answers = await index.definitions_of(wanted, str(main))
        assert [len(places) for places in answers] == [2, 1, 2]  # a variable has a type
        assert answers[0] == answers[2] != answers[1]


@asynchronous
async def test_the_text_of_an_open_buffer_hides_the_file(tmp_path: Path) -> None:
    main = project(tmp_path)
    shop = tmp_path / "shop.py"
    async with living(tmp_path) as (index, _):
        index.overlay(str(shop), "\n\nclass Basket: ...\n\n\nclass Bag: ...\n")
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:2"]
        index.overlay(str(main), "b = Bag()\n")
        assert await where(index, main, "Bag", 0, 4) == ["shop.py:5"]
        index.overlay(str(shop), None)
        assert await where(index, main, "Bag", 0, 4) == []
        index.overlay(str(main), None)
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:0"]


@asynchronous
async def test_a_buffer_without_a_file_counts_until_it_is_closed(tmp_path: Path) -> None:
    main, fresh = project(tmp_path), tmp_path / "fresh.py"
    main.write_text("from fresh import Bag\nBag()\n")
    async with living(tmp_path) as (index, _):
        index.overlay(str(fresh), "class Bag: ...\n")
        assert await where(index, main, "Bag", 1) == ["fresh.py:0"]
        index.overlay(str(fresh), None)
        assert await where(index, main, "Bag", 1) == []


@asynchronous
async def test_a_buffer_that_grew_too_large_counts_as_it_is_on_disk(tmp_path: Path) -> None:
    main = project(tmp_path)
    async with living(tmp_path) as (index, _):
        index.overlay(str(tmp_path / "shop.py"), f"\n\n{SHOP}")
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:2"]
        index.overlay(str(tmp_path / "shop.py"), "#" * (MAX_BYTES + 1))
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:0"]


@asynchronous
async def test_files_that_appear_change_move_and_go_are_followed(tmp_path: Path) -> None:
    main = project(tmp_path)
    shop, other = tmp_path / "shop.py", tmp_path / "other.py"
    async with living(tmp_path) as (index, _):
        shop.write_text("\n" + SHOP)
        await settles(index, main, "Basket", (0, 4), ["shop.py:1"])
        shop.rename(other)
        await settles(index, main, "Basket", (0, 4), ["other.py:1"])
        other.unlink()
        await settles(index, main, "Basket", (0, 4), [])
        (tmp_path.parent / "new.py").write_text(SHOP)
        (tmp_path.parent / "new.py").replace(shop)
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])


@asynchronous
async def test_folders_that_appear_move_and_go_are_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    root.mkdir()
    (outside / "deep" / "shop.py").write_text(SHOP)
    main = root / "main.py"
    main.write_text(MAIN)
    async with living(root) as (index, _):
        outside.rename(root / "here")
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])
        changed = root / "here" / "deep" / "shop.py"
        changed.write_text("\n" + SHOP)
        await settles(index, main, "Basket", (0, 4), ["shop.py:1"])
        await after(index, lambda: (root / "here").rename(root / "there"))
        changed = root / "there" / "deep" / "shop.py"
        changed.write_text(SHOP)
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])
        (root / "there").rename(outside)
        await settles(index, main, "Basket", (0, 4), [])


@asynchronous
async def test_new_rules_of_git_take_files_out_and_in(tmp_path: Path) -> None:
    main = project(tmp_path)
    rules = tmp_path / ".gitignore"
    async with living(tmp_path) as (index, _):
        rules.write_text("shop.py\n")
        await settles(index, main, "Basket", (0, 4), [])
        rules.unlink()
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])


@asynchronous
async def test_a_change_that_an_editor_reports_is_looked_at(tmp_path: Path) -> None:
    main, shop = project(tmp_path), tmp_path / "shop.py"
    async with living(tmp_path) as (index, _):
        index.changed(str(shop))
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])


@asynchronous
async def test_many_changes_at_once_are_looked_at_together(tmp_path: Path) -> None:
    main = project(tmp_path)
    async with living(tmp_path) as (index, _):
        for number in range(1000):
            (tmp_path / f"m{number}.py").write_text(f"class C{number}: ...\n")
        index.overlay(str(main), "C999()\n")
        await settles(index, main, "C999", (0, 0), ["m999.py:0"])
        assert index.state is not None
        assert index.state.files == 1002


@asynchronous
async def test_the_next_start_has_it_all_at_once(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    main = project(root)
    async with living(root, cache) as (index, told):
        assert told.progress
    (root / "shop.py").write_text("\n" + SHOP)
    async with living(root, cache) as (index, told):
        assert told.progress == [(1, 1)]
        assert await where(index, main, "Basket", 0, 4) == ["shop.py:1"]
    async with living(root, cache) as (index, told):
        assert told.progress == []


@asynchronous
async def test_a_cache_that_breaks_under_way_is_begun_anew_and_named(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    main = project(root)
    async with living(root, cache) as (index, told):
        (file,) = cache.glob("*.sqlite")
        with sqlite3.connect(file) as other:
            other.execute("DROP TABLE symbols")
        other.close()
        assert await where(index, main, "Basket", 0, 4) == []
        await told.until(Reason.CACHE_REBUILT)
        await settles(index, main, "Basket", (0, 4), ["shop.py:0"])


@asynchronous
async def test_a_helper_that_is_killed_comes_back_with_the_open_buffers(tmp_path: Path) -> None:
    main = project(tmp_path)
    async with living(tmp_path, tmp_path / "cache") as (index, told):
        index.overlay(str(main), "\n" + MAIN)
        assert await where(index, main, "Basket", 1, 4) == ["shop.py:0"]
        first = index.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await told.until(Reason.HELPER_DIED) == -signal.SIGKILL
        assert await where(index, main, "Basket", 1, 4) in ([], ["shop.py:0"])
        async with asyncio.timeout(PATIENCE_S):
            await index.after_round(0)
        assert index.pid not in (None, first)
        assert await where(index, main, "Basket", 1, 4) == ["shop.py:0"]


@asynchronous
async def test_a_helper_that_does_not_answer_costs_no_more_than_the_deadline(
    tmp_path: Path,
) -> None:
    main = project(tmp_path)
    async with living(tmp_path, deadline_s=0.05) as (index, told):
        assert index.pid is not None
        os.kill(index.pid, signal.SIGSTOP)
        assert await where(index, main, "Basket", 0, 4) == []
        assert told.reasons == [(Reason.LATE, 1)]
        os.kill(index.pid, signal.SIGCONT)
        async with asyncio.timeout(PATIENCE_S):
            while await where(index, main, "Basket", 0, 4) != ["shop.py:0"]:
                pass


@asynchronous
async def test_a_helper_that_hangs_is_ended_when_the_index_closes(tmp_path: Path) -> None:
    project(tmp_path)
    async with living(tmp_path) as (index, _):
        assert index.pid is not None
        pid = index.pid
        os.kill(pid, signal.SIGSTOP)
    assert not is_alive(pid)


def test_a_server_that_is_killed_leaves_no_helper(tmp_path: Path) -> None:
    project(tmp_path)
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        helper = os.pidfd_open(int(server.stdout.readline()))
        assert select.select([helper], [], [], 0)[0] == []
        server.kill()
    assert select.select([helper], [], [], PATIENCE_S)[0] == [helper]
    os.close(helper)


@asynchronous
async def test_a_helper_that_cannot_start_is_named(tmp_path: Path) -> None:
    told = Told()
    index = Index(None, told=told.tell, command=(str(tmp_path / "missing"),), pause_s=60.0)
    await index.start([tmp_path])
    await told.until(Reason.HELPER_MISSING)
    assert await where(index, tmp_path / "a.py", "a") == []
    await index.aclose()


@asynchronous
async def test_a_helper_that_speaks_nonsense_is_given_up(tmp_path: Path) -> None:
    told = Told()
    command = (sys.executable, "-c", "print('x' * 100, flush=True); input()")
    index = Index(None, told=told.tell, command=command, pause_s=60.0)
    await index.start([tmp_path])
    assert await told.until(Reason.HELPER_DIED) == 0
    await index.aclose()


@asynchronous
async def test_an_index_that_never_started_answers_and_closes(tmp_path: Path) -> None:
    index = Index(None)
    index.overlay("/a.py", "x")
    index.changed("/a.py")
    assert await where(index, tmp_path / "a.py", "a") == []
    await index.aclose()


@asynchronous
async def test_places_of_other_people_are_not_asked_about(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    project(root)
    main = project(outside)
    async with living(root) as (index, _):
        index.overlay(str(main), "class Secret: ...\n")
        assert await where(index, root / "main.py", "Secret", 5) == []
