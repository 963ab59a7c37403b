"""A little repository, a moment in it, and the example that the moment makes."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline.__main__ import main
from pipeline.doors import Looking, Wanted
from pipeline.gathering.gathering import Gather
from pipeline.gathering.sources import Sources
from pipeline.reading.moment import Moment, Origin, example
from pipeline.records import Row
from pipeline.running import run
from pipeline.tally import Tally
from tests.pipeline.synthesis.histories import repository
from tests.pipeline.test_running import read
from zeta_lsp.context.headless.around import looking_around
from zeta_lsp.context.headless.commands import Command, commands_named
from zeta_lsp.context.headless.door import Limits
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.excerpt import cut_excerpt
from zeta_lsp.core.text import split_lines

BASKET = """class Basket:
    def put(self, name: str, price: float) -> None:
        self.lines = [name]
"""
MAIN = "from basket import Basket\n\n\ndef main():\n    basket = Basket()\n"
GO = "package shop\n\ntype Basket struct {\n\tLines int\n}\n"
GO_MAIN = "package shop\n\nfunc Main() {\n\tbasket := Basket{}\n}\n"
FILES = {
    "basket.py": BASKET,
    "main.py": MAIN,
    "go/basket.go": GO,
    "go/main.go": GO_MAIN,
    ".env": "PUT_KEY = 'canary-of-a-secret'\n",
}
TYPED = "@@ -2,4 +2,5 @@\n \n \n def main():\n     basket = Basket()\n+    basket.put(\n"
NOW = f"{MAIN}    basket.put(\n"
URL = "https://example.org/shop"
LIMITS = Limits(start_s=20.0, ready_s=20.0, answer_s=20.0, problems_s=5.0)


class Shop:
    """The repository, at its latest commit."""

    def __init__(self, folder: Path, files: dict[str, str] | None = None) -> None:
        from dulwich.repo import Repo

        self.folder = repository(folder / "shop.git", [{**FILES, **(files or {})}])
        with Repo(self.folder) as repo:
            self.revision = repo.head().decode()

    def row(self, path: str = "shop/main.py", now: str = NOW, **fields: Any) -> Row:
        """An example with the cursor at the end of the file's last row."""
        lines = split_lines(now)
        row = len(lines) - 2
        excerpt = cut_excerpt(lines, row, len(lines[row]) - 1)
        moment = Moment(path, excerpt.text, excerpt.cursor_offset, excerpt.start_row)
        made = example(moment, Origin("test", repository_url=URL, revision=self.revision), [])
        assert isinstance(made, dict)
        return {**made, **fields}

    def typed(self, **fields: Any) -> Row:
        """The same, after a row was typed that its history tells."""
        made = self.row(**fields)
        event = msgspec.to_builtins(BufferChange("shop/main.py", "shop/main.py", TYPED))
        return {**made, "prompt_inputs": {**made["prompt_inputs"], "events": [event]}}


def gathered(
    shop: Shop,
    at: Path,
    rows: Sequence[Row],
    *,
    servers: Sequence[str] | Callable[[str], Sequence[Command]] = (),
    name: str = "out.jsonl",
    **options: Any,
) -> tuple[list[Row], Tally]:
    """The rows after the stage, with servers by their names, or others."""
    source = at / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    commands = servers if callable(servers) else commands_named(servers)
    stage = Gather(
        Sources([], [shop.folder]),
        partial(opened, commands),
        Wanted(diagnostics=options.pop("diagnostics", False)),
        **options,
    )
    target = at / name
    tally = run(stage, [str(source)], str(target))
    return read(target), tally


def opened(
    commands: Callable[[str], Sequence[Command]], root: Path, wanted: Wanted
) -> AbstractAsyncContextManager[Looking]:
    return looking_around(
        root,
        definitions=wanted.definitions,
        diagnostics=wanted.diagnostics,
        commands=commands,
        limits=LIMITS,
    )


def shown(row: Row) -> str:
    """All texts of its related files."""
    files = row["prompt_inputs"]["related_files"]
    return "".join(one["text"] for file in files for one in file["excerpts"])


def doors(row: Row) -> set[str]:
    """The doors that led to something."""
    return {one["door"] for one in row["zeta"]["context"]["receipts"]}


def command(*arguments: str) -> int:
    """The program."""
    return main(["context", *arguments])
