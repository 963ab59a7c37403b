"""What a session leaves in the store, and what it does not."""

import msgspec
import pytest

from capture.rows import Count, Licence, Outcome, Session, Settled, Snapshot, Stream
from capture.store.errors import StoreUnavailable
from tests.capture.recording import ROOT, Forgetting, Outside, Person, Sitting, receipt
from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Source
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.prompt import Diagnostic, RelatedExcerpt, RelatedFile
from zeta_lsp.core.recording import Capturing, Doubted, Edited, Level, Recordable, Remarked
from zeta_lsp.core.text import Encoding

TEXT = "def total(items):\n    return 0\n\n\ndef main():\n    print(total([]))\n"
events_of = msgspec.json.Decoder(list[tuple[int, float, Recordable]]).decode


def settle(sitting, person, row=1, col=12):
    """One prediction that is shown and left alone."""
    ident = person.answer(person.ask(row, col), "return 0", "return sum(items)")
    person.happened(ident)
    sitting.write(after_s=11)
    return ident


def test_a_prediction_leaves_a_snapshot_an_outcome_and_a_settled_text():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    ident = person.answer(person.ask(1, 12), "return 0", "return sum(items)")
    person.happened(ident)
    sitting.outside.pass_time(2)
    person.edit((1, 11), (1, 12), "sum(items)", Source.ACCEPTED)
    person.happened(ident, State.ACCEPTED)
    sitting.write(after_s=11)
    [session], [snapshot], [settled] = map(sitting.of, (Session, Snapshot, Settled))
    assert (session.session, session.level, session.editor) == ("s", "snapshots", "test")
    assert snapshot.id == settled.id == ident
    assert snapshot.uncommitted_diff == "--- a/basket.py\n+++ b/basket.py\n"
    assert snapshot.revision == "a" * 40
    assert [row.ending for row in sitting.of(Outcome)] == ["shown", "accepted"]
    assert sitting.of(Outcome)[1].after_ms == 2000
    assert settled.horizon == "quiet"
    assert "return sum(items)" in settled.text
    assert settled.kept.kept_rate == 1
    assert settled.sources == {"accepted": 1}
    assert settled.after_ms == 12_000
    assert not sitting.of(Stream)


def test_counters_keep_no_text():
    sitting = Sitting(Level.COUNTERS)
    person = sitting.person(TEXT)
    person.type(1, 12, "abc")
    settle(sitting, person)
    sitting.close()
    assert {type(row) for row in sitting.outside.rows} == {Session, Count}
    [count] = sitting.of(Count)
    assert count.counts["edits.typed"] == 3
    assert count.counts["ending.shown"] == 1
    assert count.day == "2023-11-14"


def test_a_session_can_be_played_again_from_its_streams():
    sitting = Sitting(Level.SESSIONS)
    person = sitting.person(TEXT)
    place = person.type(1, 12, " + 1\n    # more")
    sitting.write()
    person.edit((place[0], 4), place, "", Source.UNDO)
    person.ask(1, 3)
    person.save()
    person.close()
    sitting.close()
    events = [event for row in sitting.streams() for event in events_of(row.events)]
    numbers = [seq for seq, _, _ in events]
    assert numbers == sorted(set(numbers))
    assert "/projects" not in str(events)
    document = None
    for _, _, event in events:
        kind = type(event).__name__
        if kind == "Opened":
            document = Document(event.uri, "", event.version, event.text, Encoding.UTF32)
        for edit in getattr(event, "edits", ()):
            document.replay(edit.version, edit.splice)
    assert document.text() == person.document.text()
    assert [type(event).__name__ for _, _, event in events][-3:] == ["Asked", "Saved", "Closed"]


def test_rows_are_acknowledged_once_they_are_written():
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.type(1, 12, "a")
    assert not sitting.outside.acknowledged
    sitting.write()
    assert sitting.outside.acknowledged == sitting.outside.rows


def test_text_typed_along_counts_before_the_answer_came():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    asked = person.ask(1, 12)
    person.edit((0, 0), (0, 0), "# new\n")
    person.type(2, 12, "42")
    person.answer(asked, "return 0", "return 042")
    sitting.write(after_s=11)
    [settled] = sitting.of(Settled)
    assert settled.text.startswith("# new\ndef total")
    assert "return 042\n" in settled.text
    assert settled.next_edit_offset == 0
    assert settled.edits == 3


def test_future_events_follow_the_question():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.type(5, 4, "xx")
    asked = person.ask(5, 6)
    person.type(5, 6, "yy")
    person.answer(asked)
    other = sitting.person("a\n" * 30, "other.py")
    other.edit((20, 0), (20, 0), "new")
    sitting.write(after_s=11)
    [settled] = sitting.of(Settled)
    first, second = (event.change for event in settled.future_events)
    assert first.path == "shop/basket.py"
    assert "-    xxprint" in first.diff
    assert "+    xxyyprint" in first.diff
    assert second.path == "shop/other.py"
    assert second.in_open_source_repo


