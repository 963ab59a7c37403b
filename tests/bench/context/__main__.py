"""What a prompt gets to know of other files: ``python -m tests.bench.context PROJECT... [--json]``.

PROJECT is a folder with the sources of a real project: an unpacked sdist
(``pip download --no-deps --no-binary :all: NAME``), a clone, a Go module. None is part of this
repository, and nothing is written to it. Lines of functions are drawn by seed; those count that
use a name which the real language server finds in another file of the project. For each of these
names: does the index find that definition, and is it in the prompt of Zeta 2.1, within its budget,
with the server's door and with the index's? Asked twice: with the cursor at the end of the line,
and on the blank line before it was written, where only the names around it can lead there.

Servers (`servers`): basedpyright or pyright, typescript-language-server, gopls, clangd,
rust-analyzer. ``--first-index FOLDER...`` measures a tree of 10 000 copied files instead.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.context.figures import Figures, Shares, by_language
from tests.bench.context.first_index import first_index
from tests.bench.context.playing import Played, play
from tests.bench.context.sites import LANGUAGES
from zeta_lsp.core.related import Place

Rows = list[tuple[str, ...]]


def main() -> None:
    """Play the given projects and print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.context", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("projects", nargs="*", type=Path, metavar="PROJECT")
    parser.add_argument("--language", choices=sorted(set(LANGUAGES) - {"tsx"}))
    parser.add_argument("--lines", type=int, default=50, help="lines per project")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=0, help="print so many per project")
    parser.add_argument("--first-index", nargs="+", type=Path, default=(), metavar="FOLDER")
    parser.add_argument("--files", type=int, default=10_000, help="of the first index")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.first_index:
        folders = [folder.resolve() for folder in options.first_index]
        cost = asyncio.run(first_index(folders, options.files))
        print(json.dumps(cost._asdict(), indent=None if options.json else 2))
        return
    played: list[Played] = []
    for project in options.projects:
        found = asyncio.run(play(project.resolve(), options.lines, options.seed, options.language))
        played += found
        _tell(project, found, options.misses, Console(stderr=True))
    _print(by_language(played), as_json=options.json)


def _tell(project: Path, found: Sequence[Played], misses: int, console: Console) -> None:
    if not found:
        console.print(f"{project.name}: no server for its language is here, or no line needs one")
        return
    console.print(f"{project.name}: {len(found)} lines", highlight=False)
    for text in _misses(project.resolve(), found)[:misses]:
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _misses(root: Path, played: Sequence[Played]) -> list[str]:
    """What the index did not find, for whoever wants to find out why."""

    def at(places: Sequence[Place]) -> str:
        rows = (f"{os.path.relpath(one.path, root)}:{one.start_row + 1}" for one in places)
        return " ".join(list(rows)[:2]) or "nothing"

    return [
        f"  {line.site.path.relative_to(root)}:{line.site.row + 1} {want.name.text}:"
        f" server {at(want.server)}, index {at(want.index)}"
        f" | {line.site.lines[line.site.row].strip()[:80]}"
        for line in played
        for want in line.wanted
        if not want.is_found
    ]


def _print(languages: dict[str, Figures], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: one._asdict() for name, one in languages.items()}))
        return
    console = Console(width=120)
    for title, headings, rows in (
        ("definitions", _FOUND, [_found(name, one) for name, one in languages.items()]),
        (
            "in the prompt",
            _SHOWN,
            [r for name, one in languages.items() for r in _shown(name, one)],
        ),
        ("milliseconds", _SPENT, [_spent(name, one) for name, one in languages.items()]),
    ):
        table = Table(title=title, title_justify="left")
        for number, heading in enumerate(headings):
            table.add_column(heading, justify="right" if number else "left")
        for row in rows:
            table.add_row(*row)
        console.print(table)


_FOUND = ("language", "projects", "lines", "names", "found", "first", "same file", "strays", "late")
_SHOWN = ("cursor", "names", "server's door", "index", "index of the server's")
_SPENT = ("language", "gather", "request without", "with", "added")


def _found(name: str, one: Figures) -> tuple[str, ...]:
    inside = _share(one.inside_found, one.inside)
    return (
        name, str(len(one.projects)), str(one.lines), str(one.names),
        _share(one.found, one.names), _share(one.first, one.names), inside,
        str(one.strays), str(one.late),
    )  # fmt: skip


def _shown(name: str, one: Figures) -> Rows:
    def row(title: str, shares: Shares) -> tuple[str, ...]:
        return (
            f"{name}, {title}", str(shares.names), _share(shares.server, shares.names),
            _share(shares.index, shares.names), _share(shares.kept, shares.server),
        )  # fmt: skip

    return [row("at the line", one.at_line), row("before it", one.before_line)]


def _spent(name: str, one: Figures) -> tuple[str, ...]:
    times = (one.gather_ms, one.without_ms, one.with_ms, one.added_ms)
    return name, *(f"{p50:.2f} / {p99:.2f}" for p50, p99 in times)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


if __name__ == "__main__":
    main()
