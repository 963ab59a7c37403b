"""`zeta-lsp capture show`: everything that is held about a project.

The receipts of its consents, then sessions, predictions with all their parts, editing sessions as
they were recorded, and counters. As JSON it is lines, each a row as it is stored, whose `type` says
what it is; the events of editing sessions are in them as JSON.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import msgspec

from capture.commands.page import Page
from capture.commands.pipes import until_reader_leaves
from capture.commands.screen import say
from capture.commands.telling import (
    tell_count,
    tell_prediction,
    tell_receipt,
    tell_session,
    tell_stream,
)
from capture.consent import Consents, Receipt
from capture.rows import Session, Stream
from capture.store import Reading


def run_show(options: argparse.Namespace, folder: Path) -> int:
    """Run the command."""
    consents = Consents(folder, time.time)
    project = consents.project(options.project)
    receipts = [one for one in consents.receipts() if project and one.project == project]
    if not project:
        _tell_nothing(options)
        return 0
    with until_reader_leaves(), Reading(folder) as reading:
        held = Held(reading, project, receipts, only_sessions=options.sessions)
        if options.json:
            held.write_json(sys.stdout)
        else:
            page = Page(sys.stdout)
            held.write_text(page)
            if page.is_empty:
                _tell_nothing(options)
        for problem in reading.problems:
            sys.stderr.write(f"left out: {problem}\n")
        if reading.damaged:
            sys.stderr.write(f"{reading.damaged} damaged rows cannot be shown\n")
    return 0


class Held:
    """What is held about one project."""

    def __init__(
        self, reading: Reading, project: str, receipts: list[Receipt], *, only_sessions: bool
    ) -> None:
        self._reading = reading
        self._project = project
        self._receipts = receipts
        self._only_sessions = only_sessions

    def write_json(self, stream: TextIO) -> None:
        """Every row as one line."""
        stream.writelines(f"{msgspec.json.encode(row).decode()}\n" for row in self._rows())

    def write_text(self, page: Page) -> None:
        """Every row in words."""
        for receipt in () if self._only_sessions else self._receipts:
            tell_receipt(page, receipt)
        for session in self._sessions():
            tell_session(page, session)
        if self._only_sessions:
            return
        for stored in self._reading.predictions(project=self._project):
            tell_prediction(page, stored)
        for row in self._streams():
            tell_stream(page, row)
        for count in self._reading.counts(project=self._project):
            tell_count(page, count)

    def _rows(self) -> Iterator[Any]:
        if not self._only_sessions:
            yield from ({"type": "Receipt"} | _plain(receipt) for receipt in self._receipts)
        yield from self._sessions()
        if self._only_sessions:
            return
        for stored in self._reading.predictions(project=self._project):
            yield from (stored.snapshot, *stored.outcomes, *stored.settled)
        for row in self._streams():
            yield _plain(row) | {"events": msgspec.Raw(row.events)}
        yield from self._reading.counts(project=self._project)

    def _sessions(self) -> Iterator[Session]:
        return (each for each in self._reading.sessions() if each.project == self._project)

    def _streams(self) -> Iterator[Stream]:
        for session in self._sessions():
            yield from self._reading.stream(session.session)


def _plain(row: Any) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(row)
    return made


def _tell_nothing(options: argparse.Namespace) -> None:
    if not options.json:
        say(f"nothing is held about {options.project}")
