"""`zeta-lsp explain`: what became of the latest predictions, and of those that never were.

As JSON a list of entries, newest first, whose `reason` is a stable word; for people a line each
with the reason in words. The journal never holds code, so neither does this.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from zeta_lsp.cli.screen import Row, say, show_rows
from zeta_lsp.core.errors import ZetaError
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.lifecycle import State, explained

_GOOD = frozenset({State.SHOWN, State.ACCEPTED, State.PARTLY, State.TYPED_THROUGH})
CONTEXT_SHOWN = 5
"""So many excerpts are named for people; JSON has them all."""
_NONE_YET = """\
no predictions yet. Once an editor runs zeta-lsp, each prediction and the reason for each one that
was not shown stands here. `zeta-lsp doctor` checks the endpoint."""


class ReadJournal(Protocol):
    """Reads the newest entries in a data folder, newest first. Raises OSError."""

    def __call__(self, data_dir: Path, count: int | None = None) -> list[JournalEntry]:
        """See the class."""


def run_explain(options: argparse.Namespace, data_dir: Path, read: ReadJournal) -> int:
    """Run the command."""
    try:
        entries = read(data_dir, options.last)
    except OSError as fault:
        raise ZetaError(f"the journal cannot be read: {fault.strerror or fault}") from fault
    if options.json:
        documents = [document(entry) for entry in entries]
        say(msgspec.json.format(msgspec.json.encode(documents), indent=2).decode())
    elif entries:
        show_rows(_rows(entries), sys.stdout)
    else:
        say(_NONE_YET)
    return 0


def document(entry: JournalEntry) -> dict[str, Any]:
    """An entry as ``--json`` prints it; `time` is ISO 8601 in UTC."""
    fields = msgspec.structs.asdict(entry)
    time_s = fields.pop("time_s")
    time = datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")
    return {"id": fields.pop("id"), "time": time, **fields}


def _rows(entries: Sequence[JournalEntry]) -> list[Row]:
    return [row for entry in entries for row in (_row(entry), _context_row(entry)) if row]


def _row(entry: JournalEntry) -> Row:
    return [
        (_local_time(entry.time_s), "dim"),
        (entry.ending.replace("_", " "), "green" if entry.ending in _GOOD else "yellow"),
        (entry.path, "bold"),
        (_explained(entry), ""),
        (_circumstances(entry), "dim"),
    ]


def _context_row(entry: JournalEntry) -> Row:
    """What the model saw of other files, under the rest; nothing if it saw none."""
    if not entry.context:
        return []
    more = len(entry.context) - CONTEXT_SHOWN
    seen = "; ".join(entry.context[:CONTEXT_SHOWN]) + (f"; {more} more" if more > 0 else "")
    return [("", ""), ("", ""), ("", ""), ("", ""), (f"saw {seen}", "dim")]


def _local_time(time_s: float) -> str:
    return datetime.fromtimestamp(time_s).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _explained(entry: JournalEntry) -> str:
    words = explained(entry.reason) if entry.reason else ""
    return f"{words}: {entry.detail}" if words and entry.detail else words or entry.detail


def _circumstances(entry: JournalEntry) -> str:
    asked = [entry.model, entry.format]
    if entry.latency_ms:
        asked.append(f"{entry.latency_ms:.0f} ms")
    return ", ".join(part for part in asked if part)