def test_horizons_are_told_as_the_text_was_then():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.answer(person.ask(1, 12))
    for _ in range(40):  # never quiet for ten seconds
        sitting.outside.pass_time(8)
        person.edit((1, 12), (1, 12), "1")
    sitting.write(after_s=400)
    told = {row.horizon: row.text.count("1") for row in sitting.of(Settled)}
    assert told == {"30s": 3, "120s": 14, "300s": 37}
    sitting.close()
    assert sum(row.counts.get("unsettled.ttl", 0) for row in sitting.of(Count)) == 1


def test_a_save_and_a_commit_are_horizons():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.answer(person.ask(1, 12))
    person.save()
    person.save()
    sitting.outside.repository.head = "b" * 40
    sitting.write(after_s=3)
    sitting.write(after_s=3)
    assert [row.horizon for row in sitting.of(Settled)] == ["save", "commit"]


def test_a_file_that_is_closed_settles_only_what_came_to_rest():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.answer(person.ask(1, 12))
    sitting.outside.pass_time(11)
    person.answer(person.ask(1, 12))
    person.close()
    sitting.write()
    assert [row.id for row in sitting.of(Settled)] == ["basket-1"]


def test_doubt_ends_the_following_until_the_text_comes_whole():
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.answer(person.ask(1, 12))
    sitting.take(Doubted(person.uri, "range_past_end", person.now))
    person.type(1, 12, "ab")
    person.open()
    person.type(1, 14, "cd")
    sitting.write(after_s=11)
    assert not sitting.of(Settled)
    events = [event for row in sitting.streams() for _, _, event in events_of(row.events)]
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Opened", "Asked", "Doubted", "Opened", "Edited", "Edited"]


def test_an_edit_of_another_text_puts_the_file_in_doubt():
    sitting = Sitting()
    person = sitting.person(TEXT)
    stranger = sitting.person("other\n" * 9, "other.py")
    edits = stranger.edit((3, 0), (3, 5), "x")
    wrong = tuple(msgspec.structs.replace(edit, uri=person.uri) for edit in edits)
    sitting.take(Edited(wrong))
    assert person.uri not in sitting.books.admission.files


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"events": "shop/.env"}, "excluded_path"),
        ({"related": "shop/.env.local"}, "excluded_path"),
        ({"related": "elsewhere.py"}, "outside_root"),
        ({"diagnostic": "KEY_" + "x" * 20}, "secret"),
        ({"diagnostic": "/home/erika/shop/a.py: no such module"}, "names_home"),
        ({"text": "KEY_" + "x" * 20}, "secret"),
        ({"output": "KEY_" + "x" * 20}, "secret"),
        ({"answer": None}, "no_answer"),
    ],
)
def test_one_part_that_may_not_be_recorded_drops_the_whole(part, reason):
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.type(1, 12, "1")
    given = {}
    if "events" in part:
        changes = person.history.events()[0].change
        given["events"] = (msgspec.structs.replace(changes, path=part["events"]),)
    if "related" in part or "text" in part:
        excerpt = RelatedExcerpt((0, 1), part.get("text", "fine"))
        given["related_files"] = (RelatedFile(part.get("related", "shop/a.py"), 1, (excerpt,)),)
    if "diagnostic" in part:
        given["active_buffer_diagnostics"] = (Diagnostic(part["diagnostic"], "", (0, 1), (0, 0)),)
    said = {name: part[name] for name in ("output", "answer") if name in part}
    person.answer(person.ask(1, 13, **given), **said)
    sitting.close()
    assert not sitting.of(Snapshot)
    assert sitting.of(Count)[-1].counts[f"dropped.{reason}"] == 1


def test_what_may_not_be_recorded_is_not_opened():
    sitting = Sitting()
    sitting.person(TEXT, ".env")
    sitting.outside.consents.licence = None
    sitting.person(TEXT, "a.py")
    sitting.outside.consents.licence = Licence("GPL-3.0-only", "LICENSE")
    sitting.person(TEXT, "b.py")
    sitting.close()
    assert not sitting.streams()
    counts = sitting.of(Count)[-1].counts
    words = ("excluded_path", "licence_unknown", "licence_not_open")
    assert [counts[f"refused.{word}"] for word in words] == [1, 1, 1]


def test_private_code_needs_no_licence():
    sitting = Sitting(private=True)
    sitting.outside.consents.licence = None
    settle(sitting, sitting.person(TEXT))
    assert sitting.of(Snapshot)[0].private
    assert not sitting.of(Settled)[0].future_events


