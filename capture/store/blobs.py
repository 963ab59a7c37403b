"""Texts, stored once by their hash, as zstd frames or as what is new against another text.

Snapshots of one file are nearly the same, so most are compressed with an earlier one, the keyframe,
as raw dictionary. A keyframe is a frame of its own: nothing is ever more than one step away from
its text. A new one begins after `EVERY` texts, so that a damaged one costs few.

A frame says how large its text is; one that claims more than `LARGEST_BYTES` is not unpacked.
"""

import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import zstandard

LARGEST_BYTES = 64 * 1024 * 1024
EVERY = 16
_KEYFRAMES = 32  # files whose keyframe is kept in memory
_LEVEL = 3

Subject = tuple[str, str, str]
"""What texts resemble each other: table, session, path."""


class Keyframe(msgspec.Struct):
    """A stored text that others are compressed against. `left`: how many still may be."""

    blob: int
    packer: zstandard.ZstdCompressor
    left: int = EVERY - 1


class Keyframes:
    """The keyframes of the files that were written to last."""

    def __init__(self) -> None:
        self._held: OrderedDict[Subject, Keyframe] = OrderedDict()

    def of(self, subject: Subject | None) -> Keyframe | None:
        """The keyframe that the next text of a subject is compressed against."""
        found = self._held.get(subject) if subject is not None else None
        return found if found is not None and found.left > 0 else None

    def hold(self, subject: Subject, blob: int, text: bytes) -> None:
        """Let the texts that follow be compressed against this one."""
        self._held[subject] = Keyframe(blob, packer(text))
        self._held.move_to_end(subject)
        if len(self._held) > _KEYFRAMES:
            self._held.popitem(last=False)

    def clear(self) -> None:
        """Know none: some may be gone from the file."""
        self._held.clear()


def put(
    connection: sqlite3.Connection,
    keyframes: Keyframes,
    text: bytes,
    subject: Subject | None,
    *,
    leads: bool = True,
) -> int:
    """Store a text, within the caller's transaction; its number. `leads`: it may be a keyframe."""
    hashed = _hash(text)
    held = connection.execute("SELECT n FROM blobs WHERE hash = ?", (hashed,)).fetchone()
    if held is not None:
        return int(held[0])
    keyframe = keyframes.of(subject)
    if keyframe is None:
        blob = _insert(connection, hashed, None, text, packer().compress(text))
        if subject is not None and leads:
            keyframes.hold(subject, blob, text)
        return blob
    if leads:
        keyframe.left -= 1
    return _insert(connection, hashed, keyframe.blob, text, keyframe.packer.compress(text))


def packer(base: bytes | None = None) -> zstandard.ZstdCompressor:
    """What makes frames, by themselves or against another text."""
    if base is None:
        return zstandard.ZstdCompressor(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(base))


def unpacked(data: bytes, base: bytes | None = None) -> bytes:
    """The text of a frame.

    Raises:
        zstandard.ZstdError: it is not a frame, or claims to be larger than any text is.
    """
    if zstandard.frame_content_size(data) > LARGEST_BYTES:
        raise zstandard.ZstdError("the frame is larger than any text is")
    dictionary = None if base is None else _dictionary(base)
    unpacker = zstandard.ZstdDecompressor(dict_data=dictionary)
    return unpacker.decompress(data, max_output_size=LARGEST_BYTES)


def fetch(connection: sqlite3.Connection, blob: int) -> bytes | None:
    """A stored text; None if it is not there.

    Raises:
        zstandard.ZstdError: it is damaged.
        sqlite3.Error: the file is.
    """
    found = connection.execute("SELECT base, data FROM blobs WHERE n = ?", (blob,)).fetchone()
    if found is None:
        return None
    base, data = found
    return unpacked(data, None if base is None else _keyframe(connection, base))


def remove_unused(connection: sqlite3.Connection, candidates: Sequence[int]) -> None:
    """Delete those blobs that no row refers to; what was compressed against them is kept.

    Within the caller's transaction.
    """
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS dead (n INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM temp.dead")
    connection.executemany("INSERT OR IGNORE INTO temp.dead VALUES (?)", ((n,) for n in candidates))
    connection.execute(
        "DELETE FROM temp.dead WHERE EXISTS (SELECT 1 FROM snapshots WHERE body = dead.n)"
        " OR EXISTS (SELECT 1 FROM settled WHERE body = dead.n)"
        " OR EXISTS (SELECT 1 FROM stream WHERE body = dead.n)"
    )
    bases = connection.execute(
        "SELECT DISTINCT base FROM blobs WHERE base IN (SELECT n FROM temp.dead)"
        " AND n NOT IN (SELECT n FROM temp.dead)"
    ).fetchall()
    for (base,) in bases:
        _rebase(connection, base)
    connection.execute("UPDATE blobs SET base = NULL WHERE n IN (SELECT n FROM temp.dead)")
    connection.execute("DELETE FROM blobs WHERE n IN (SELECT n FROM temp.dead)")
    connection.execute("DELETE FROM temp.dead")


def _rebase(connection: sqlite3.Connection, base: int) -> None:
    """Write what was compressed against a dying blob against the first of them that lives on.

    What is too damaged to be unpacked stays as it is, a frame that nothing can read.
    """
    rows = connection.execute(
        "SELECT n FROM blobs WHERE base = ? AND n NOT IN (SELECT n FROM temp.dead) ORDER BY n",
        (base,),
    ).fetchall()
    leader: int | None = None
    against = packer()
    for (blob,) in rows:
        text = _or_none(connection, blob)
        if text is None:
            connection.execute("UPDATE blobs SET base = NULL WHERE n = ?", (blob,))
            continue
        _replace(connection, blob, leader, against.compress(text))
        if leader is None:
            leader, against = blob, packer(text)


def _or_none(connection: sqlite3.Connection, blob: int) -> bytes | None:
    try:
        return fetch(connection, blob)
    except zstandard.ZstdError:
        return None


def _replace(connection: sqlite3.Connection, blob: int, base: int | None, data: bytes) -> None:
    connection.execute("UPDATE blobs SET base = ?, data = ? WHERE n = ?", (base, data, blob))


def _insert(
    connection: sqlite3.Connection, hashed: bytes, base: int | None, text: bytes, data: bytes
) -> int:
    done = connection.execute(
        "INSERT INTO blobs (hash, base, size, data) VALUES (?, ?, ?, ?)",
        (hashed, base, len(text), data),
    )
    assert done.lastrowid is not None
    return done.lastrowid


def _keyframe(connection: sqlite3.Connection, base: int) -> bytes:
    found = connection.execute("SELECT data FROM blobs WHERE n = ?", (base,)).fetchone()
    if found is None:
        raise zstandard.ZstdError("the text that this one was compressed against is gone")
    return unpacked(found[0])


def _dictionary(text: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(text, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _hash(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).digest()
