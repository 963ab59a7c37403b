"""One workspace as the helper holds it: cache, view, scanner, watcher and history, joined."""

import time
from collections.abc import Callable
from pathlib import Path

from zeta_lsp.context.index import reading
from zeta_lsp.context.index.admission import Admission, language_of
from zeta_lsp.context.index.excerpts import Excerpts
from zeta_lsp.context.index.facts import Facts, facts_of
from zeta_lsp.context.index.messages import Ask, Note, Overlay, Ready, Reason, Report, Start
from zeta_lsp.context.index.resolving import Resolver
from zeta_lsp.context.index.scanning import Scanner
from zeta_lsp.context.index.store import Store, store_in
from zeta_lsp.context.index.together import Together
from zeta_lsp.context.index.trial import Trial
from zeta_lsp.context.index.view import View
from zeta_lsp.context.index.watching import Watcher, watcher_for
from zeta_lsp.core.related import Place

MAX_RESOLVERS = 4
"""Files whose trees are kept for the next question."""


class Workspace:
    """Everything that is known of the roots of one server.

    `changed` hears, from another thread, of paths that changed, and None when events were lost;
    without it nothing is watched.
    """

    def __init__(
        self,
        start: Start,
        tell: Callable[[Report], None],
        changed: Callable[[str | None], None] | None = None,
    ) -> None:
        self._tell = tell
        self._admission = Admission(start.roots, start.globs)
        self._store = self._opened(start)
        note = self._store.file.with_suffix(".trial") if self._store.file is not None else None
        self._trial = Trial(note)
        self._watcher = None if changed is None else self._watching(changed)
        self._overlays: dict[str, tuple[str, Facts]] = {}
        self._read_anew()
        names = start.names or tuple(Path(root).name for root in start.roots)
        self.together = Together(self._admission.roots, self._trial)
        self.excerpts = Excerpts(
            self._admission,
            lambda: self.view,
            dict(zip(start.roots, names, strict=True)),
            self.together.files_with,
        )

    def answers(self, ask: Ask) -> tuple[tuple[Place, ...], ...]:
        """Places for each identifier; none for those that the budget does not reach."""
        until_s = time.monotonic() + ask.budget_s
        resolver = self._resolver(ask.path)
        return tuple(
            resolver.places(wanted) if time.monotonic() < until_s else () for wanted in ask.wanted
        )

    def overlay(self, overlay: Overlay) -> None:
        """An open buffer changed, or was closed. One that may not be read is passed over."""
        path, text = overlay.path, overlay.text
        if text is None:
            self._overlays.pop(path, None)
            self.view.close(path)
        elif len(text) <= reading.MAX_BYTES and self._may_try(path):
            with self._trial.of(path):
                facts = facts_of(language_of(path) or "", text)
            self._overlays[path] = text, facts
            self.view.open(path, text, facts)

    def state(self, round_: int) -> Ready:
        """What is known once all of it has been looked at."""
        skipped = self.scanner.skipped()
        files = len(self.view.rows) - sum(skipped.values())
        return Ready(round_, files, self._store.symbol_count(), skipped)

    def rebuild(self) -> None:
        """Remove the cache and know nothing but the open buffers."""
        self._store.discard()
        self._read_anew()

    def close(self) -> None:
        """Commit, and let go of everything."""
        if self._watcher is not None:
            self._watcher.close()
        self._trial.close()
        self._store.close()

    def _read_anew(self) -> None:
        self.view = View(self._store, self._text_of)
        self._resolvers: dict[str, Resolver] = {}
        for path, (text, facts) in self._overlays.items():
            self.view.open(path, text, facts)
        self.scanner = Scanner(self._admission, self.view, self._watcher, self._trial, self._tell)

    def _resolver(self, path: str) -> Resolver:
        """The one of last time if the text is still the same: a tree takes milliseconds."""
        known = self._resolvers.pop(path, None)
        if known is None or known.lines is not self.view.lines(path):
            known = Resolver(self.view, path)
        while len(self._resolvers) >= MAX_RESOLVERS:
            del self._resolvers[next(iter(self._resolvers))]
        self._resolvers[path] = known
        return known

    def _may_try(self, path: str) -> bool:
        return self._admission.admits(path) and not self._trial.has_failed(path)

    def _text_of(self, path: str) -> str | None:
        if not self._admission.admits(path):
            return None
        source = reading.read(path)
        return None if source.skipped else source.text

    def _opened(self, start: Start) -> Store:
        store = store_in(Path(start.cache) if start.cache else None, start.roots)
        if store.was_rebuilt:
            self._tell(Note(Reason.CACHE_REBUILT))
        if start.cache and store.file is None:
            self._tell(Note(Reason.CACHE_UNAVAILABLE))
        return store

    def _watching(self, changed: Callable[[str | None], None]) -> Watcher | None:
        try:
            return watcher_for(self._admission.roots, changed, lambda: changed(None))
        except OSError:  # no more inotify instances
            self._tell(Note(Reason.WATCH_LIMIT))
            return None
