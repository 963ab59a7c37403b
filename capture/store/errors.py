"""The one exception of the store, and its words for what is wrong.

What the errors of SQLite mean stands in `faults`: naming this exception costs no import of it.
"""

import errno
from typing import Self

from zeta_lsp.core.errors import ZetaError

ADVICE = {
    "disk_full": "the disk is full, or the space this user may fill is; recording resumes by "
    "itself when there is room again",
    "read_only": "the folder cannot be written to",
    "newer_schema": "a newer zeta-lsp wrote this file; it was left as it is",
    "symlink": "a symbolic link stands where the store belongs; remove it",
    "foreign_owner": "it belongs to another user",
    "not_a_file": "something else stands where the store belongs; remove it",
    "locked": "another process holds it",
    "corrupt": "the file is damaged",
    "unusable_text": "a text holds half a surrogate pair, or a number is not finite",
    "no_snapshot": "the session or prediction that a row belongs to is not in this file",
    "not_migrated": "it could not be brought up to date and was left as it is",
    "vanished": "its files were removed; it has to be claimed again",
    "io_error": "reading or writing failed",
}
"""Every reason there is, and what a person is told about it."""

_REASON_OF_ERRNO = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",  # a limit on the size of files
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.ELOOP: "symlink",
    errno.ENOTDIR: "not_a_file",
}


class StoreUnavailable(ZetaError):
    """Nothing was written, or nothing can be read. `reason` is a key of `ADVICE`.

    The message says where, and never holds a text that was to be stored.
    """

    reason = "io_error"

    def __init__(self, reason: str, message: str = "") -> None:
        advice = ADVICE[reason]
        super().__init__(f"{message}: {advice}" if message else advice)
        self.reason = reason

    @classmethod
    def of(cls, error: OSError) -> Self:
        """What an error of the operating system means for the store."""
        reason = _REASON_OF_ERRNO.get(error.errno or 0, "io_error")
        return cls(reason, str(error.filename or ""))
