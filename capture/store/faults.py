"""What the errors of SQLite mean for the store."""

import sqlite3

from capture.store.errors import StoreUnavailable

DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises. The second where its own message quotes a name that is damaged."""

_REASON_OF_SQLITE = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_AUTH: "read_only",
    sqlite3.SQLITE_CANTOPEN: "read_only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
}


def fault_of(error: Exception, where: object) -> StoreUnavailable:
    """What one of the `DATABASE_ERRORS` means; `where` is the file."""
    if isinstance(error, UnicodeDecodeError):
        return StoreUnavailable("corrupt", str(where))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of it is detail
    return StoreUnavailable(_REASON_OF_SQLITE.get(code, "io_error"), str(where))
