"""Keeps what is around the cursor ready: looks when the cursor rests, never when somebody waits.

A key only notes that something moved. Once nothing moved for `REST_S`, the names around the cursor
are looked up: first by the doors that run real language servers (bridge, proxy), and what those do
not answer by the index. The newest look wins. What was gathered stays with the file until the next
look replaces it; a prediction takes it as it is.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.gathering import (
    OVERLAY_BYTES,
    diagnostics_at,
    found_around,
    problems_in,
    view_at,
)
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.surroundings import Door, Gatherer, Surroundings, View
from zeta_lsp.server.faults import where
from zeta_lsp.server.heard import Heard
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.progress import Progress
from zeta_lsp.server.recent import Recent

log = logging.getLogger(__name__)

REST_S = 0.1
AGAIN_S = (0.4, 1.2, 4.0)
"""Where nothing was found and nothing moves, it is looked again after these times: what knows the
workspace may have been starting, or busy."""
BESIDE = 4
"""Other open files whose problems are asked for when the cursor rests in one."""


class Wish(msgspec.Struct, frozen=True):
    """What the settings want to have gathered, of which folders, and which files never."""

    definitions: bool = False
    diagnostics: bool = False
    roots: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be gathered."""
        return not (self.roots and (self.definitions or self.diagnostics))


