"""The text that a person is asked to agree to.

Whoever changes what it says raises `TEXT_VERSION`, and everybody is asked again: a consent to one
text is none to another. A test keeps the two together.
"""

from collections.abc import Sequence
from pathlib import Path

from capture.rows import Licence
from zeta_lsp.core.recording import Level

TEXT_VERSION = 1
LIFETIME_DAYS = 180
RETENTION_DAYS = 90
RETENTION_GIB = 1

_NUMBERS = "how often predictions were made, shown and accepted, per day; no text"
_SNAPSHOTS = """\
for each prediction what the model was given (code around the cursor, recent edits, related code, \
diagnostics), what it said, what became of it, and how that place reads up to 5 minutes later; the \
repository's URL without credentials, the commit, and up to 64 KB of uncommitted changes in the \
edited files"""
_SESSIONS = """\
every edit of every file, key by key, and the files' whole texts, so that the session can be \
replayed"""
_RECORDED: dict[Level, Sequence[str]] = {
    Level.COUNTERS: (_NUMBERS,),
    Level.SNAPSHOTS: (_NUMBERS, _SNAPSHOTS),
    Level.SESSIONS: (_NUMBERS, _SNAPSHOTS, _SESSIONS),
}
_WITH_TEXT = """\
Left out: files that git ignores, generated and vendored code, files that the settings exclude, \
and whatever looks like a key or a password; a scanner can miss one."""
_PRIVATE = """\
Private: this project is recorded as your own closed code, whatever its licence says. You say that \
you may do so. Every row is marked as private."""
_WHERE = """\
Where: only in {folder}, readable by you alone. Nothing is sent anywhere; data leaves that folder \
only if you export it."""
_HOW_LONG = f"""\
How long: this consent ends after {LIFETIME_DAYS} days, or when the folder, its licence or this \
text changes. What was recorded is deleted after {RETENTION_DAYS} days, the oldest sooner where \
all of it exceeds {RETENTION_GIB} GiB, and at once if you forget it."""
_COMMANDS = """\
See it all:  zeta-lsp capture show
Export it:   zeta-lsp capture export -o FILE
Delete it:   zeta-lsp capture forget
Stop:        zeta-lsp capture off"""


def wording(
    root: str, folder: Path, level: Level, licence: Licence | None, *, private: bool
) -> str:
    """What is recorded, where, for how long, and how to see, export, delete and stop it."""
    paragraphs = [
        f"Record training data of {root}?",
        "\n".join(["Recorded:", *(f"  - {each}" for each in _RECORDED[level])]),
        _WITH_TEXT if level is not Level.COUNTERS else "",
        _PRIVATE if private else "",
        f"Licence: {_stated(licence)}.",
        _WHERE.format(folder=folder),
        _HOW_LONG,
        _COMMANDS,
    ]
    return "\n\n".join(filter(None, paragraphs))


def _stated(licence: Licence | None) -> str:
    return f"{licence.spdx} (says {licence.evidence})" if licence else "none that is recognised"
