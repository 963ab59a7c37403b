"""What a report may say. Without code, no text of an example gets into it, in whatever field it is.

A word of an example (a language, a licence, an ending) may be any text at all. So without code only
words that are known beforehand are counted under their names; all others are counted as "other".
That happens where rows are read: what is never kept cannot be printed.
"""

import re
from collections.abc import Collection
from pathlib import PurePosixPath

import msgspec

from pipeline.reporting.reasons import MEANINGS

OTHER = "other"
UNKNOWN = "not known"
ENDINGS = [
    "requested",
    "held",
    "shown",
    "accepted",
    "partly",
    "typed_through",
    "rejected",
    "superseded",
    "ignored",
    "not_shown",
]
EDITORS = ["typed", "pasted", "accepted", "undo", "redo", "formatter", "bulk", "disk", "unknown"]
IMPORTS = ["markdown", "zeta1", "instinct", "nep", "commitpackft", "commit"]
LEVELS = ["counters", "snapshots", "sessions"]
SECRETS = ["password", "token", "key", "secret", "auth", "header", "url"]
_MODEL = re.compile(r"[\w.:@+-]{1,64}", re.ASCII)


class Sharing(msgspec.Struct, frozen=True):
    """`has_code`: texts of examples may be shown. `has_names`: repositories are named."""

    has_code: bool = True
    has_names: bool = False

    def word(self, word: object, known: Collection[str]) -> str:
        """A word of an example as it is counted."""
        if not isinstance(word, str) or not word:
            return UNKNOWN
        return word if self.has_code or word in known else OTHER

    def language(self, word: str) -> str:
        """A file name's ending; without code only one that is known of some language."""
        from identify.extensions import EXTENSIONS

        return self.word(word, EXTENSIONS)

    def licence(self, word: str | None) -> str:
        """An SPDX name; without code only a common one."""
        from identify.vendor.licenses import LICENSES

        return self.word(word, {name for name, _ in LICENSES} | {"BSD-4-Clause"})

    def reason(self, word: str) -> str:
        """Why a record was dropped."""
        return self.word(word, MEANINGS)

    def secret(self, kind: object) -> str:
        """The kind of a secret; without code only whether it is a password, a token, a key."""
        if self.has_code or not isinstance(kind, str):
            return self.word(kind, ())
        parts = kind.split("_")
        return next((one for one in SECRETS if one in parts), OTHER)

    def file(self, path: str) -> str:
        """A file that a report is about."""
        return path if self.has_code else PurePosixPath(path).name

    def model(self, name: str) -> str:
        """A model; without code neither its folder nor anything that is no name."""
        if self.has_code:
            return name
        last = PurePosixPath(name).name
        return last if _MODEL.fullmatch(last) else "a model"
