"""Errors of a file are counted with each text in place of an excerpt, and never outside."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from zeta_lsp.context.headless.commands import Command
from zeta_lsp.context.headless.counting import counting
from zeta_lsp.context.headless.door import Limits

SCRIPT = str(Path(__file__).with_name("scripted.py"))
LIMITS = Limits(start_s=20.0, ready_s=20.0, answer_s=20.0, problems_s=20.0)
WHOLE = "wrong\nfirst\nsecond\nwrong\n"


def scripted(behaviour: str) -> list[Command]:
    return [Command((sys.executable, SCRIPT, behaviour), frozenset(("python",)))]


async def counts(
    root: Path, path: str, excerpt: str, texts: Sequence[str], behaviour: str = "works"
) -> list[int | None]:
    (root / "other.py").write_text("")
    async with counting(root, commands=lambda _: scripted(behaviour), limits=LIMITS) as found:
        return list(await found.error_counts(path, excerpt, texts))


@asynchronous
async def test_a_text_is_put_into_its_file_where_the_excerpt_was(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(WHOLE)
    texts = ["first\nsecond\n", "wrong\nwrong\n", "", "wrong\nwrong\n"]
    assert await counts(tmp_path, "main.py", "first\nsecond\n", texts) == [2, 4, 2, 4]
    assert (tmp_path / "main.py").read_text() == WHOLE


@pytest.mark.parametrize("behaviour", ["works", "pulled"])
@asynchronous
async def test_an_excerpt_that_is_not_in_the_file_is_all_of_it(
    tmp_path: Path, behaviour: str
) -> None:
    (tmp_path / "main.py").write_text(WHOLE)
    assert await counts(tmp_path, "main.py", "third\n", ["wrong\n"], behaviour) == [1]
    assert await counts(tmp_path, "nowhere.py", "third\n", ["wrong\n"], behaviour) == [1]


@asynchronous
async def test_files_are_asked_about_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("")
    async with counting(tmp_path, commands=lambda _: scripted("works"), limits=LIMITS) as found:
        for path, text in (("a.py", "wrong\n"), ("b.py", "right\n"), ("a.py", "right\n")):
            assert await found.error_counts(path, "", [text]) == [text.count("wrong")]


@pytest.mark.parametrize("path", ["../up.py", "/etc/up.py", "link/up.py", "a\0.py"])
@asynchronous
async def test_a_file_outside_the_project_is_never_opened(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (tmp_path / "up.py").write_text("wrong\n")
    assert await counts(root, path, "", ["wrong\n"]) == [None]


@asynchronous
async def test_nobody_knows_where_there_is_no_server(tmp_path: Path) -> None:
    async with counting(tmp_path, commands=lambda _: (), limits=LIMITS) as found:
        assert await found.error_counts("a.py", "", ["x", "y"]) == [None, None]
        assert await found.error_counts("a.unknown", "", ["x"]) == [None]
