"""The receipt of a consent, and the refusal where there is none.

A receipt is one JSON file that its owner can read: it holds the very text that was agreed to. It
names folders in full, which is why it never leaves the capture folder; rows of the store know a
receipt by its `id` and a project by a keyed hash.
"""

import msgspec

from capture.rows import Licence
from zeta_lsp.core.recording import Level


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One consent. Times are seconds since 1970.

    `device`, `inode` and `born_ns` are the folder's identity when it was given. `private` is the
    consent to record code that is under no open licence. `licence_digest` is that of everything
    that states the project's licence, also where that was not recognised.
    """

    id: str
    root: str
    device: int
    inode: int
    born_ns: int
    project: str
    project_name: str
    level: Level
    private: bool
    text: str
    text_version: int
    granted_at: float
    expires_at: float
    by_version: str
    licence: Licence | None
    licence_digest: str = ""
    revoked_at: float | None = None


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing may be recorded. `reason` is a stable word, `advice` a sentence for people."""

    reason: str
    advice: str


def encode(receipt: Receipt) -> bytes:
    """The receipt's file."""
    return msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n"


def decode(content: bytes) -> Receipt | None:
    """Read a receipt's file; None if it is not one in every part."""
    try:
        return msgspec.json.decode(content, type=Receipt)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
