"""The sections beside the cursor's, at the very limits of their room."""

import pytest

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import (
    event_text,
    history_section,
    related_section,
    tokens,
    without_shown,
)
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile

RESERVED = ReservedLines(("<|user_cursor|>",))
EVENT = BufferChange("p/a.py", "p/a.py", "@@ -1,1 +1,1 @@\n-a\n+b\n")
RENAMED = BufferChange("p/a.py", "p/b.py", "@@ -1,1 +1,1 @@\n-a\n+b\n", predicted=True)
HEADING = "<filename>edit_history\n"


def test_an_event_names_both_paths_and_says_whether_it_was_predicted():
    assert event_text(RENAMED) == (
        "// User accepted prediction:\n--- a/p/b.py\n+++ b/p/a.py\n@@ -1,1 +1,1 @@\n-a\n+b\n"
    )


@pytest.mark.parametrize(("missing_tokens", "shown"), [(0, 2), (1, 1)])
def test_history_fills_its_room_to_the_last_token(missing_tokens, shown):
    room = tokens(HEADING) + 2 * tokens(event_text(EVENT)) - missing_tokens
    section = history_section([EVENT, EVENT], HEADING, room, RESERVED)
    assert section.count("--- a/") == shown


def test_a_history_without_room_for_an_event_has_no_heading():
    assert history_section([EVENT], HEADING, tokens(HEADING), RESERVED) == ""
    assert history_section([], HEADING, 1000, RESERVED) == ""


def test_the_newest_events_are_printed_from_oldest_to_newest():
    events = [BufferChange("p", "p", f"{number}\n") for number in range(8)]
    lines = history_section(events, HEADING, 1000, RESERVED).split("\n")
    assert [line for line in lines if line.isdigit()] == ["2", "3", "4", "5", "6", "7"]


FILES = (
    RelatedFile("a", 9, (RelatedExcerpt((0, 2), "one\ntwo"), RelatedExcerpt((2, 3), "three\n", 2))),
    RelatedFile("b", 3, (RelatedExcerpt((1, 3), "four\nfive\n", 1),)),
)


def test_related_files_show_where_rows_are_left_out():
    section = related_section(FILES, "<filename>", 1000, RESERVED)
    assert section == "<filename>a\none\ntwo\nthree\n...\n<filename>b\nfour\nfive\n"


@pytest.mark.parametrize(("missing_tokens", "shown"), [(0, 3), (1, 2)])
def test_related_files_fill_their_room_to_the_last_token(missing_tokens, shown):
    texts = ("<filename>a\n", "one\ntwo\n...\n", "<filename>b\n", "four\nfive\n", "three\n...\n")
    room = sum(map(tokens, texts)) - missing_tokens
    section = related_section(FILES, "<filename>", room, RESERVED)
    assert sum(word in section for word in ("one", "three", "four")) == shown


@pytest.mark.parametrize(
    ("rows", "kept"), [((0, 3), 0), ((0, 2), 1), ((1, 3), 1), (None, 2), ((3, 9), 2)]
)
def test_what_the_cursor_section_shows_is_not_shown_again(rows, kept):
    seen, other = without_shown(FILES, "a", rows)
    assert (len(seen.excerpts), len(other.excerpts)) == (kept, 1)
