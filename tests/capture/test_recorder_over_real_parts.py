"""The recorder over real consents, a real store and real detectors, in a folder of its own."""

import random
import time
from pathlib import Path

import msgspec
import pytest

from capture.bookkeeper import Bookkeeper
from capture.books import Books
from capture.consent import Consents
from capture.outside import doors_of
from capture.recorder import Recorder
from capture.rows import Session
from capture.store import Reading
from tests.capture.recording import Clock, Person
from tests.capture.test_secrets_while_typing import traces
from zeta_lsp.core.recording import Capturing, Level

TEXT = "import os\n\n\ndef connect():\n    return None\n\n\ndef main():\n    connect()\n"
MIT = (Path(__file__).parents[2] / "LICENSE").read_text()


class Here:
    """A project of the test's, with a consent of its owner's."""

    def __init__(self, folder, level=Level.SESSIONS):
        self.root = folder / "shop"
        self.root.mkdir()
        (self.root / "LICENSE").write_text(MIT)
        (self.root / "basket.py").write_text(TEXT)
        self.folder = folder / "data" / "capture"
        self.folder.parent.mkdir()
        self.clock = Clock(time.monotonic())
        self.consents = Consents(self.folder, time.time)
        self.receipt = self.consents.grant(self.root, level, private=False, version="1")

    def pass_time(self, seconds):
        self.clock.now += seconds

    def doors(self):
        made = doors_of(self.folder, self.consents)
        return type(made)(**{**{n: getattr(made, n) for n in made.__struct_fields__}, **self.mine})

    @property
    def mine(self):
        return {"monotonic": self.clock}


@pytest.fixture
def here(tmp_path):
    return Here(tmp_path)


def test_a_prediction_is_read_back_as_it_was(here):
    books = Books("s", "1", Capturing(), here.doors())
    person = Person(here, Bookkeeper(books).take, TEXT, root=here.root).open()
    person.type(4, 15, " or 1")
    asked = person.ask(4, 20)
    ident = person.answer(asked, "None or 1", "None or 2")
    person.happened(ident)
    here.pass_time(11)
    books.close(here.clock.now)
    with Reading(here.folder) as reading:
        [found] = reading.predictions()
        streams = list(reading.stream("s"))
    assert found.snapshot.given == asked[1]
    assert found.snapshot.licence.spdx == "Apache-2.0"
    assert [row.ending for row in found.outcomes] == ["shown"]
    assert [row.horizon for row in found.settled] == ["quiet"]
    assert streams


def test_nothing_exists_before_something_is_recorded(here):
    books = Books("s", "1", Capturing(), here.doors())
    books.close(here.clock.now)
    assert not (here.folder / "segments").exists()


def test_the_recorder_of_a_capture_folder_records(here):
    recorder = Recorder.over(here.folder, Capturing(), here.consents, session="t", version="1")
    assert recorder.level(str(here.root)) is Level.SESSIONS
    here.clock = Clock(time.monotonic())
    Person(here, recorder.take, TEXT, root=here.root).open().type(4, 15, " or 1")
    recorder.close()
    assert recorder.status()["problem"] is None
    with Reading(here.folder) as reading:
        assert [(row.session, row.project) for row in reading.sessions()] == [
            ("t", here.receipt.project)
        ]


def test_consent_that_is_withdrawn_ends_it(here):
    books = Books("s", "1", Capturing(), here.doors())
    person = Person(here, Bookkeeper(books).take, TEXT, root=here.root).open()
    person.type(4, 15, " or 1")
    assert here.consents.revoke(here.root)
    books.close(here.clock.now)
    with Reading(here.folder) as reading:
        assert not list(reading.sessions())


@pytest.mark.parametrize("pause_s", [0.0, 1.0])
def test_secrets_leave_no_byte_in_the_folder(here, pause_s):
    rng = random.Random(7)
    books = Books("s", "1", Capturing(), here.doors())
    person = Person(here, Bookkeeper(books).take, TEXT, root=here.root).open()
    secrets = [f"ghp_{''.join(rng.choices('abcdefghkmABCDEFGH23456789', k=36))}" for _ in range(8)]
    for number, secret in enumerate(secrets):
        line = f'token = "{secret}"'
        for key, col in zip(line, range(99), strict=False):
            person.edit((5, col), (5, col), key)
            if pause_s:
                books.write(here.clock.now)
        if number % 2:
            person.edit((5, 0), (5, len(line)), "")
        else:
            for col in range(len(line), 0, -1):
                person.edit((5, col - 1), (5, col), "")
        person.type(5, 0, f"{number}\n")
        books.write(here.clock.now)
    books.close(here.clock.now)
    with Reading(here.folder) as reading:
        rows = [*reading.sessions(), *reading.stream("s")]
    assert any(isinstance(row, Session) for row in rows)
    raw = b"".join(file.read_bytes() for file in here.folder.rglob("*") if file.is_file())
    for secret in secrets:
        assert not traces(secret, rows)
        assert not [at for at in range(len(secret) - 7) if secret[at : at + 8].encode() in raw]


def test_nothing_is_written_later_than_a_tenth_of_a_second_after_a_no(here):
    written_s: list[float] = []
    here.clock.now = time.monotonic()
    doors = msgspec.structs.replace(
        doors_of(here.folder, here.consents),
        acknowledged=lambda rows: written_s.append(time.monotonic()),
    )
    recorder = Recorder("u", "1", Capturing(), doors)
    person = Person(here, recorder.take, TEXT, root=here.root).open()
    until_s, revoked_s, col = time.monotonic() + 6, float("inf"), 15
    while time.monotonic() < until_s:
        here.clock.now = time.monotonic()
        person.edit((4, col), (4, col), "x")
        col += 1
        time.sleep(0.005)  # somebody types without a pause
        if written_s and revoked_s == float("inf"):
            here.consents.revoke(here.root)
            revoked_s = time.monotonic()
    recorder.close()
    assert revoked_s < float("inf")
    assert max(written_s) < revoked_s + 0.1
    with Reading(here.folder) as reading:
        seen = [row.time for row in reading.stream("u")]
    assert max(seen) < time.time() - (time.monotonic() - revoked_s) + 0.1