def test_nothing_is_written_after_consent_is_withdrawn():
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.type(1, 12, "abc")
    sitting.write()
    written = list(sitting.outside.rows)
    person.type(1, 15, "def")
    person.answer(person.ask(1, 12))
    sitting.outside.consents.revoke()
    sitting.books.write(sitting.outside.clock.now)
    sitting.write(after_s=11)
    person.type(1, 12, "ghi")
    sitting.close()
    assert sitting.outside.rows == written
    assert sitting.books.admission.refused == {str(ROOT): "no_consent"}


def test_nothing_is_written_after_consent_expired():
    sitting = Sitting(expires_at=1.7e9 + 5)
    person = sitting.person(TEXT)
    person.type(1, 12, "a")
    sitting.write(after_s=6)
    assert not sitting.outside.rows


def test_another_consent_begins_another_session():
    sitting = Sitting()
    person = sitting.person(TEXT)
    sitting.write()
    sitting.outside.consents.receipts[str(ROOT)] = receipt(Level.SNAPSHOTS, ident="second")
    sitting.outside.consents.number += 1
    sitting.write()
    person.open()
    settle(sitting, person)
    assert [(row.session, row.consent) for row in sitting.of(Session)] == [
        ("s", "receipt"),
        ("s-2", "second"),
    ]
    assert sitting.of(Snapshot)[0].session == "s-2"


def test_a_store_that_fails_is_tried_again_and_loses_nothing():
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.type(1, 12, "ab")
    sitting.write()
    [segment] = sitting.outside.segments
    segment.failures = [StoreUnavailable("disk_full")] * 3
    person.type(1, 14, "cd")
    before = len(sitting.outside.rows)
    for _ in range(3):
        sitting.write(after_s=5)
        assert sitting.books.outbox.problem[0] == "disk_full"
    person.type(1, 16, "e")
    sitting.write(after_s=5)
    assert sitting.books.outbox.problem is None
    assert len(sitting.outside.rows) > before
    edits = [event for row in sitting.streams() for _, _, event in events_of(row.events)]
    assert sum(type(event).__name__ == "Edited" for event in edits) == 5


def test_a_store_of_a_newer_version_ends_recording():
    def newer():
        raise StoreUnavailable("newer_schema")

    sitting = Sitting(claim=newer)
    person = sitting.person(TEXT)
    person.type(1, 12, "ab")
    sitting.write()
    assert sitting.books.outbox.is_off
    sitting.write(after_s=10)
    sitting.close()


def test_a_row_that_cannot_be_stored_keeps_no_others_out():
    sitting = Sitting()
    person = sitting.person(TEXT)
    sitting.write()
    person.type(1, 12, "ab")
    settle(sitting, person)
    count = len(sitting.outside.rows)
    person.type(1, 12, "ab")
    sitting.outside.segments[0].failures = [StoreUnavailable("unusable_text")] * 2
    settle(sitting, person)
    assert sitting.books.outbox.dropped == {"unusable_text": 1}
    assert len(sitting.outside.rows) > count


def yielded(project, **moved):
    """A session whose segment was asked for, after which it went on."""
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.type(1, 12, "ab")
    sitting.write()
    sitting.outside.segments[0].wanted = Forgetting(project)
    person.type(1, 14, "cd")
    sitting.outside.home = moved.get("home", 0)
    sitting.write()
    sitting.write()
    assert sitting.outside.segments[0].closed
    rows = sitting.outside.segments[1].rows
    [stream] = [row for row in rows if isinstance(row, Stream)]
    return stream, events_of(stream.events), person


@pytest.mark.parametrize("project", [None, "project"])
def test_a_project_that_is_forgotten_meanwhile_begins_another_session(project):
    stream, [(seq, _, opened)], person = yielded(project)
    assert (stream.session, seq) == ("s-2", 1)
    assert opened.text == person.document.text()


def test_other_projects_go_on_after_a_project_was_forgotten():
    stream, events, _ = yielded("another")
    assert stream.session == "s"
    assert [seq for seq, _, _ in events] == [4, 5]


def test_a_session_begins_anew_in_another_file_of_the_store():
    stream, [(seq, _, opened)], person = yielded("another", home=1)
    assert (stream.session, seq) == ("s-2", 1)
    assert opened.text == person.document.text()


