"""Examples one checkout after another, whatever order they come in.

The first pass puts every example that wants something on disk and notes its repository, revision
and name; then each checkout is made once and serves all of its examples, and is removed before the
next one. What was found waits on disk for the second pass, which puts it into the examples in the
order of the input.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pipeline.doors import Looking, OpenSurroundings, SyntaxSpans, Wanted
from pipeline.gathering.checkout import checked_out
from pipeline.gathering.filling import Filling, filled, is_full, put_into
from pipeline.gathering.sources import Source, Sources, repo_of, tree_of
from pipeline.gathering.spool import Spool
from pipeline.gathering.standing import Stood, stood_of
from pipeline.records import Dropped, Noted, Row
from pipeline.synthesis.repositories import close_all

LEFT = Noted("left_as_they_were")


class Site(msgspec.Struct, frozen=True, order=True):
    """A checkout: a repository's folder, the commit, and what prompts call it."""

    folder: str
    revision: str
    name: str


class Gather:
    """The stage. `checkout_bytes` is how large a checkout may be, in `folder` (temporary files)."""

    name = "context"
    version = 1

    def __init__(
        self,
        sources: Sources,
        opened: OpenSurroundings,
        wanted: Wanted,
        *,
        spans_of: SyntaxSpans | None = None,
        current_file: bool = False,
        again: bool = False,
        checkout_bytes: int = 1 << 30,
        folder: Path | None = None,
    ) -> None:
        self._sources, self._opened, self._wanted = sources, opened, wanted
        self._spans_of, self._again = spans_of, again
        self._filling = Filling(wanted.definitions, wanted.diagnostics, current_file)
        self._checkout_bytes, self._folder = checkout_bytes, folder
        self._known: dict[str, Source] = {}

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> "Gathered":
        """Gather for all rows."""
        waiting, found = Spool(), Spool()
        sites: defaultdict[Site, list[int]] = defaultdict(list)
        try:
            for number, row in rows:
                self._sort(number, row, waiting, found, sites)
            with asyncio.Runner() as runner:
                for site in sorted(sites):
                    runner.run(self._visit(site, sites[site], waiting, found))
        finally:
            close_all()
        return Gathered(found)

    def _sort(
        self,
        number: int,
        row: Row,
        waiting: Spool,
        found: Spool,
        sites: defaultdict[Site, list[int]],
    ) -> None:
        """Put a row where it belongs: among those of a checkout, or it has its answer already."""
        has_syntax = self._spans_of is not None
        if not self._again and is_full(row, self._filling, has_syntax=has_syntax):
            return
        placed = self._placed(row)
        if isinstance(placed, Dropped):
            found.put(number, {"dropped": placed})
            return
        waiting.put(number, row)
        sites[placed].append(number)

    def _placed(self, row: Row) -> Site | Dropped:
        source = self._sources.of(row)
        if isinstance(source, Dropped):
            return source
        tree = tree_of(source, row.get("revision"))
        if isinstance(tree, Dropped):
            return tree
        self._known[source.folder] = source
        stood = stood_of(row, repo_of(source), tree, source.name)
        if isinstance(stood, Dropped):
            return stood
        return Site(source.folder, row["revision"], stood.name)

    async def _visit(self, site: Site, numbers: list[int], waiting: Spool, found: Spool) -> None:
        """Make a checkout and gather for all of its rows."""
        source = self._known[site.folder]
        tree = tree_of(source, site.revision)
        assert not isinstance(tree, Dropped)
        repo = repo_of(source)
        with checked_out(repo, tree, site.name, self._checkout_bytes, self._folder) as root:
            if isinstance(root, Dropped):
                for number in numbers:
                    found.put(number, {"dropped": root})
                return
            try:
                async with self._opened(root, self._wanted) as looking:
                    for number in numbers:
                        row = waiting.get(number)
                        stood = stood_of(row, repo, tree, source.name)
                        assert not isinstance(stood, Dropped)
                        found.put(number, await self._found(row, stood, looking))
            except TimeoutError:
                late = {"dropped": Dropped("index_late", "try again where less else is going on")}
                for number in numbers:
                    if not found.has(number):
                        found.put(number, late)

    async def _found(self, row: Row, stood: Stood, looking: Looking) -> Row:
        around, troubles = await looking.around(stood.standing)
        made = filled(row, stood, around, self._filling, self._spans_of)
        return {"made": made, "notes": sorted(troubles)}


class Gathered:
    """All was found; see `Surveyed`."""

    def __init__(self, found: Spool) -> None:
        self._found = found

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The row with its context, or why it cannot have any."""
        found = self._found.get(number)
        if found is None:
            return [LEFT, row]
        if "dropped" in found:
            return [msgspec.convert(found["dropped"], Dropped)]
        return [*map(Noted, found["notes"]), put_into(row, found["made"])]
