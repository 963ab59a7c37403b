"""Laying one layer of settings over another.

A `Draft` holds what was said so far and by whom. A trusted layer replaces; every other layer only
narrows, and what it may not do is reported and has no effect. Three settings narrow for everybody:
exclusions are never removed, a mode that is switched down counts for every language, and capture
that was forbidden once stays forbidden.
"""

from collections.abc import Callable
from typing import Any

from zeta_lsp.core.address import origin_of
from zeta_lsp.core.checking import BadSetting, checked
from zeta_lsp.core.entries import Entry, Path, entries
from zeta_lsp.core.layers import Layer, Narrowing, Origin, Problem
from zeta_lsp.core.settings import MODES, Mode, PredictSettings, narrowing_of

DEFAULT = "default"
"""Name of the endpoint that the `[endpoint]` table describes."""
EMBEDDED = "embedded"
"""Name of the embedded model, which sends nothing anywhere."""

CHOICE: Path = ("endpoint",)
GLOBS: Path = ("predict", "disabled_globs")
MODE: Path = ("predict", "mode")
LANGUAGES: Path = ("predict", "languages")
CAPTURE: Path = ("capture", "enabled")

_MOST_PROBLEMS = 20
_MOST_GLOBS = 512  # of one editor or project
_USER_FILE_ONLY = frozenset({"api_key_command"})


class Draft:
    """Settings while their layers are read: checked values, and who said them, by path."""

    def __init__(self) -> None:
        self.values: dict[Path, Any] = {}
        self.origins: dict[Path, tuple[Origin, ...]] = {}
        self.problems: list[Problem] = []
        self.usable_names: frozenset[str] = frozenset()

    def add(self, layer: Layer) -> None:
        """Take in a layer. Layers come in the order of their origins."""
        report = _Reporter(layer, self.problems)
        found = list(entries(layer.tree, report))
        if layer.origin.trusted:
            found = self._placed(found)
        for entry in found:
            try:
                self._take(entry, layer.origin)
            except BadSetting as bad:
                report(_key(entry, layer.origin), f"{bad}; {self._kept(entry)}")

    def current(self, entry: Entry) -> Any:
        """The value that counts so far."""
        if entry.path[:2] == LANGUAGES:
            return self.values.get(entry.path, self.values.get(MODE, MODES[0]))
        default = entry.model.model_fields[entry.field].default
        return self.values.get(entry.path, default)

    def _take(self, entry: Entry, origin: Origin) -> None:
        if not origin.trusted or entry.path in (GLOBS, CAPTURE):
            self._narrow(entry, origin)
            return
        if entry.field in _USER_FILE_ONLY and origin is not Origin.USER_FILE:
            raise BadSetting("only the user file may set this")
        value = checked(entry.model, entry.field, entry.value)
        self._set(entry.path, value, origin)
        if entry.path == MODE:
            self._limit_languages(value, origin)

    def _narrow(self, entry: Entry, origin: Origin) -> None:
        narrowing = narrowing_of(entry.model, entry.field)
        if narrowing is None:
            raise BadSetting("only the user file, the environment or the command line may set this")
        if narrowing is Narrowing.ADD:
            self._add_globs(entry, origin)
        elif narrowing is Narrowing.CHOOSE:
            self._choose(entry, origin)
        else:
            value = checked(entry.model, entry.field, entry.value)
            current = self.current(entry)
            if value != current:
                if not _NARROWER[narrowing](value, current):
                    raise BadSetting(f"the {origin.value} may only {narrowing.value}")
                self._set(entry.path, value, origin)
            if entry.path == MODE:
                self._limit_languages(value, origin)

    def _choose(self, entry: Entry, origin: Origin) -> None:
        if entry.value not in self.usable_names:
            raise BadSetting("not the name of an endpoint in the user file")
        self._set(CHOICE, entry.value, origin)

    def _add_globs(self, entry: Entry, origin: Origin) -> None:
        """Take every glob that can be read: one bad one must not take the others with it."""
        given = list(entry.value) if isinstance(entry.value, list | tuple) else [entry.value]
        most = len(given) if origin.trusted else _MOST_GLOBS
        good, bad = _readable(given[:most])
        current: tuple[str, ...] = self.current(entry)
        known = set(current)
        added = tuple(glob for glob in good if glob not in known)
        if added:
            before = self.origins.get(GLOBS, (Origin.BUILT_IN,))
            self._set(GLOBS, current + added, origin)
            self.origins[GLOBS] = (*before, origin)
        if bad is not None:
            raise bad
        if len(given) > most:
            raise BadSetting(f"must have at most {most} entries")

    def _limit_languages(self, mode: Mode, origin: Origin) -> None:
        for path, value in list(self.values.items()):
            if path[:2] == LANGUAGES and MODES.index(mode) > MODES.index(value):
                self._set(path, mode, origin)

    def _placed(self, found: list[Entry]) -> list[Entry]:
        """Decide which endpoint an `[endpoint]` table of a trusted layer speaks of.

        With a URL it describes an endpoint of its own; without one it changes the chosen one. A
        URL of another origin starts afresh, so that a key or header never meets a stranger.
        """
        urls = {entry.path[:-1]: entry.value for entry in found if entry.field == "url"}
        for table, url in urls.items():
            self._start_afresh(table, url)
        chosen = self.values.get(CHOICE, DEFAULT)
        if CHOICE in urls:
            self.values.pop(CHOICE, None)
            self.origins.pop(CHOICE, None)
        elif chosen != DEFAULT:
            return [_moved(entry, chosen) for entry in found]
        return found

    def _start_afresh(self, table: Path, url: object) -> None:
        known = [path for path in self.values if len(path) > len(table) and path[:-1] == table]
        before = self.values.get((*table, "url"), "")
        described = any(path[-1] in ("url", "kind") for path in known)
        if described and not _same_origin(before, url):
            for path in known:
                del self.values[path]
                del self.origins[path]

    def _set(self, path: Path, value: Any, origin: Origin) -> None:
        self.values[path] = value
        self.origins[path] = (origin,)

    def _kept(self, entry: Entry) -> str:
        """What happens instead. Only plain values are shown: a URL may hold more than it seems."""
        value = self.current(entry)
        if isinstance(value, bool):
            return f"using {str(value).lower()}"
        plain = isinstance(value, int | float) or value in MODES
        return f"using {value}" if plain else "ignored"