class Around:
    """What is around the cursor, for all files of a session. `doors` are asked in order.

    Another process that knows the workspace is started (`gatherer_for`) when the cursor first
    rests in a file of it, and again when the wish is another one.
    """

    def __init__(
        self, gatherer_for: Callable[[], Gatherer], clock: Callable[[], float], progress: Progress
    ) -> None:
        self.doors: list[Door] = []
        self.files: dict[str, OpenFile] = {}
        self.recent = Recent(clock)
        self.progress = progress
        self._heard = Heard()
        self._clock = clock
        self._gatherer_for = gatherer_for
        self._gatherer: Gatherer | None = None
        self._wish = Wish()
        self._closing: set[asyncio.Task[None]] = set()
        self._moved: dict[str, OpenFile] = {}
        self._moved_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, asyncio.TimerHandle] = {}
        self._sent: dict[str, int] = {}
        """Revisions of the buffers that the gatherer has."""

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked up, or soon will be."""
        return bool(self._moved or self._looking)

    def configure(self, wish: Wish) -> None:
        """Settings or folders are other ones: go on with what they want."""
        if wish == self._wish:
            return
        self._wish, old = wish, self._gatherer
        self._gatherer = None
        self.progress.end()
        if old is not None:
            closing = asyncio.get_running_loop().create_task(old.aclose())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def disk_changed(self, path: Path) -> None:
        """A file changed on disk."""
        if self._gatherer is not None:
            self._gatherer.changed(str(path))

    def moved(self, file: OpenFile, now_s: float) -> None:
        """Something was typed or asked in a file. On the keystroke path: it only takes note."""
        if self._wish.is_empty:
            return
        self._moved[file.uri] = file
        self._moved_s = now_s
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REST_S, self._look, now_s)

    def told(self, file: OpenFile, diagnostics: Any, where: Any) -> None:
        """The client named the problems in a range, without being asked."""
        if self._wish.diagnostics and self._heard.take(file, diagnostics, where):
            self.moved(file, self._clock())

    def closed(self, file: OpenFile) -> None:
        """A file was closed."""
        self.recent.visit(file)
        self._heard.forget(file.uri)
        self._moved.pop(file.uri, None)
        self._sent.pop(file.uri, None)
        if (looking := self._looking.pop(file.uri, None)) is not None:
            looking.cancel()
        if (again := self._again.pop(file.uri, None)) is not None:
            again.cancel()
        if self._gatherer is not None and file.place.path is not None:
            self._gatherer.overlay(str(file.place.path), None)

    async def aclose(self) -> None:
        """The session ends."""
        if self._timer is not None:
            self._timer.cancel()
        for looking in self._looking.values():
            looking.cancel()
        for again in self._again.values():
            again.cancel()
        self.configure(Wish())
        await asyncio.gather(*self._looking.values(), *self._closing, return_exceptions=True)

    def _look(self, seen_s: float) -> None:
        """Nothing moved for a while, or it did: then look again later."""
        loop = asyncio.get_running_loop()
        if self._moved_s > seen_s:
            self._timer = loop.call_later(
                max(REST_S - (self._moved_s - seen_s), REST_S / 4), self._look, self._moved_s
            )
            return
        self._timer = None
        moved, self._moved = self._moved, {}
        for uri, file in moved.items():
            self.recent.visit(file)
            if (older := self._looking.get(uri)) is not None:
                older.cancel()
            self._looking[uri] = loop.create_task(self._gather(file, AGAIN_S))

    def _look_again(self, file: OpenFile, seen: object, pauses_s: Sequence[float]) -> None:
        """Nothing was found a while ago. Whoever moved since is looked at anyway."""
        self._again.pop(file.uri, None)
        if _seen(file) == seen and file.uri not in self._looking:
            loop = asyncio.get_running_loop()
            self._looking[file.uri] = loop.create_task(self._gather(file, pauses_s))

    async def _gather(self, file: OpenFile, pauses_s: Sequence[float]) -> None:
        seen = _seen(file)
        try:
            file.surroundings = await self._surroundings(file)
            if self._wish.diagnostics and self.doors:
                await self._look_beside(file)
        except Exception as fault:  # noqa: BLE001 - the edge: what fails here costs context, no more
            log.error("gathering context failed: %s", where(fault))
        finally:
            if self._looking.get(file.uri) is asyncio.current_task():
                del self._looking[file.uri]
        if pauses_s and self._wish.definitions and not file.surroundings.files:
            self._wait(file, seen, pauses_s)

    def _wait(self, file: OpenFile, seen: object, pauses_s: Sequence[float]) -> None:
        """Look again later."""
        if (older := self._again.get(file.uri)) is not None:
            older.cancel()
        pause_s, *later_s = pauses_s
        loop = asyncio.get_running_loop()
        self._again[file.uri] = loop.call_later(pause_s, self._look_again, file, seen, later_s)

    async def _surroundings(self, file: OpenFile) -> Surroundings:
        view, row_count = view_of(file), len(file.document.lines)
        if view is None:
            return Surroundings(row_count=row_count)
        problems = await self._problems(file) if self._wish.diagnostics else ()
        known = Surroundings(
            diagnostics=diagnostics_at(problems, file.document.lines, file.cursor, file.syntax),
            row_count=row_count,
            problems=problems,
            revision=file.document.revision,
        )
        if not self._wish.definitions:
            return known
        gatherer = await self._started()
        self._overlay(gatherer, file, view.path)
        found = await found_around(view, self.doors, gatherer, asyncio.gather)
        files, receipts = await gatherer.files(view, found, self.recent.visits())
        return msgspec.structs.replace(known, files=files, receipts=receipts)

    async def _look_beside(self, file: OpenFile) -> None:
        """What is wrong by now in other open files: a change here may have broken them."""
        others = (one for one in reversed(self.files.values()) if one is not file and _is_ours(one))
        for other in islice(others, BESIDE):
            revision, problems = other.document.revision, await self._problems(other)
            other.surroundings = msgspec.structs.replace(
                other.surroundings, problems=problems, revision=revision
            )

    def _overlay(self, gatherer: Gatherer, file: OpenFile, path: str) -> None:
        """Hand over the text of a buffer if it is another one and not too large to be sent."""
        document = file.document
        if document.size_bytes > OVERLAY_BYTES:
            if self._sent.pop(file.uri, None) is not None:
                gatherer.overlay(path, None)
        elif self._sent.get(file.uri) != document.revision:
            self._sent[file.uri] = document.revision
            gatherer.overlay(path, document.text())

    async def _started(self) -> Gatherer:
        """What reads other files, started if need be."""
        if self._gatherer is None:
            self._gatherer = self._gatherer_for()
            wish = self._wish
            self._sent.clear()
            await self._gatherer.start(wish.roots, wish.names, wish.globs, self.progress.moved)
        return self._gatherer

    async def _problems(self, file: OpenFile) -> tuple[Problem, ...]:
        """What the first door knows that knows anything, else what the client named in passing."""
        problems = await problems_in(file.uri, self.doors)
        if problems is not None:
            return problems
        return self._heard.problems(file) or ()


def _seen(file: OpenFile) -> object:
    """What a look at a file saw: it has to look the same to be worth another one."""
    return file.document.revision, file.cursor


def _is_ours(file: OpenFile) -> bool:
    """Whether a file is one of the workspace that may be shown, and its text is certain."""
    is_there = file.place.path is not None and file.place.root is not None
    return is_there and file.document.unsynced is None and not file.excluded


def view_of(file: OpenFile) -> View | None:
    """What is looked at in a file; None if it is none of the workspace, or its text is in doubt."""
    document, place = file.document, file.place
    if not _is_ours(file) or file.cursor[0] >= len(document.lines):
        return None
    return view_at(file.uri, str(place.path), document.language_id, document.lines, file.cursor)
