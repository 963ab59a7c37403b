"""The random key of a profile, by which rows name projects without saying which they are.

It lies in the capture folder and nowhere else. Without it nobody can tell from an exported row
which folder it came from, or that two exports came from the same one.
"""

import secrets
from pathlib import Path

from capture.consent.keeping import read_private, write_once, write_whole

KEY_FILE = "project.key"
_BYTES = 32


def existing_key(folder: Path) -> bytes | None:
    """The key in a capture folder; None if there is none, or it cannot be trusted."""
    key = read_private(folder / KEY_FILE)
    return key if key is not None and len(key) == _BYTES else None


def made_key(folder: Path) -> bytes:
    """The key, made if there is none. The folder must exist.

    Raises:
        StoreUnavailable: it could not be written.
    """
    key = existing_key(folder)
    if key is None and write_once(folder / KEY_FILE, secrets.token_bytes(_BYTES)):
        key = existing_key(folder)
    key = key or existing_key(folder)  # another process may have made it meanwhile
    if key is None:  # what is there is no key
        key = secrets.token_bytes(_BYTES)
        write_whole(folder / KEY_FILE, key)
    return key
