"""Reading the journal of every process, those included that are still writing.

Lines that are torn or foreign are passed over: a process may have been killed in the middle of one.
"""

import os
from pathlib import Path

from zeta_lsp.core.journal import JournalEntry, decode, newest
from zeta_lsp.journal.folder import existing_folder, segments

_MAX_FILE_BYTES = 1024 * 1024  # ours are far smaller; a larger file is read from its end


def read_journal(data_dir: Path, count: int | None = None) -> list[JournalEntry]:
    """The last word on each prediction, newest first, at most `count` of them.

    Raises:
        OSError: the folder belongs to somebody else or cannot be read. A missing one is empty.
    """
    try:
        with existing_folder(data_dir) as folder:
            contents = [_content(folder, name) for name, _ in segments(folder)]
    except FileNotFoundError:
        return []
    lines = (line for content in contents for line in content.split(b"\n"))
    return newest([entry for line in lines if (entry := decode(line)) is not None], count)


def _content(folder: int, name: str) -> bytes:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return b""  # tidied away meanwhile
    with os.fdopen(descriptor, "rb") as file:
        size_bytes = os.fstat(descriptor).st_size
        file.seek(max(0, size_bytes - _MAX_FILE_BYTES))
        return file.read(_MAX_FILE_BYTES)
