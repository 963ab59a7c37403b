"""Which predictions somebody wants exported, by what is known before a line is made.

Projects and times are not here: the store looks only at those.
"""

from collections.abc import Collection

import msgspec

from capture.export.recorded import Recorded, fate_of, licence_of


class Selection(msgspec.Struct, frozen=True):
    """Filters; an empty one lets everything through. Case matters only in outcomes."""

    licences: Collection[str] = ()
    languages: Collection[str] = ()
    outcomes: Collection[str] = ()

    def refusal(self, recorded: Recorded) -> str | None:
        """The word for the first filter that a prediction does not pass; None if it is wanted."""
        if not _is_among(recorded.snapshot.language, self.languages):
            return "other_language"
        licence = licence_of(recorded)
        if not _is_among(licence.spdx if licence else "", self.licences):
            return "other_licence"
        if self.outcomes and fate_of(recorded).ending not in self.outcomes:
            return "other_outcome"
        return None


def _is_among(word: str, wanted: Collection[str]) -> bool:
    return not wanted or word.casefold() in {each.casefold() for each in wanted}
