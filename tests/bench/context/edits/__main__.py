"""Held-out edits: is the definition that an edit needs in the prompt, by door?

    python -m tests.bench.context.edits --cache ~/.cache/zeta-edits --language python
    python -m tests.bench.context.edits --cache ~/.cache/zeta-edits --only flask --misses 20
    python -m tests.bench.context.edits --cache ~/.cache/zeta-edits --doors --json

`projects.toml` lists consecutive releases of projects. Their sdists are fetched from PyPI into the
cache folder; what is measured is kept there as well, so a run that was cut short goes on. Where two
releases differ, a person made an edit; edits are drawn by seed. The names in the rows that it added
are asked of the real language server (`python -m tests.bench.context --help` says which), and those
count that another file of the project defines. Is that definition in the prompt of Zeta 2.1, within
its budget, before the first key and when the last row is written: with the server's door, and with
the index's?

`--doors` plays edits through running programs instead: ``zeta-lsp proxy -- SERVER``, and zeta-lsp
with a client that answers the bridge from the server. Is what the server answers in what they send?
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.context.edits.figures import Figures, Share, figures
from tests.bench.context.edits.playing import MOMENTS, SHOWN, Asked
from tests.bench.context.edits.running import Unserved, measure
from tests.bench.context.edits.sdists import Project, Unfetched, projects
from tests.bench.context.edits.through import Delivered, deliver

HALVES = ("tuned", "held-out")
LANGUAGES = ("python", "typescript", "go", "c", "rust")


def main() -> None:
    """Play the edits of the chosen projects and print the figures."""
    options = _options()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    chosen = [one for one in projects() if _is_chosen(one, options)]
    if options.doors:
        _print_doors(_delivered(chosen, options, console), as_json=options.json)
    else:
        _print(_asked(chosen, options, console), as_json=options.json)


def _asked(
    chosen: Sequence[Project], options: argparse.Namespace, console: Console
) -> dict[Project, list[Asked]]:
    """What was asked of each project; says how far it is."""
    asked: dict[Project, list[Asked]] = {}
    for project in chosen:
        try:
            found = asyncio.run(measure(project, options.cache, options.edits, options.seed))
        except (Unfetched, Unserved) as fault:
            console.print(f"{project.name}: {fault}", markup=False)
            continue
        asked[project] = found
        console.print(f"{project.name}: {len(found)} definitions of {_edits(found)} edits")
        for text in _misses(found)[: options.misses]:
            console.print(text, markup=False)
    return asked


def _delivered(
    chosen: Sequence[Project], options: argparse.Namespace, console: Console
) -> list[Delivered]:
    """What the doors of each project delivered; says how far it is."""
    delivered: list[Delivered] = []
    for project in chosen:
        try:
            delivered += asyncio.run(deliver(project, options.cache, options.edits, options.seed))
        except (Unfetched, Unserved) as fault:
            console.print(f"{project.name}: {fault}", markup=False)
            continue
        console.print(f"{project.name}: asked through the doors")
    return delivered


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.context.edits",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME")
    parser.add_argument("--edits", type=int, default=40, help="per project")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=0, help="print so many per project")
    parser.add_argument("--doors", action="store_true", help="through proxy and bridge")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.cache = options.cache.expanduser().resolve()
    return options


def _is_chosen(project: Project, options: argparse.Namespace) -> bool:
    return (
        (not options.language or project.language == options.language)
        and (not options.half or project.half == options.half)
        and (not options.only or project.name in options.only)
    )


def _edits(asked: Sequence[Asked]) -> int:
    return len({(one.file, one.edit) for one in asked})


def _misses(asked: Sequence[Asked]) -> list[str]:
    """What the server's door shows and the index does not, once the edit is written."""
    return [
        f"  {one.file} #{one.edit} {one.name}: server {one.where}, index {one.found or 'nothing'}"
        f" ({seen.by_index})"
        for one in asked
        for seen in one.seen
        if seen.moment == "written" and seen.by_server == SHOWN != seen.by_index
    ]


def _print(asked: dict[Project, list[Asked]], *, as_json: bool) -> None:
    rows = [
        (language, half, moment, figures(found, moment))
        for language in LANGUAGES
        for half in (*HALVES, "all")
        if (found := _of(asked, language, half))
        for moment in MOMENTS
    ]
    if as_json:
        named = [
            {"language": language, "half": half, "moment": moment, **_plain(one)}
            for language, half, moment, one in rows
        ]
        print(json.dumps(named))
        return
    table = Table(title="definitions in the prompt", title_justify="left")
    for number, heading in enumerate(_HEADINGS):
        table.add_column(heading, justify="right" if number else "left")
    for language, half, moment, one in rows:
        table.add_row(f"{language}, {half}, {moment}", *_cells(one))
    console = Console(width=150)
    console.print(table)
    for language, half, moment, one in rows:
        if half == "all":
            lost = ", ".join(f"{name} {count}" for name, count in one.lost.items())
            console.print(f"{language}, {moment}: {lost}", highlight=False)


_HEADINGS = ("", "projects", "edits", "definitions", "server's door", "index",
             "index of the server's", "index only")  # fmt: skip


def _of(asked: dict[Project, list[Asked]], language: str, half: str) -> list[Asked]:
    return [
        one
        for project, found in asked.items()
        if project.language == language and half in (project.half, "all")
        for one in found
    ]


def _cells(one: Figures) -> tuple[str, ...]:
    shares = (_percent(share) for share in (one.by_server, one.by_index, one.kept))
    counts = (one.projects, one.edits, one.definitions)
    return *map(str, counts), *shares, str(one.index_only)


def _percent(one: Share) -> str:
    return f"{one.share:.0%} [{one.low:.0%}, {one.high:.0%}]"


def _plain(one: Figures) -> dict[str, object]:
    return {
        name: value._asdict() if isinstance(value, Share) else value
        for name, value in one._asdict().items()
    }


def _print_doors(delivered: Sequence[Delivered], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([one._asdict() for one in delivered]))
        return
    groups: dict[tuple[str, str], list[Delivered]] = {}
    for one in delivered:
        groups.setdefault((one.language, one.door), []).append(one)
    table = Table(title="what the server answered", title_justify="left")
    for number, heading in enumerate(("", "projects", *Delivered._fields[3:])):
        table.add_column(heading.replace("_", " "), justify="right" if number else "left")
    for (language, door), found in groups.items():
        sums = (sum(column) for column in zip(*(one[3:] for one in found), strict=True))
        table.add_row(f"{language}, {door}", str(len(found)), *map(str, sums))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
