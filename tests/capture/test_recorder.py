"""The recorder's thread: it takes everything at once, writes later, and stops when told."""

import threading
import time

from capture.books import Books
from capture.recorder import QUEUE_MAX, Recorder
from capture.rows import Session, Stream
from tests.capture.recording import ROOT, Outside, Person
from zeta_lsp.core.recording import Capturing, Level

TEXT = "one\ntwo\nthree\n"


class Gate:
    """A store that can be held shut."""

    def __init__(self, outside):
        self.outside = outside
        self.open = threading.Event()
        self.waiting = threading.Event()

    def __call__(self):
        self.waiting.set()
        assert self.open.wait(20)
        return self.outside.claim()


class Written:
    """Lets a test wait until rows are durable."""

    def __init__(self):
        self.rows = []
        self.some = threading.Event()

    def extend(self, rows):
        self.rows += rows
        self.some.set()


def recorder_over(outside):
    return Recorder("s", "0.1", Capturing(), outside.doors())


def test_what_is_taken_is_written_on_a_thread_of_its_own():
    outside = Outside()
    outside.acknowledged = written = Written()
    recorder = recorder_over(outside)
    Person(outside, recorder.take, TEXT).open().type(1, 3, "!")
    assert written.some.wait(20)
    assert {type(row) for row in written.rows} >= {Session, Stream}
    recorder.close()
    assert outside.segments[0].closed


def test_closing_writes_down_what_is_known():
    outside = Outside()
    recorder = recorder_over(outside)
    person = Person(outside, recorder.take, TEXT).open()
    person.type(1, 3, "!")
    person.answer(person.ask(1, 4))
    outside.pass_time(11)
    recorder.close()
    assert {type(row).__name__ for row in outside.rows} == {
        "Session",
        "Stream",
        "Snapshot",
        "Settled",
        "Count",
    }
    assert recorder.status()["projects"]["shop"]["counts"]["snapshots"] == 1


def test_levels_are_told_from_memory():
    outside = Outside(Level.SNAPSHOTS)
    recorder = recorder_over(outside)
    assert recorder.level(None) is None
    assert recorder.level(str(ROOT)) is Level.SNAPSHOTS
    assert recorder.level("/elsewhere") is None
    outside.consents.live = None
    assert recorder.level(str(ROOT)) is Level.SNAPSHOTS
    recorder.close()


def test_taking_never_waits_for_the_store_and_closing_only_a_second():
    outside = Outside()
    outside.claimed = gate = Gate(outside)
    recorder = recorder_over(outside)
    person = Person(outside, recorder.take, TEXT).open()
    assert gate.waiting.wait(20)
    for _ in range(100):
        person.type(1, 3, "!")
    recorder.close()
    assert not outside.rows
    gate.open.set()


def test_a_full_queue_drops_events_and_doubts_their_file():
    outside = Outside()
    outside.claimed = gate = Gate(outside)
    recorder = recorder_over(outside)
    person = Person(outside, recorder.take, TEXT).open()
    assert gate.waiting.wait(20)
    for _ in range(QUEUE_MAX):
        person.save()
    lost = person.edit((0, 0), (0, 0), "lost")
    person.edit((0, 0), (0, 0), "lost too")
    assert lost
    assert recorder.status()["events_dropped"] == 2
    gate.open.set()
    recorder.close()
    assert recorder.status()["projects"]["shop"]["files"] == 0


def test_a_file_whose_events_were_dropped_is_recorded_again_when_its_text_is_known():
    outside = Outside()
    outside.claimed = gate = Gate(outside)
    recorder = recorder_over(outside)
    person = Person(outside, recorder.take, TEXT).open()
    assert gate.waiting.wait(20)
    for _ in range(QUEUE_MAX + 1):
        person.save()
    outside.acknowledged = written = Written()
    gate.open.set()
    while not any(b"Doubted" in row.events for row in written.rows if isinstance(row, Stream)):
        assert written.some.wait(20)
        written.some.clear()
    person.edit((0, 0), (0, 0), "a")
    person.open()
    person.edit((0, 0), (0, 0), "b")
    recorder.close()
    assert recorder.status()["projects"]["shop"]["files"] == 1
    assert recorder.status()["faults"] == 0


def test_a_mistake_of_ours_costs_the_books_and_nothing_else():
    outside = Outside()
    recorder = recorder_over(outside)
    person = Person(outside, recorder.take, TEXT).open()
    recorder.take(object())
    person.type(1, 3, "!")
    recorder.close()
    assert recorder.status()["faults"] == 1


def test_a_session_that_begins_after_a_mistake_has_another_name():
    outside = Outside()
    recorder = recorder_over(outside)
    outside.acknowledged = Written()
    recorder.take(object())
    while not recorder.status()["faults"]:
        time.sleep(0.01)
    Person(outside, recorder.take, TEXT).open()
    recorder.close()
    assert [row.session for row in outside.of(Session)] == ["s.1"]


def test_books_are_made_without_touching_the_store():
    outside = Outside()
    Books("s", "0.1", Capturing(), outside.doors()).close(outside.clock.now)
    assert not outside.segments
