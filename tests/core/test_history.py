"""The edit history: each of Zed's rules, the places where it forgets and we do not, and truth."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.typing_person import (
    Person,
    Replacement,
    bare_rows,
    lsp_change,
    numbered,
    patched,
    path_of,
)
from zeta_lsp.core.documents import Change
from zeta_lsp.core.events import Edit, Source
from zeta_lsp.core.history import FINISHED_EVENTS, History


@pytest.fixture
def person() -> Person:
    return Person()


def test_an_edit_is_shown_with_three_rows_around_it_and_file_line_numbers(person: Person) -> None:
    document = person.open(numbered(20))
    person.type(document, 9, "!")
    [diff] = person.diffs
    assert diff.splitlines() == [
        "@@ -7,7 +7,7 @@",
        " line 7",
        " line 8",
        " line 9",
        "-line 10",
        "+line 10!",
        " line 11",
        " line 12",
        " line 13",
    ]


def test_an_event_says_where_when_and_by_whom(person: Person) -> None:
    document = person.open("a\n")
    person.type(document, 0, "b")
    person.type(document, 0, "cd", source=Source.PASTED, after_s=0.5)
    [event] = person.history.events()
    assert (event.uri, event.time_s) == (document.uri, person.now_s)
    assert (event.change.path, event.change.old_path) == ("p/a.py", "p/a.py")
    assert event.sources == (Source.TYPED, Source.PASTED)
    assert (event.inserted_bytes, event.deleted_bytes) == (3, 0)
    assert not event.summarised
    assert not event.change.predicted


@pytest.mark.parametrize(
    ("text", "change", "diff"),
    [
        ("", ((0, 0), (0, 0), "a\n"), "@@ -1,0 +1,1 @@\n+a\n"),
        ("a\n", ((0, 0), (1, 0), ""), "@@ -1,1 +1,0 @@\n-a\n"),
        ("a", ((0, 1), (0, 1), "b"), "@@ -1,1 +1,1 @@\n-a\n+ab\n"),
        ("a\n", ((1, 0), (1, 0), "b"), "@@ -1,1 +1,2 @@\n a\n+b\n"),
        ("a\r\nb\r\n", ((1, 1), (1, 1), "c"), "@@ -1,2 +1,2 @@\n a\n-b\n+bc\n"),
        ("a\rb\r", ((1, 1), (1, 1), "c"), "@@ -1,2 +1,2 @@\n a\n-b\n+bc\n"),
        ("a\fb\u2028\n", ((0, 4), (0, 4), "d"), "@@ -1,1 +1,1 @@\n-a\fb\u2028\n+a\fb\u2028d\n"),
        ("a\ud800\n", ((0, 0), (0, 1), "b"), "@@ -1,1 +1,1 @@\n-a\ufffd\n+b\ufffd\n"),
        ("a", ((0, 1), (0, 1), "\n"), None),
        ("a\r\n", ((0, 1), (1, 0), "\n"), None),
        ("a\n", ((0, 1), (1, 0), ""), None),
    ],
)
def test_how_texts_are_printed_and_line_ends_alone_are_no_event(
    person: Person, text: str, change: Replacement, diff: str | None
) -> None:
    person.edit(person.open(text), change)
    assert person.diffs == ([] if diff is None else [diff])


def test_what_was_typed_and_taken_back_is_no_event(person: Person) -> None:
    document, other = person.open(numbered(3)), person.open("x\n", "b.py")
    person.type(document, 1, "!")
    person.edit(document, ((1, 6), (1, 7), ""))
    assert person.diffs == []
    person.type(other, 0, "y")
    assert len(person.diffs) == 1


@pytest.mark.parametrize(("row", "events"), [(2, 1), (1, 2), (18, 1), (19, 2), (10, 1)])
def test_edits_at_most_eight_rows_apart_are_one_event(
    person: Person, row: int, events: int
) -> None:
    document = person.open(numbered(40))
    person.type(document, 10, "!")
    person.type(document, row, "?")
    assert len(person.diffs) == events


def test_the_distance_is_counted_from_the_latest_edit_not_from_the_event(person: Person) -> None:
    document = person.open(numbered(40))
    for row in (0, 8, 16, 24):
        person.type(document, row, "!")
    assert len(person.diffs) == 1
    person.type(document, 0, "?")
    assert len(person.diffs) == 2, "row 0 is in the event, but far from where typing goes on"


def test_rows_that_come_and_go_move_what_the_event_covers(person: Person) -> None:
    document = person.open(numbered(30))
    person.edit(document, ((10, 0), (10, 0), "new\n" * 5))
    person.type(document, 23, "!")
    assert len(person.diffs) == 1
    person.edit(document, ((8, 0), (15, 0), ""))
    person.type(document, 16, "?")
    [event] = person.history.events()
    assert patched(bare_rows(numbered(30)), event) == bare_rows(document.text())


@pytest.mark.parametrize(("pause_s", "events"), [(0.99, 1), (1.0, 2), (60.0, 2)])
def test_a_pause_splits_the_growing_event(person: Person, pause_s: float, events: int) -> None:
    document = person.open("x = \n")
    person.type(document, 0, "1")
    person.type(document, 0, "2", after_s=pause_s)
    person.type(document, 0, "3")
    assert len(person.diffs) == events
    if events == 2:
        assert person.diffs == [
            "@@ -1,1 +1,1 @@\n-x = \n+x = 1\n",
            "@@ -1,1 +1,1 @@\n-x = 1\n+x = 123\n",
        ]


def test_the_latest_pause_counts_and_a_finished_event_is_whole(person: Person) -> None:
    document = person.open("x = \n" + numbered(30))
    person.type(document, 0, "1")
    person.type(document, 0, "2", after_s=2, source=Source.PASTED)
    person.type(document, 3, "!", after_s=2)
    first, second = person.history.events()
    assert "+x = 12\n" in first.change.diff
    assert "line 3" not in first.change.diff.replace(" line 3\n", "")
    assert "-line 3\n+line 3!\n" in second.change.diff
    assert (first.sources, second.sources) == ((Source.TYPED, Source.PASTED), (Source.TYPED,))
    person.type(document, 25, "!")
    finished, _ = person.history.events()
    assert "+x = 12\n" in finished.change.diff
    assert "+line 3!\n" in finished.change.diff


def test_predictions_and_typing_are_kept_apart(person: Person) -> None:
    document = person.open("x = \n")
    person.type(document, 0, "1")
    person.type(document, 0, " + 2", source=Source.ACCEPTED)
    person.type(document, 0, ";")
    events = person.history.events()
    assert [event.change.predicted for event in events] == [False, True, False]
    assert "+x = 1 + 2\n" in events[1].change.diff


def test_seams_between_sources_vanish_once_the_person_works_elsewhere(person: Person) -> None:
    document = person.open(numbered(40))
    person.type(document, 5, "!")
    person.type(document, 6, " + 2", source=Source.ACCEPTED)
    person.type(document, 4, "?\n")
    person.type(document, 30, "far")
    merged, latest = person.history.events()
    assert not merged.change.predicted
    assert merged.sources == (Source.TYPED, Source.ACCEPTED)
    assert "+line 6!\n" in merged.change.diff
    assert "+line 7 + 2\n" in merged.change.diff
    assert "+line 5?\n" in merged.change.diff
    rows = patched(patched(bare_rows(numbered(40)), merged), latest)
    assert rows == bare_rows(document.text())


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((5, 6, 14), "the new edit is near"),
        ((5, 20, 35), "they are far from each other"),
    ],
)
def test_seams_stay_where_they_matter(person: Person, rows: tuple[int, int, int], why: str) -> None:
    document = person.open(numbered(50))
    person.type(document, rows[0], "!")
    person.type(document, rows[1], "2", source=Source.ACCEPTED)
    person.type(document, rows[2], "?")
    assert len(person.diffs) == 3, why


def test_seams_stay_across_documents(person: Person) -> None:
    document, other = person.open(numbered(50)), person.open("b\n", "b.py")
    person.type(document, 5, "!")
    person.type(document, 6, "2", source=Source.ACCEPTED)
    person.type(other, 0, "?")
    person.type(document, 30, "far")
    assert len(person.diffs) == 4


def test_another_document_ends_an_event(person: Person) -> None:
    one, other = person.open("a\n"), person.open("b\n", "b.py")
    person.type(one, 0, "1")
    person.type(other, 0, "2")
    person.type(one, 0, "3")
    assert [event.change.path for event in person.history.events()] == [
        "p/a.py",
        "p/b.py",
        "p/a.py",
    ]


def test_nine_finished_events_and_the_growing_one_are_kept(person: Person) -> None:
    document = person.open(numbered(500))
    for place in range(12):
        person.type(document, 20 * place, f" {place}")
    assert len(person.diffs) == 10
    assert "+line 41 2\n" in person.diffs[0]


def test_a_finished_event_shows_the_text_as_it_was_then(person: Person) -> None:
    document = person.open(numbered(40))
    for row in (0, 8, 16, 24):
        person.type(document, row, "!")
    before = person.diffs[0]
    person.type(document, 8, "?")  # inside the event, but far from its latest edit
    assert person.diffs[0] == before
    person.edit(document, ((0, 0), (9, 0), ""))
    assert person.diffs[0] == before


def test_a_changed_path_begins_an_event_that_knows_the_old_one(person: Person) -> None:
    document = person.open("a\n")
    person.type(document, 0, "1")
    person.type(document, 0, "2", path="p/renamed.py")
    person.type(document, 0, "3", path="p/renamed.py")
    _, event = person.history.events()
    assert (event.change.old_path, event.change.path) == ("p/a.py", "p/renamed.py")


def test_a_renamed_file_is_followed_to_its_new_uri(person: Person) -> None:
    old, new = person.open("a\n", "a.py"), person.open("a1\n", "b.py")
    person.type(old, 0, "1")
    person.history.rename(old.uri, new.uri)
    person.type(new, 0, "2")
    assert [(e.change.old_path, e.change.path) for e in person.history.events()] == [
        ("p/a.py", "p/a.py"),
        ("p/a.py", "p/b.py"),
    ]


def test_clearing_forgets_everything(person: Person) -> None:
    document = person.open(numbered(40))
    person.type(document, 0, "1")
    person.type(document, 30, "2")
    person.history.clear()
    assert person.diffs == []
    person.type(document, 30, "3")
    assert len(person.diffs) == 1


def test_documents_that_became_secret_leave_nothing_behind(person: Person) -> None:
    document, secret = person.open("a\n"), person.open("key\n", "key.txt")
    for text in "12":
        person.type(document, 0, text)
        person.type(secret, 0, text)
    person.history.forget(lambda uri: uri == secret.uri)
    assert [event.uri for event in person.history.events()] == [document.uri] * 2
    person.type(secret, 0, "3")
    person.history.forget(lambda uri: uri == document.uri)
    [event] = person.history.events()
    assert (event.uri, event.change.diff.count("\n+")) == (secret.uri, 1)


def test_an_edit_too_large_to_show_leaves_a_true_beginning(person: Person) -> None:
    document = person.open(numbered(10))
    pasted = "".join(f"pasted row {row}\n" for row in range(1000))
    person.type(document, 2, "!")
    person.edit(document, ((5, 0), (5, 0), pasted), source=Source.PASTED)
    person.type(document, 3, "?")
    before, large, after = person.history.events()
    assert (before.summarised, large.summarised, after.summarised) == (False, True, False)
    assert (large.inserted_bytes, large.deleted_bytes) == (len(pasted), 0)
    assert large.change.diff.startswith("@@ -3,3 +3,")
    assert " line 5\n+pasted row 0\n+pasted row 1\n" in large.change.diff
    assert "-" not in large.change.diff.partition("@@\n")[2]
    assert 900 < len(large.change.diff) < 1300


@pytest.mark.parametrize(("rows", "summarised"), [(5, False), (62, False), (64, True)])
def test_six_kibibytes_of_either_side_can_be_shown(
    person: Person, rows: int, summarised: bool
) -> None:
    document = person.open("a\n")
    person.type(document, 0, ("\n" + "x" * 97) * rows, source=Source.PASTED)
    [event] = person.history.events()
    assert event.summarised == summarised
    assert len(event.change.diff) <= 6144 + len("@@ -1,1 +1,63 @@\n")


def test_a_few_small_places_in_a_wide_region_are_shown_in_full(person: Person) -> None:
    document = person.open(numbered(200).replace("line", "a rather long line that goes on"))
    places = [((row, 0), (row, 1), "one") for row in (180, 90, 1)]
    person.edit(document, *places, source=Source.BULK)
    [event] = person.history.events()
    assert not event.summarised
    assert event.change.diff.count("+one rather") == 3


def test_an_event_that_would_cover_too_much_is_finished_not_lost(person: Person) -> None:
    document = person.open(numbered(1000))
    for row in range(0, 400, 8):
        person.type(document, row, "!")
    rows = bare_rows(numbered(1000))
    for event in person.history.events():
        rows = patched(rows, event)
    assert 2 <= len(person.diffs) <= 4
    assert rows == bare_rows(document.text())


def test_all_places_of_one_action_are_one_event(person: Person) -> None:
    document = person.open(numbered(150))
    person.type(document, 0, "!")
    places = [((row, 0), (row, 4), "renamed") for row in (140, 75, 10)]
    person.edit(document, *places, source=Source.BULK)
    _, event = person.history.events()
    assert event.change.diff.count("+renamed") == 3
    assert event.change.diff.count("@@ -") == 3


def test_keys_that_came_in_one_message_are_typing_in_each_place(person: Person) -> None:
    document = person.open(numbered(150))
    person.edit(document, *[((row, 0), (row, 0), "x") for row in (10, 75)])
    assert len(person.diffs) == 2


def test_an_action_all_over_a_file_does_not_push_out_the_history(person: Person) -> None:
    document = person.open(numbered(3000))
    person.type(document, 0, "!")
    places = [((row, 0), (row, 4), "renamed") for row in range(100, 3000, 30)]
    person.edit(document, *places, source=Source.BULK)
    person.type(document, 2, "?")
    first, bulk, last = person.history.events()
    assert bulk.summarised
    assert bulk.inserted_bytes == 7 * len(places)
    assert bulk.change.diff.count("+renamed") == 7
    assert [first.summarised, last.summarised] == [False, False]


def test_a_line_longer_than_a_summary_leaves_no_event(person: Person) -> None:
    document = person.open("a\n")
    person.type(document, 0, "x" * 10_000)
    assert person.diffs == []


def test_text_that_changed_unseen_ends_the_event(person: Person) -> None:
    document = person.open(numbered(5))
    person.type(document, 1, "!")
    document.apply(0, [])
    document.apply(1, [Change("other\ntext\n")])
    assert person.diffs == [], "what grew cannot be told any more"
    person.type(document, 1, "?")
    assert person.diffs == ["@@ -1,2 +1,2 @@\n other\n-text\n+text?\n"]


def test_an_event_finished_in_time_survives_the_doubt(person: Person) -> None:
    document = person.open(numbered(5))
    person.type(document, 1, "!")
    document.apply(0, [])
    person.history.finish(document)
    document.apply(1, [Change(numbered(9))])
    assert len(person.diffs) == 1


def test_a_reopened_document_is_another_one(person: Person) -> None:
    person.type(person.open(numbered(5)), 1, "!")
    reopened = person.open(numbered(5))
    person.type(reopened, 1, "?")
    assert len(person.diffs) == 2


@pytest.mark.parametrize(("row", "hunks"), [(7, 1), (8, 2)])
def test_hunks_whose_context_would_touch_are_one(person: Person, row: int, hunks: int) -> None:
    document = person.open(numbered(20))
    person.type(document, 0, "!")
    person.type(document, row, "?")
    [diff] = person.diffs
    assert diff.count("@@ -") == hunks


def test_hunks_are_cut_at_rows_that_occur_once(person: Person) -> None:
    old = "def a():\n    x()\n\n\ndef b():\n    x()\n"
    new = "def a():\n    x()\n\n\ndef c():\n    x()\n\n\ndef b():\n    x()\n"
    document = person.open(old)
    document_end = (6, 0)
    person.edit(document, ((0, 0), document_end, new))
    [diff] = person.diffs
    assert "-" not in diff.partition("@@\n")[2]
    assert "+def c():\n" in diff


texts = st.sampled_from(["", "x", "y", "\n", "a\nb\n", "line 5\n", "\r\n", "\r", "\f", "é😋\n"])
starts = st.sampled_from([numbered(4), numbered(40), "a\r\nb\r\n\r\nc", "", "a\rb\n\nc"])
sources = st.sampled_from([Source.TYPED, Source.TYPED, Source.ACCEPTED, Source.BULK])
pauses_s = st.sampled_from([0.1, 0.1, 0.1, 1.5])


@st.composite
def notifications(draw: st.DrawFn, text: str) -> tuple[list[Replacement], str]:
    """Some changes that follow each other, and the text that they leave."""
    changes, scratch = [], Person().open(text)
    for version in range(1, draw(st.integers(1, 3)) + 1):
        rows = st.integers(0, len(scratch.lines) - 1)
        start, end = sorted((draw(rows), draw(rows)))
        change = ((start, 0), (draw(st.sampled_from([start, end])), 0), draw(texts))
        scratch.apply(version, [lsp_change(*change)])
        changes.append(change)
    return changes, scratch.text()


@settings(deadline=None)
@given(starts, st.data())
def test_events_applied_in_order_give_the_text_at_hand(start: str, data: st.DataObject) -> None:
    person = Person()
    document = person.open(start)
    for _ in range(data.draw(st.integers(1, 9), label="notifications")):
        changes, text = data.draw(notifications(document.text()))
        person.edit(document, *changes, source=data.draw(sources), after_s=data.draw(pauses_s))
        assert document.text() == text
        rows, events = bare_rows(start), person.history.events()
        if len(events) > FINISHED_EVENTS:  # the first ones may be forgotten
            return
        for event in events:
            assert not event.summarised
            rows = patched(rows, event)
        assert rows == bare_rows(text)


@settings(deadline=None)
@given(starts, st.data())
def test_the_history_does_not_depend_on_how_edits_were_bundled(
    start: str, data: st.DataObject
) -> None:
    """Replay from a store knows splices one by one."""
    person, replay = Person(), History()
    document = person.open(start)
    copy = person.open(start)
    for _ in range(data.draw(st.integers(1, 6), label="notifications")):
        changes, _ = data.draw(notifications(document.text()))
        source = data.draw(sources)
        splices = person.edit(document, *changes, source=source, after_s=data.draw(pauses_s))
        for splice in splices:
            copy.replay(document.version, splice)
            edit = Edit(document.uri, document.version, splice, source, person.now_s)
            replay.record(copy, edit, path_of(document))
        assert replay.events() == person.history.events()


long_texts = st.lists(st.sampled_from(["alpha", "beta", "", "gamma delta"]), max_size=900)


@settings(deadline=None)
@given(long_texts.map("\n".join), long_texts.map("\n".join))
def test_a_summary_is_a_true_beginning_of_the_change(old: str, new: str) -> None:
    person = Person()
    document = person.open(old)
    end = (len(document.lines) - 1, len(document.lines[-1]))
    splices = person.edit(document, ((0, 0), end, new))
    for event in person.history.events():
        shown, now = patched(bare_rows(old), event), bare_rows(new)
        assert event.inserted_bytes == sum(len(splice.new_text) for splice in splices)
        assert event.deleted_bytes == sum(len(splice.old_text) for splice in splices)
        numbers = re.findall(r"^@@ .*\+(\d+),(\d+) @@$", event.change.diff, re.MULTILINE)
        end_row = sum(map(int, numbers[-1])) - 1
        assert shown[:end_row] == now[:end_row]
        assert event.summarised or shown == now
