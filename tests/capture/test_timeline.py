"""What followed a moment can be told from the edits since."""

import random

from capture.timeline import EDITS_KEPT, FUTURE_EVENTS, Known, Timeline
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Edit, Source
from zeta_lsp.core.text import Encoding, line_length


class File:
    """A file that is edited at random, and every text it had."""

    def __init__(self, timeline, text, uri="u", seq=1):
        self.timeline = timeline
        self.document = Document(uri, "", 1, text, Encoding.UTF32)
        self.known = Known(self.document, f"shop/{uri}", timeline.count, seq)
        self.texts = {timeline.count: text}

    def edit(self, start, end, new, seq=0, time_s=0.0):
        version = self.document.version + 1
        change = Change(new, Range(Position(*start), Position(*end)))
        for splice in self.document.apply(version, [change]):
            edit = Edit(self.document.uri, version, splice, Source.TYPED, time_s)
            self.timeline.add(seq, edit)
        self.texts[self.timeline.count] = self.document.text()

    def edit_at_random(self, rng):
        lines = self.document.lines
        places = sorted(
            (row, rng.randrange(line_length(lines[row]) + 1))
            for row in (rng.randrange(len(lines)) for _ in range(2))
        )
        self.edit(*places, rng.choice(["", "x", "\n", "ab\ncd", "é"]))


def test_every_text_that_a_file_had_can_be_had_again():
    rng = random.Random(4)
    timeline = Timeline()
    files = [File(timeline, "one\ntwo\nthree\n" * 9, uri) for uri in "ab"]
    for _ in range(400):
        rng.choice(files).edit_at_random(rng)
    for file in files:
        for number, text in file.texts.items():
            assert timeline.rewound(file.known, number).text() == text


def test_a_text_is_not_known_once_its_edits_are_forgotten():
    timeline = Timeline()
    file = File(timeline, "x\n")
    for _ in range(EDITS_KEPT):
        file.edit((0, 0), (0, 0), "y")
    assert timeline.rewound(file.known, 0).text() == "x\n"
    file.edit((0, 0), (0, 0), "y")
    assert timeline.rewound(file.known, 0) is None
    assert timeline.events_since(0, {"u": file.known}, in_open_source_repo=True) == ()
    assert timeline.first_with(file.known, lambda text: "z" in text) == 1


def test_no_more_than_a_few_events_are_told():
    timeline = Timeline()
    file = File(timeline, "x\n" * 500)
    for row in range(0, 400, 20):
        for _ in range(5):
            file.edit((row, 0), (row, 0), "y")
    events = timeline.events_since(0, {"u": file.known}, in_open_source_repo=False)
    assert len(events) == FUTURE_EVENTS
    assert [event.change.diff.count("+yyyyyx") for event in events] == [1] * FUTURE_EVENTS


def test_files_that_may_not_be_told_are_left_out():
    timeline = Timeline()
    known, other = File(timeline, "x\n", "a"), File(timeline, "x\n", "b")
    other.edit((0, 0), (0, 0), "y")
    known.edit((0, 0), (0, 0), "z")
    [event] = timeline.events_since(0, {"a": known.known}, in_open_source_repo=False)
    assert event.change.path == "shop/a"


def test_the_first_event_that_put_something_there_is_found_although_it_is_gone():
    timeline = Timeline()
    file = File(timeline, "one\n\n\n", seq=3)
    file.edit((1, 0), (1, 0), "se", seq=5)
    file.edit((1, 2), (1, 2), "cret", seq=7)
    file.edit((1, 0), (1, 6), "", seq=9)
    file.edit((0, 0), (0, 0), "more", seq=11)
    assert timeline.first_with(file.known, lambda text: "secret" in text) == 7
    assert timeline.first_with(file.known, lambda text: "one" in text) == 3
    assert timeline.first_with(file.known, lambda text: "none" in text) is None