def test_clock_steps_change_neither_order_nor_durations():
    sitting = Sitting()
    person = sitting.person(TEXT)
    for step in (0, -3e8, 3e8, -86_400, 1, 1e12, -2e12):
        sitting.outside.wall.now += step
        person.type(1, 12, "x")
        person.happened(person.answer(person.ask(1, 12)))
        sitting.write(after_s=1)
    sitting.write(after_s=11)
    for rows in map(sitting.of, (Stream, Snapshot)):
        numbers = [row.seq for row in rows]
        assert numbers == sorted(numbers)
    assert all(row.after_ms >= 0 for row in [*sitting.of(Outcome), *sitting.of(Settled)])


def test_half_surrogates_end_the_recording_of_a_file_until_they_are_gone():
    sitting = Sitting()
    person = sitting.person(TEXT)
    person.edit((1, 12), (1, 12), "\ud800")
    person.type(1, 13, "ab")
    sitting.write()
    assert not sitting.streams()
    person.edit((1, 12), (1, 13), "")
    sitting.write()
    [row] = sitting.streams()
    [(_, _, opened)] = events_of(row.events)
    assert opened.text == person.document.text()


def test_what_is_said_before_the_answer_is_whole_is_kept():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    asked = person.ask(1, 12)
    person.happened(asked[0])
    person.answer(asked)
    sitting.take(Remarked(asked[0], "undone", person.now))
    sitting.write()
    assert [(row.ending, row.remark) for row in sitting.of(Outcome)] == [
        ("shown", ""),
        ("", "undone"),
    ]


def test_a_model_without_a_format_gets_the_ranges_of_the_default_one():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    asked = person.ask(1, 12)
    person.answer(asked, "return 0", "return 1", format="", editable=None, context=None, prompt="")
    sitting.write(after_s=11)
    [snapshot], [settled] = sitting.of(Snapshot), sitting.of(Settled)
    assert snapshot.editable == (0, len(TEXT))
    assert settled.text == TEXT
    assert settled.kept.kept_rate == 0


def test_a_region_that_grew_too_large_is_dropped():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    person.answer(person.ask(1, 12))
    person.edit((1, 12), (1, 12), "x = 1\n" * 800, Source.PASTED)
    sitting.write(after_s=11)
    sitting.close()
    assert not sitting.of(Settled)
    assert sitting.of(Count)[-1].counts["unsettled.region_too_large"] == 1


def test_shown_predictions_are_followed_longest():
    sitting = Sitting(Level.SNAPSHOTS, wish=Capturing(settle_quiet_s=50))
    person = sitting.person(TEXT)
    shown = person.answer(person.ask(1, 12))
    person.happened(shown)
    for _ in range(300):
        person.answer(person.ask(1, 12))
    sitting.write(after_s=51)
    quiet = [row.id for row in sitting.of(Settled) if row.horizon == "quiet"]
    assert len(quiet) == 256
    assert shown in quiet


def test_an_outside_that_was_never_consented_to_is_left_alone():
    outside = Outside()
    outside.consents.receipts.clear()
    sitting = Sitting()
    sitting.outside.consents.receipts.clear()
    person = sitting.person(TEXT)
    person.type(1, 12, "ab")
    settle(sitting, person)
    sitting.close()
    assert not sitting.outside.segments


def test_nothing_is_said_of_predictions_from_before_another_session():
    sitting = Sitting(Level.SNAPSHOTS)
    person = sitting.person(TEXT)
    asked = person.ask(1, 12)
    ident = person.answer(person.ask(1, 12))
    sitting.write()
    sitting.outside.segments[0].wanted = Forgetting()
    sitting.write()
    person.happened(ident)
    person.answer(asked)
    sitting.write(after_s=11)
    assert [row.id for row in sitting.of(Snapshot)] == [ident]
    assert not [*sitting.of(Outcome), *sitting.of(Settled)]


def test_too_many_rows_for_a_failing_store_are_dropped_together_and_the_session_begins_anew():
    sitting = Sitting()
    person = sitting.person(TEXT)
    sitting.write()
    sitting.outside.segments[0].failures = [StoreUnavailable("disk_full")] * 3
    for _ in range(3):
        for _ in range(200):
            person.happened(person.answer(person.ask(1, 12)))
        sitting.write(after_s=6)
    sitting.write(after_s=6)
    sitting.write(after_s=6)
    assert sitting.books.outbox.dropped["store_failing"] >= 1000
    assert sitting.of(Session)[-1].session == "s-2"
    opened = events_of(sitting.streams()[-1].events)[0][2]
    assert opened.text == person.document.text()


def test_a_folder_that_the_editor_calls_otherwise_is_recorded_under_that_name():
    sitting = Sitting(Level.SNAPSHOTS)
    person = Person(sitting.outside, sitting.take, TEXT)
    person.path = "Our shop/basket.py"
    person.open()
    settle(sitting, person)
    [snapshot] = sitting.of(Snapshot)
    assert snapshot.path == "Our shop/basket.py"
