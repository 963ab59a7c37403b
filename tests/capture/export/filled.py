"""A real store with predictions of a project, and its consent."""

from pathlib import Path

import msgspec

from capture.consent import Consents, Receipt
from capture.folder import capture_folder
from capture.rows import Count, Row, Stream
from capture.store import Segment
from tests.capture.export.recording import Stored, stored
from zeta_lsp.core.recording import Level

NOW = 1_790_000_100.0
EVENTS = b'[[1,1790000000.0,{"type":"Saved","uri":"file:///shop/till.py","time_s":1.5}]]'


def consented(root: Path, data_dir: Path) -> Receipt:
    """A project of closed code that somebody consented to have recorded."""
    root.mkdir(exist_ok=True)
    folder = capture_folder(data_dir)
    receipt = Consents(folder, lambda: NOW).grant(
        root, Level.SESSIONS, private=True, version="0.1.0"
    )
    assert isinstance(receipt, Receipt), receipt
    return receipt


def rows_of(one: Stored, ident: str, receipt: Receipt, number: int, session: str) -> list[Row]:
    """The rows of a prediction, as one of a project's."""
    made = {"session": session, "project": receipt.project}
    rename = {"id": ident, "session": session}
    time = one.snapshot.time + number
    return [
        msgspec.structs.replace(one.snapshot, time=time, **rename, project=made["project"]),
        *(msgspec.structs.replace(row, **rename) for row in one.outcomes),
        *(msgspec.structs.replace(row, **rename) for row in one.settled),
    ]


def filled(receipt: Receipt, data_dir: Path, predictions: list[Stored], session: str) -> None:
    """Record predictions, some events and a counter in a session of their own."""
    head = msgspec.structs.replace(
        predictions[0].session if predictions else stored().session,
        session=session,
        project=receipt.project,
        project_name=receipt.project_name,
        consent=receipt.id,
        private=receipt.private,
    )
    project = receipt.project
    rows: list[Row] = [
        head,
        Stream(session, 40, 1, head.time, project, "shop/till.py", EVENTS),
        Count(session, 41, head.time, project, "2026-09-21", {"shown": 3}),
    ]
    for number, one in enumerate(predictions):
        rows += rows_of(one, f"{session}-{number}", receipt, number, session)
    segment = Segment.claim(capture_folder(data_dir), lambda: NOW)
    try:
        segment.commit(rows)
    finally:
        segment.close()
