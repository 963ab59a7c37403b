"""What the rows of a training run are, in counts: for the card, and for who wants to be forgotten.

A checkpoint cannot forget a person; it can be named. So a card keeps, for each consent under which
rows were recorded, a digest of its receipt: who revokes one finds the runs that learned of it
(`taint`). The digests say nothing of the code, and nothing of the person without the receipt.
"""

import hashlib
from collections import Counter

import msgspec

from pipeline.example import expected_patches, is_private, key_of, language_of, licence_of, ours
from pipeline.records import Row

UNKNOWN = "unknown"


class Census(msgspec.Struct):
    """Counts of rows, each by the words that a card lists."""

    rows: int = 0
    languages: Counter[str] = msgspec.field(default_factory=Counter)
    licences: Counter[str] = msgspec.field(default_factory=Counter)
    formats: Counter[str] = msgspec.field(default_factory=Counter)
    receipts: Counter[str] = msgspec.field(default_factory=Counter)
    synthetic: int = 0
    private: int = 0
    no_edit: int = 0
    keys: set[str] = msgspec.field(default_factory=set)

    def add(self, row: Row) -> None:
        """Count a row that is trained on."""
        self.rows += 1
        extras = ours(row)
        self.languages[language_of(row) or str(extras.get("language") or UNKNOWN)] += 1
        self.licences[licence_of(row) or UNKNOWN] += 1
        self.formats[str(extras.get("format") or UNKNOWN)] += 1
        self.synthetic += bool(extras.get("synthetic"))
        self.private += is_private(row)
        self.no_edit += _expects_nothing(row)
        self.keys.add(key_of(row))
        consent = extras.get("consent")
        receipt = consent.get("receipt") if isinstance(consent, dict) else None
        if isinstance(receipt, str) and receipt:
            self.receipts[receipt_digest(receipt)] += 1

    @property
    def examples_sha256(self) -> str:
        """Of all examples, in whatever order they came."""
        return hashlib.sha256("\n".join(sorted(self.keys)).encode()).hexdigest()

    def told(self) -> Row:
        """As it stands in a card."""
        return {
            "rows": self.rows,
            "languages": _ranked(self.languages),
            "licences": _ranked(self.licences),
            "formats": _ranked(self.formats),
            "synthetic": self.synthetic,
            "synthetic_share": round(self.synthetic / self.rows, 4) if self.rows else 0.0,
            "private": self.private,
            "no_edit": self.no_edit,
            "examples_sha256": self.examples_sha256,
            "receipts": dict(sorted(self.receipts.items())),
        }


def receipt_digest(receipt: str) -> str:
    """What a card calls a consent: SHA-256 of its receipt's id, in hex."""
    return hashlib.sha256(receipt.encode()).hexdigest()


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _expects_nothing(row: Row) -> bool:
    """Whether the right answer is to leave everything as it is."""
    patches = expected_patches(row)
    return bool(patches) and "@@" not in patches[0]
