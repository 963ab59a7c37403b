"""Which predictions somebody wants exported: filters by what is known before a line is made."""

from collections.abc import Collection

import msgspec

from capture.export.recorded import Recorded, fate_of, licence_of


class Selection(msgspec.Struct, frozen=True):
    """Filters; an empty one lets everything through. `projects` are ids as rows have them."""

    projects: Collection[str] = ()
    since: float | None = None
    until: float | None = None
    licences: Collection[str] = ()
    languages: Collection[str] = ()
    outcomes: Collection[str] = ()

    def refusal(self, recorded: Recorded) -> str | None:
        """The word for the first filter that a prediction does not pass; None if it is wanted."""
        snapshot, time = recorded.snapshot, recorded.snapshot.time
        if self.projects and snapshot.project not in self.projects:
            return "other_project"
        if (self.since is not None and time < self.since) or (
            self.until is not None and time >= self.until
        ):
            return "other_time"
        if self.languages and snapshot.language.casefold() not in _folded(self.languages):
            return "other_language"
        return self._refusal_of_joined(recorded)

    def _refusal_of_joined(self, recorded: Recorded) -> str | None:
        licence = licence_of(recorded)
        if self.licences and _spdx(licence.spdx if licence else "") not in _folded(self.licences):
            return "other_licence"
        if self.outcomes and fate_of(recorded).ending not in self.outcomes:
            return "other_outcome"
        return None


def _folded(words: Collection[str]) -> set[str]:
    return {word.casefold() for word in words}


def _spdx(word: str) -> str:
    return word.casefold()
