"""Counting examples: what they are, where they are from, under which terms.

An example that stands in several files (an output and its scores) is counted once, by
`pipeline.example.key_of`; one that stands twice in a file is a duplicate.
"""

import hashlib
from array import array
from collections import Counter
from typing import Any

from pipeline.example import (
    changed_rows,
    expected_patches,
    is_private,
    key_of,
    language_of,
    licence_of,
    ours,
    people_of,
    repository_of,
    tags_of,
    time_of,
)
from pipeline.metrics.comparison import LARGE, SIZES
from pipeline.records import Row
from pipeline.reporting.sharing import EDITORS, ENDINGS, IMPORTS, LEVELS, UNKNOWN, Sharing

NOBODY_SAID = "nobody said"
SIZE_NAMES = (*(name for _, name in SIZES), LARGE, NOBODY_SAID)


class Census:
    """Counts by word; `rows` counts every row, `examples` different ones."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._seen: set[int] = set()
        self._seen_here: set[int] = set()
        self.rows = self.duplicates = self.private = 0
        self.languages: Counter[str] = Counter()
        self.licences: Counter[str] = Counter()
        self.endings: Counter[str] = Counter()
        self.origins: Counter[str] = Counter()
        self.authors: Counter[str] = Counter()
        self.editors: Counter[str] = Counter()
        self.consents: Counter[str] = Counter()
        self.sizes: Counter[str] = Counter()
        self.redactions: Counter[str] = Counter()
        self.redacted_rows: Counter[int] = Counter()
        self.repositories: Counter[str] = Counter()
        self.people: set[int] = set()
        self.latencies_ms = array("d")
        self.first_s: float | None = None
        self.last_s: float | None = None

    @property
    def examples(self) -> int:
        """How many different examples there are."""
        return len(self._seen)

    def add(self, row: Row) -> None:
        """Count a row."""
        key = int(key_of(row)[:16], 16)
        self.rows += 1
        self.duplicates += key in self._seen_here
        self._seen_here.add(key)
        if key not in self._seen:
            self._seen.add(key)
            self._count(row)

    def file_done(self) -> None:
        """What comes now stands in another file."""
        self._seen_here = set()

    def _count(self, row: Row) -> None:
        say, extras = self._sharing, ours(row)
        self.languages[say.language(language_of(row))] += 1
        self.licences[say.licence(licence_of(row))] += 1
        self.endings[say.word(_field(extras.get("outcome"), "ending"), ENDINGS)] += 1
        self.origins[self._origin(row, extras)] += 1
        self.authors[_author(row, extras)] += 1
        self.sizes[_size(row)] += 1
        self.consents[self._consent(extras.get("consent"))] += 1
        self.private += is_private(row)
        self.repositories[repository_of(row)] += 1
        self.people.update(_number(name) for name in people_of(row)[:1])
        self._count_history(extras.get("edit_sources"))
        self._count_redactions(extras.get("redactions"))
        self._count_times(row, extras)

    def _origin(self, row: Row, extras: Row) -> str:
        """Captured from a person, invented by rules, or brought in from elsewhere."""
        tags = tags_of(row)
        sources = sorted(tag.partition(":")[2] for tag in tags if tag.startswith("source:"))
        kind = f" ({self._sharing.word(sources[0], IMPORTS)})" if sources else ""
        if extras.get("synthetic") or "synthetic" in tags:
            return f"synthetic{kind}"
        if sources:
            return f"imported{kind}"
        return "captured" if "session" in extras or "consent" in extras else UNKNOWN

    def _consent(self, consent: Any) -> str:
        if not isinstance(consent, dict):
            return "no consent recorded"
        version = consent.get("text_version", consent.get("version"))
        words = f"version {version}, " if isinstance(version, int) else ""
        private = ", private" if consent.get("private") is True else ""
        return f"{words}{self._sharing.word(consent.get('level'), LEVELS)}{private}"

    def _count_history(self, sources: Any) -> None:
        """Who made the latest edits: each who made any of an example's counts once."""
        events = sources if isinstance(sources, list) else []
        words = {one for event in events for one in (event if isinstance(event, list) else [event])}
        self.editors.update(self._sharing.word(word, EDITORS) for word in sorted(map(str, words)))

    def _count_redactions(self, found: Any) -> None:
        if isinstance(found, list):
            self.redacted_rows[len(found)] += 1
            kinds = (_field(one, "kind") if isinstance(one, dict) else one for one in found)
            self.redactions.update(self._sharing.secret(kind) for kind in kinds)

    def _count_times(self, row: Row, extras: Row) -> None:
        time = time_of(row)
        if time is not None:
            self.first_s = time if self.first_s is None else min(self.first_s, time)
            self.last_s = time if self.last_s is None else max(self.last_s, time)
        latency = _field(extras.get("latency"), "total_ms")
        if isinstance(latency, int | float) and not isinstance(latency, bool):
            self.latencies_ms.append(float(latency))


def _author(row: Row, extras: Row) -> str:
    """Who wrote what is expected."""
    if extras.get("distilled"):
        return "a teacher"
    if not isinstance(row.get("expected_patches"), list):
        return NOBODY_SAID
    tags = tags_of(row)
    if extras.get("synthetic") or "synthetic" in tags:
        return "the commit"
    return "the person (settled)" if "settled" in tags or extras.get("settled") else "the data set"


def _size(row: Row) -> str:
    if not isinstance(row.get("expected_patches"), list):
        return NOBODY_SAID
    rows = min((changed_rows(patch) for patch in expected_patches(row)), default=0)
    return next((name for most, name in SIZES if rows <= most), LARGE)


def _field(value: Any, name: str) -> Any:
    """A field of an object; a plain word stands for itself."""
    return value.get(name) if isinstance(value, dict) else value


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())
