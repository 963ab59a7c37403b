"""The document mirror against a plain string, on the texts that break mirrors."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeta_lsp.core.documents import LONG_LINE_CHARS, Change, Document, Position, Range
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.events import Splice
from zeta_lsp.core.text import Encoding, byte_length, split_lines

# Form feed, VT, NUL, NEL, line separator, combining, astral, and both halves of a surrogate pair.
HOSTILE = "ab \n\r\r\n\t\f\v\x00\x85\u2028é漢\u0301\U0001f60b\ud83d\ude0b"
texts = st.lists(st.sampled_from([*HOSTILE, "\r\n", "\n"]), max_size=12).map("".join)
encodings = st.sampled_from(Encoding)
WIDTH = {
    Encoding.UTF8: lambda char: len(char.encode("utf-8", "surrogatepass")),
    Encoding.UTF16: lambda char: 2 if char > "\uffff" else 1,
    Encoding.UTF32: lambda _: 1,
}


def opened(text: str, encoding: Encoding = Encoding.UTF16, version: int = 0) -> Document:
    return Document("file:///a.py", "python", version, text, encoding)


def ranged(start: tuple[int, int], end: tuple[int, int], text: str) -> Change:
    return Change(text, Range(Position(*start), Position(*end)))


def offsets_of_places(text: str) -> list[int]:
    """Every offset that is a position: all but those inside a ``\\r\\n``."""
    return [i for i in range(len(text) + 1) if text[i - 1 : i + 1] != "\r\n" or i == 0]


def editor_position(text: str, offset: int, encoding: Encoding) -> tuple[int, int]:
    """A position counted from the text alone, without a list of lines."""
    ends = [end.end() for end in re.finditer("\r\n|\r|\n", text) if end.end() <= offset]
    start = ends[-1] if ends else 0
    return len(ends), sum(map(WIDTH[encoding], text[start:offset]))


def replaced(lines: list[str], splice: Splice) -> list[str]:
    """What a reader of splices makes of some lines."""
    text = "".join(lines)
    start = sum(map(len, lines[: splice.start_row])) + splice.start_col
    end = sum(map(len, lines[: splice.old_end_row])) + splice.old_end_col
    assert text[start:end] == splice.old_text
    after = text[:start] + splice.new_text + text[end:]
    found = split_lines(after)
    new_end = sum(map(len, found[: splice.new_end_row])) + splice.new_end_col
    assert new_end == start + len(splice.new_text)
    assert len(found) - len(lines) == splice.row_delta
    assert found[splice.new_end_row + 1 :] == lines[splice.old_end_row + 1 :]
    return found


@st.composite
def scripts(draw: st.DrawFn) -> tuple[str, Encoding, list[list[tuple[Change, str]]]]:
    """A text, and notifications of changes with the text that each of them leaves."""
    text, encoding = draw(texts), draw(encodings)
    start_text, notifications = text, []
    for _ in range(draw(st.integers(1, 4))):
        notification = []
        for _ in range(draw(st.integers(0, 3))):
            places = st.sampled_from(offsets_of_places(text))
            start, end = sorted((draw(places), draw(places)))
            new = draw(texts)
            if draw(st.integers(0, 9)) == 0:
                change, text = Change(new), new
            else:
                positions = (editor_position(text, offset, encoding) for offset in (start, end))
                change, text = ranged(*positions, new), text[:start] + new + text[end:]
            notification.append((change, text))
        notifications.append(notification)
    return start_text, encoding, notifications


@settings(deadline=None)
@given(scripts())
def test_the_mirror_says_what_the_editor_says(
    script: tuple[str, Encoding, list[list[tuple[Change, str]]]],
) -> None:
    text, encoding, notifications = script
    document = opened(text, encoding)
    for version, notification in enumerate(notifications, 1):
        document.apply(version, [change for change, _ in notification])
        text = notification[-1][1] if notification else text
        assert document.unsynced is None
        assert document.text() == text
        assert document.lines == split_lines(text)
        assert document.version == version
        assert document.size_bytes == byte_length(text)


@settings(deadline=None)
@given(scripts())
def test_splices_alone_tell_what_happened_and_can_be_taken_back(
    script: tuple[str, Encoding, list[list[tuple[Change, str]]]],
) -> None:
    text, encoding, notifications = script
    document = opened(text, encoding)
    lines, states, done = document.lines.copy(), [document.lines.copy()], []
    for version, notification in enumerate(notifications, 1):
        for splice in document.apply(version, [change for change, _ in notification]):
            lines = replaced(lines, splice)
            states.append(lines)
            done.append(splice)
    assert lines == document.lines
    for splice in reversed(done):
        states.pop()
        lines = replaced(lines, splice.inverted())
        assert lines == states[-1]


@settings(deadline=None)
@given(scripts())
def test_splices_of_another_time_replay_to_the_same_text(
    script: tuple[str, Encoding, list[list[tuple[Change, str]]]],
) -> None:
    text, encoding, notifications = script
    document, copy = opened(text, encoding), opened(text, Encoding.UTF8)
    for version, notification in enumerate(notifications, 1):
        for splice in document.apply(version, [change for change, _ in notification]):
            copy.replay(version, splice)
    assert copy.lines == document.lines
    assert copy.fingerprint == document.fingerprint


@pytest.mark.parametrize("text", ["b\n", "", "x", "\n\n"])
def test_a_splice_is_not_replayed_on_another_text(text: str) -> None:
    [splice] = opened("a\n").apply(1, [ranged((0, 0), (1, 0), "")])
    document = opened(text)
    with pytest.raises(PositionError) as caught:
        document.replay(1, splice)
    assert caught.value.reason == "splice_does_not_fit"
    assert document.text() == text


@settings(deadline=None)
@given(scripts())
def test_retracing_shows_each_state_and_ends_in_the_latest(
    script: tuple[str, Encoding, list[list[tuple[Change, str]]]],
) -> None:
    text, encoding, notifications = script
    document = opened(text, encoding)
    for version, notification in enumerate(notifications, 1):
        lines = document.lines.copy()
        splices = document.apply(version, [change for change, _ in notification])
        latest, revision, fingerprint = document.text(), document.revision, document.fingerprint
        for splice, state in zip(document.retrace(splices), document.trail[1:], strict=True):
            lines = replaced(lines, splice)
            assert document.lines == lines
            assert document.fingerprint == state
        next(document.retrace(splices), None)  # a reader that gives up after the first
        assert (document.text(), document.revision) == (latest, revision)
        assert document.fingerprint == fingerprint


@settings(deadline=None)
@given(scripts())
def test_equal_texts_have_equal_fingerprints_and_others_differ(
    script: tuple[str, Encoding, list[list[tuple[Change, str]]]],
) -> None:
    text, encoding, notifications = script
    document = opened(text, encoding)
    seen = {text: document.fingerprint}
    for version, notification in enumerate(notifications, 1):
        document.apply(version, [change for change, _ in notification])
        assert seen.setdefault(document.text(), document.fingerprint) == document.fingerprint
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize(
    ("text", "change", "lines", "why"),
    [
        (
            "a\r",
            ranged((1, 0), (1, 0), "\n"),
            ["a\r\n", ""],
            "a lone CR is completed from the next line",
        ),
        ("a\nb", ranged((0, 1), (0, 1), "\r"), ["a\r\n", "b"], "a CR comes before a LF"),
        ("a\r\nb", ranged((0, 1), (1, 0), ""), ["ab"], "both halves go at once"),
        (
            "a\rx\nb",
            ranged((1, 0), (1, 1), ""),
            ["a\r\n", "b"],
            "what stood between CR and LF goes",
        ),
        ("a\r\n\nb", ranged((1, 0), (2, 0), ""), ["a\r\n", "b"], "an empty line after a CRLF goes"),
        ("a\r\nb", ranged((0, 1), (1, 0), "\n"), ["a\n", "b"], "CRLF becomes LF"),
        ("a\r\nb", ranged((0, 1), (1, 0), "\r"), ["a\r", "b"], "CRLF becomes CR"),
        ("a\nb", ranged((0, 1), (1, 0), "\r\n"), ["a\r\n", "b"], "LF becomes CRLF"),
        (
            "a\r\nb",
            ranged((0, 1), (1, 0), "\rx\n"),
            ["a\r", "x\n", "b"],
            "text goes between CR and LF",
        ),
        (
            "\r\r\n",
            ranged((1, 0), (1, 0), "x"),
            ["\r", "x\r\n", ""],
            "a CR before a CRLF stays alone",
        ),
        (
            "a\fb\x85c\u2028d",
            ranged((0, 7), (0, 7), "e"),
            ["a\fb\x85c\u2028de"],
            "no other terminator",
        ),
    ],
)
def test_line_ends_come_together_and_apart(
    text: str, change: Change, lines: list[str], why: str
) -> None:
    document = opened(text)
    before = document.lines.copy()
    [splice] = document.apply(1, [change])
    assert document.lines == lines, why
    assert replaced(before, splice) == lines, why


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (ranged((3, 0), (3, 0), "x"), "range_past_end"),
        (ranged((0, 0), (3, 0), "x"), "range_past_end"),
        (ranged((0, 0), (2**31 - 1, 2**31 - 1), "x"), "range_past_end"),
        (ranged((0, 4), (0, 4), "x"), "range_past_end"),
        (ranged((0, 0), (2, 1), "x"), "range_past_end"),
        (ranged((1, 2), (0, 1), "x"), "reversed_range"),
        (ranged((0, 1), (0, 0), ""), "reversed_range"),
        (ranged((1, 1), (1, 1), "x"), "position_inside_character"),
        (ranged((-1, 0), (0, 0), "x"), "negative_position"),
        (ranged((0, -1), (0, 0), "x"), "negative_position"),
    ],
)
def test_a_range_the_text_does_not_have_is_a_doubt(change: Change, reason: str) -> None:
    document = opened("ab\n\U0001f60bd\n")
    typed = ranged((0, 2), (0, 2), "c")
    assert document.apply(1, [typed, change, typed]) == []
    assert document.unsynced == reason
    assert document.text() == "ab\n\U0001f60bd\n", "the notification is left out whole"
    assert document.trail == [document.fingerprint]


@pytest.mark.parametrize(
    ("version", "reason"), [(5, "version_repeated"), (4, "version_went_back"), (6, None), (9, None)]
)
def test_versions_must_grow_but_may_jump(version: int, reason: str | None) -> None:
    document = opened("a", version=5)
    splices = document.apply(version, [ranged((0, 1), (0, 1), "b")])
    assert (document.unsynced, len(splices)) == (reason, 0 if reason else 1)
    assert document.version == version


def test_a_change_without_a_version_is_the_next_one() -> None:
    document = opened("a", version=5)
    document.apply(None, [ranged((0, 1), (0, 1), "b")])
    assert (document.unsynced, document.version, document.text()) == (None, 6, "ab")


def test_nothing_is_applied_until_a_full_text_heals_the_doubt() -> None:
    document = opened("a")
    document.apply(0, [ranged((0, 1), (0, 1), "b")])
    assert document.apply(1, [ranged((0, 1), (0, 1), "c")]) == []
    assert (document.unsynced, document.text()) == ("version_repeated", "a")
    revision = document.revision
    splices = document.apply(2, [Change("xy\n"), ranged((0, 2), (0, 2), "z")])
    assert (document.unsynced, document.text()) == (None, "xyz\n")
    assert [splice.new_text for splice in splices] == ["z"], "what came whole is no edit"
    assert document.revision == revision + 2, "a reader of splices sees that it missed something"


def test_a_full_text_is_trusted_whatever_its_version() -> None:
    document = opened("a", version=5)
    assert document.apply(3, [Change("b")]) == []
    assert (document.unsynced, document.version, document.text()) == (None, 3, "b")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc\n", "a\nbx\nc\n", (1, 1, "", "x")),
        ("a\nb\nc\n", "a\nc\n", (1, 0, "b\n", "")),
        ("a\nb", "a\nb\n", (1, 1, "", "\n")),
        ("a\r\nb\r\n", "a\r\nb\r\nc\r\n", (2, 0, "", "c\r\n")),
        ("a\r\n", "a\n", (0, 1, "\r\n", "\n")),
        ("", "a\n", (0, 0, "", "a\n")),
        ("a\n", "", (0, 0, "a\n", "")),
    ],
)
def test_a_full_text_becomes_the_one_splice_that_was_typed(
    before: str, after: str, expected: tuple[int, int, str, str]
) -> None:
    document = opened(before)
    [splice] = document.apply(1, [Change(after)])
    assert (splice.start_row, splice.start_col, splice.old_text, splice.new_text) == expected
    assert document.lines == split_lines(after)


def test_a_change_that_changes_nothing_is_no_edit() -> None:
    document = opened("a)\n")
    assert document.apply(1, [Change("a)\n"), ranged((0, 1), (0, 2), ")")]) == []
    assert (document.version, document.revision, document.unsynced) == (1, 1, None)


def test_a_word_that_was_sent_for_a_letter_is_cut_down_to_the_letter() -> None:
    document = opened("pri\n")
    [splice] = document.apply(1, [ranged((0, 0), (0, 3), "print")])
    assert (splice.start_col, splice.old_text, splice.new_text) == (3, "", "nt")


def test_places_translate_both_ways() -> None:
    document = opened("\U0001f60bab\n", Encoding.UTF16)
    assert document.point(Position(0, 3)) == (0, 2)
    assert document.position(0, 2) == Position(0, 3)
    assert document.rows(0, 1) == "\U0001f60bab\n"


def test_long_lines_and_binary_files_are_known_without_looking_again() -> None:
    document = opened("a\n\n")
    assert not document.has_long_line
    document.apply(1, [ranged((1, 0), (1, 0), "x" * (LONG_LINE_CHARS + 1))])
    assert document.has_long_line
    document.apply(2, [ranged((1, 0), (1, 2), "")])
    assert not document.has_long_line
    document.limit_lines(3)
    assert document.has_long_line
    document.apply(3, [ranged((1, 0), (1, LONG_LINE_CHARS - 5), "")])
    assert document.has_long_line
    document.apply(4, [ranged((1, 0), (1, 2), "")])
    assert not document.has_long_line
    assert opened("\x7fELF\x00").looks_binary
    assert not document.looks_binary
