"""Streams and snapshots tell one story: a session can be replayed up to each of its questions."""

import random

import msgspec
import pytest

from capture.rows import Settled, Snapshot
from tests.capture.recording import Sitting
from zeta_lsp.core.documents import Document
from zeta_lsp.core.excerpt import cut_excerpt
from zeta_lsp.core.recording import Asked, Opened, Recordable
from zeta_lsp.core.text import Encoding, line_length

events_of = msgspec.json.Decoder(list[tuple[int, float, Recordable]]).decode
PIECES = ["x", "foo(bar)", "\n", "    ", "é", "\U0001f600", "a\nb\n", ""]


def some_place(rng, document):
    row = rng.randrange(len(document.lines))
    return row, rng.randrange(line_length(document.lines[row]) + 1)


def scripted(rng):
    """A person at work in two files for a while."""
    sitting = Sitting()
    people = [sitting.person("one\ntwo\nthree\n" * 4, name) for name in ("a.py", "b.py")]
    for _ in range(120):
        person = rng.choice(people)
        start, end = sorted(some_place(rng, person.document) for _ in "se")
        person.edit(start, end if rng.random() < 0.3 else start, rng.choice(PIECES))
        if rng.random() < 0.3:
            asked = person.ask(*some_place(rng, person.document))
            if rng.random() < 0.8:
                person.answer(asked)
        sitting.outside.pass_time(rng.choice([0.05, 0.2, 1, 12]))
        if rng.random() < 0.2:
            sitting.write()
        if rng.random() < 0.03:
            person.close()
            person.open()
    sitting.write(after_s=11)
    return sitting


def replayed(sitting):
    """Each question by its id: the text in which it was asked, and where."""
    events = [one for row in sitting.streams() for one in events_of(row.events)]
    documents, asked = {}, {}
    for _, _, event in sorted(events, key=lambda one: one[0]):
        if isinstance(event, Opened):
            made = Document(event.uri, "", event.version, event.text, Encoding.UTF32)
            documents[event.uri] = made
        if isinstance(event, Asked):
            lines = list(documents[event.uri].lines)
            asked[event.ident] = cut_excerpt(lines, event.row, event.col)
        for edit in getattr(event, "edits", ()):
            documents[edit.uri].replay(edit.version, edit.splice)
    return asked


@pytest.mark.parametrize("seed", range(8))
def test_every_recorded_question_is_found_again_in_the_replayed_session(seed):
    sitting = scripted(random.Random(seed))
    asked, snapshots = replayed(sitting), sitting.of(Snapshot)
    assert len(snapshots) > 10
    for snapshot in snapshots:
        excerpt, given = asked[snapshot.id], snapshot.given
        assert given.cursor_excerpt == excerpt.text
        assert given.cursor_offset_in_excerpt == excerpt.cursor_offset
        assert given.excerpt_start_row == excerpt.start_row


@pytest.mark.parametrize("seed", range(8))
def test_every_settled_text_belongs_to_a_recorded_question(seed):
    sitting = scripted(random.Random(seed))
    known = {row.id: row for row in sitting.of(Snapshot)}
    settled = sitting.of(Settled)
    assert settled
    for row in settled:
        assert row.seq >= known[row.id].seq
        assert row.after_ms >= 0
        if row.edits == 0:
            start, end = known[row.id].editable
            assert row.text == known[row.id].given.cursor_excerpt.encode()[start:end].decode()