class _Reporter:
    """Collects problems of one layer, each name once, and only so many."""

    def __init__(self, layer: Layer, problems: list[Problem]) -> None:
        self._layer = layer
        self._problems = problems
        self._seen: set[str] = set()

    def __call__(self, key: str, message: str) -> None:
        if key in self._seen or len(self._seen) > _MOST_PROBLEMS:
            return
        self._seen.add(key)
        if len(self._seen) > _MOST_PROBLEMS:
            key, message = "", "further settings have problems too"
        self._problems.append(Problem(key, message, self._layer.origin, self._layer.place))


_NARROWER: dict[Narrowing, Callable[[Any, Any], bool]] = {
    Narrowing.RAISE: lambda value, current: value > current,
    Narrowing.LOWER: lambda value, current: value < current,
    Narrowing.OFF: lambda value, current: current and not value,
    Narrowing.MODE: lambda value, current: MODES.index(value) > MODES.index(current),
}


def _readable(globs: list[object]) -> tuple[list[str], BadSetting | None]:
    """The globs that can be read, each once, and the last fault among the others."""
    good: dict[str, None] = {}
    fault = None
    for glob in globs:
        try:
            good.update(dict.fromkeys(checked(PredictSettings, GLOBS[-1], [glob])))
        except BadSetting as bad:
            fault = bad
    return list(good), fault


def _key(entry: Entry, origin: Origin) -> str:
    """The name to report. A foreign endpoint is one thing, however many keys describe it."""
    if not origin.trusted and entry.path[0] in ("endpoint", "endpoints"):
        return entry.path[0]
    return ".".join(entry.path)


def _moved(entry: Entry, chosen: str) -> Entry:
    if entry.path[0] != "endpoint" or len(entry.path) == 1:
        return entry
    path = ("endpoints", chosen, entry.field)
    return Entry(path, entry.model, entry.field, entry.value)


def _same_origin(before: str, url: object) -> bool:
    try:
        return isinstance(url, str) and origin_of(before) == origin_of(url)
    except (ValueError, KeyError):
        return False
