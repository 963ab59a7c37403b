"""Who made an edit, told from what it looks like and what it leads to; each row says why."""

import pytest

from tests.core.typing_person import Replacement, lsp_change, numbered
from zeta_lsp.core.documents import Change, Document
from zeta_lsp.core.events import Source
from zeta_lsp.core.provenance import BULK_BYTES, FORMATTING_S, Hints, Provenance
from zeta_lsp.core.text import Encoding

TEXT = "import os\n\ndef add(a, b):\n    x = a\n    return x+b\n\n\nprint(add(1, 2))\n"


class Session:
    """One document whose edits are classified as they come."""

    def __init__(self, text: str = TEXT) -> None:
        self.document = Document("file:///a.py", "python", 0, text, Encoding.UTF32)
        self.provenance = Provenance()
        self.now_s = 0.0

    def edit(self, *changes: Replacement, hints: Hints | None = None) -> list[Source]:
        return self.send([lsp_change(*change) for change in changes], hints)

    def send(self, changes: list[Change], hints: Hints | None = None) -> list[Source]:
        self.now_s += 0.1
        splices = self.document.apply(self.document.version + 1, changes)
        assert self.document.unsynced is None
        return self.provenance.classify(self.document, splices, self.now_s, hints or Hints())

    def type(self, row: int, col: int, text: str) -> list[Source]:
        """Key by key."""
        found = []
        for offset, char in enumerate(text):
            found += self.edit(at(row, col + offset, char))
        return found


def at(row: int, col: int, text: str) -> Replacement:
    return (row, col), (row, col), text


def gone(row: int, start: int, end: int) -> Replacement:
    return (row, start), (row, end), ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (at(0, 9, "x"), "one character"),
        (at(0, 9, "\t"), "a tab"),
        (at(0, 9, "    "), "an indentation"),
        (gone(3, 0, 4), "an indentation taken away"),
        (gone(0, 8, 9), "a backspace"),
        (((1, 0), (2, 0), ""), "an empty line joined"),
        (((2, 0), (6, 0), ""), "deleted lines: one key in many editors"),
        (gone(0, 0, 9), "a deleted word"),
        (((0, 0), (0, 1), "I"), "an overwritten character"),
        (at(2, 14, "\n    "), "a new line and its indentation"),
        (at(2, 14, "\r\n    "), "a new line and its indentation in a file with CRLF"),
        (at(2, 14, "\n    \n"), "a new line between brackets"),
        (at(2, 14, "\n    \n}"), "a new line that pushes the bracket down"),
        (at(0, 9, "\n# "), "a new line of a comment"),
        (at(0, 9, "\n * "), "a new line of a block comment"),
        (at(0, 9, "()"), "a bracket and its closing one"),
        (at(0, 9, '""'), "a quote and its closing one"),
        (gone(7, 5, 5 + 5), "part of a call"),
        (at(0, 9, "\U0001f468\u200d\U0001f469\u200d\U0001f467"), "an emoji of many code points"),
        (at(0, 9, "你好"), "what an input method commits"),
        (at(0, 9, "path"), "a completed word"),
        (at(0, 9, "path.join"), "a completed name"),
        (at(0, 9, "print()"), "a completed call"),
        (((7, 0), (7, 2), "private_method"), "a completion that replaces what was typed of it"),
    ],
)
def test_what_a_key_press_explains_was_typed(change: Replacement, why: str) -> None:
    assert Session().edit(change) == [Source.TYPED], why


@pytest.mark.parametrize(
    ("change", "source", "why"),
    [
        (at(1, 0, "def f(x): return x\n"), Source.PASTED, "a line"),
        (at(1, 0, "a + b"), Source.PASTED, "words with blanks"),
        (at(1, 0, "https://example.com/a/b"), Source.PASTED, "an address is no word of code"),
        (at(1, 0, "\n\nfoo"), Source.PASTED, "a new line that has text"),
        (at(1, 0, "x" * 81), Source.PASTED, "longer than names are"),
        (((3, 4), (4, 14), "y = b\n    return y"), Source.PASTED, "over a selection"),
        (at(1, 0, "some text\n" * 600), Source.PASTED, "large, but a paste still"),
        (at(1, 0, "some text\n" * 700), Source.BULK, "more than a person pastes"),
        (((0, 0), (8, 0), "some text\n" * 700), Source.BULK, "a rewritten file"),
        (((0, 0), (8, 0), TEXT.replace("x+b", "x + b")), Source.FORMATTER, "sent whole"),
        (
            ((3, 0), (5, 0), "  x = a\n  return x + b\n"),
            Source.FORMATTER,
            "rows that keep their tokens",
        ),
        (((2, 7), (2, 13), "(\n    a,\n    b,\n)"), Source.FORMATTER, "arguments one by one"),
    ],
)
def test_what_came_at_once_in_one_place(change: Replacement, source: Source, why: str) -> None:
    assert Session().edit(change) == [source], why


@pytest.mark.parametrize(
    ("changes", "source", "why"),
    [
        ([at(0, 9, "a"), at(0, 10, "b"), at(0, 11, " ")], Source.TYPED, "fast typing, bundled"),
        ([at(0, 9, "a"), at(0, 10, "\n"), at(1, 0, "b")], Source.TYPED, "fast typing over lines"),
        ([gone(0, 8, 9), gone(0, 7, 8)], Source.TYPED, "backspace held down"),
        ([gone(3, 4, 5), at(4, 4, "q")], Source.TYPED, "keys in two places within one bundle"),
        ([at(4, 4, "q"), at(3, 4, "q")], Source.TYPED, "two cursors"),
        ([at(4, 0, "    "), at(3, 0, "    ")], Source.TYPED, "a block indented"),
        ([at(4, 13, " "), at(4, 12, " "), at(3, 0, "\t")], Source.FORMATTER, "blanks of all kinds"),
        (
            [((7, 10), (7, 14), "1,2,"), ((3, 0), (3, 4), "\t")],
            Source.FORMATTER,
            "separators and indentation",
        ),
        ([((7, 6), (7, 9), "plus"), ((2, 4), (2, 7), "plus")], Source.BULK, "a renaming"),
        ([at(7, 16, "\nfoo(1)"), at(0, 9, "\nimport sys")], Source.BULK, "an agent's work"),
        ([at(7, 6, "sys"), at(0, 9, "\nimport sys")], Source.TYPED, "a completion with its import"),
        ([((7, 0), (7, 5), "log"), at(0, 0, "from log import log\n")], Source.TYPED, "the same"),
    ],
)
def test_what_came_at_once_in_several_places(
    changes: list[Replacement], source: Source, why: str
) -> None:
    assert Session().edit(*changes) == [source] * len(changes), why


def test_a_paste_in_a_bundle_of_keys_is_the_one_paste() -> None:
    sources = Session().edit(at(0, 9, "\n"), at(1, 0, "pasted some text"), at(1, 16, "x"))
    assert sources == [Source.TYPED, Source.PASTED, Source.TYPED]


def test_what_was_typed_goes_at_once_by_undo_and_comes_back_by_redo() -> None:
    session = Session()
    assert set(session.type(1, 0, "total = 0")) == {Source.TYPED}
    assert session.edit(gone(1, 0, 9)) == [Source.UNDO]
    assert session.edit(at(1, 0, "total = 0")) == [Source.REDO]
    assert session.edit(gone(1, 5, 9)) == [Source.UNDO], "an editor may undo in smaller steps"
    assert session.edit(gone(1, 0, 5)) == [Source.UNDO]
    assert session.edit(at(1, 0, "total")) == [Source.REDO]


def test_one_character_taken_back_is_a_backspace() -> None:
    session = Session()
    session.type(1, 0, "ab")
    assert session.edit(gone(1, 1, 2)) == [Source.TYPED]
    assert session.edit(gone(1, 0, 1)) == [Source.TYPED]
    assert session.edit(at(1, 0, "a")) == [Source.TYPED]


def test_bundled_keys_can_be_undone_to_any_state_between_them() -> None:
    session = Session()
    session.edit(gone(0, 8, 9), at(1, 0, "x"), at(1, 1, " = "), at(1, 4, "1"))
    assert session.edit(gone(1, 1, 5)) == [Source.UNDO]


def test_an_undo_of_many_places_is_one_notification() -> None:
    session = Session()
    renamed = [((7, 6), (7, 9), "plus"), ((2, 4), (2, 7), "plus")]
    assert session.edit(*renamed) == [Source.BULK] * 2
    undone = [((7, 6), (7, 10), "add"), ((2, 4), (2, 8), "add")]
    assert session.edit(*undone) == [Source.UNDO] * 2
    assert session.edit(*renamed) == [Source.REDO] * 2


@pytest.mark.parametrize(
    ("change", "inverse"),
    [
        (at(1, 0, "pasted text here"), gone(1, 0, 16)),
        (((2, 0), (6, 0), ""), at(2, 0, "def add(a, b):\n    x = a\n    return x+b\n\n")),
        (at(2, 14, "\n    "), ((2, 14), (3, 4), "")),
        (((0, 0), (0, 6), "export"), ((0, 0), (0, 6), "import")),
    ],
)
def test_whatever_was_done_its_inverse_is_an_undo(
    change: Replacement, inverse: Replacement
) -> None:
    session = Session()
    session.edit(change)
    assert session.edit(inverse) == [Source.UNDO]


def test_a_full_text_that_brings_back_an_earlier_one_is_an_undo() -> None:
    session = Session()
    session.type(1, 0, "total = 0")
    assert session.send([Change(TEXT)]) == [Source.UNDO]


def test_what_was_undone_is_forgotten_once_something_else_is_typed() -> None:
    session = Session()
    session.edit(at(1, 0, "pasted text here"))
    session.edit(gone(1, 0, 16))
    session.type(1, 0, "y")
    session.edit(gone(1, 0, 1))
    assert session.edit(at(1, 0, "pasted text here")) == [Source.PASTED]


def test_the_same_lines_in_another_order_are_another_text() -> None:
    session = Session("a\nb\nc\n")
    session.edit(at(2, 1, " + pasted"))
    moved = session.edit(gone(2, 1, 10), ((0, 0), (2, 0), "b\na\n"))
    assert moved == [Source.BULK] * 2


def test_the_caller_knows_what_was_accepted_and_what_came_from_disk() -> None:
    session = Session()
    typed_on = session.edit(
        at(1, 0, "x = [1, 2]"), at(1, 10, ";"), hints=Hints(accepted=frozenset({0}))
    )
    assert typed_on == [Source.ACCEPTED, Source.TYPED]
    assert session.edit(gone(1, 0, 11)) == [Source.UNDO], "an accepted prediction can be undone"
    assert session.edit(at(0, 0, "# x\n"), hints=Hints(disk=True)) == [Source.DISK]


@pytest.mark.parametrize(
    ("changes", "expected", "otherwise", "why"),
    [
        ([gone(3, 0, 2)], Source.FORMATTER, Source.TYPED, "blanks"),
        ([((5, 0), (6, 0), "")], Source.FORMATTER, Source.TYPED, "an empty line"),
        ([((7, 6), (7, 9), "'a'"), at(0, 0, "# ")], Source.FORMATTER, Source.BULK, "many places"),
        ([at(0, 9, "x")], Source.TYPED, Source.TYPED, "the person types on"),
    ],
)
def test_a_formatter_is_expected_while_a_file_is_saved(
    changes: list[Replacement], expected: Source, otherwise: Source, why: str
) -> None:
    saving, saved, late, idle = Session(), Session(), Session(), Session()
    for session in (saving, saved, late):
        session.provenance.expect_formatting(session.document, session.now_s)
    saved.provenance.formatted(saved.document)
    late.now_s += FORMATTING_S
    assert saving.edit(*changes) == [expected] * len(changes), why
    for session in (saved, late, idle):
        assert session.edit(*changes) == [otherwise] * len(changes), why


def test_nothing_changed_is_nobodys_edit() -> None:
    assert Session().send([]) == []
    assert Session().send([Change(TEXT)]) == []


def test_large_replacements_count_as_bulk_from_the_documented_size_on() -> None:
    for size, source in ((BULK_BYTES, Source.PASTED), (BULK_BYTES + 1, Source.BULK)):
        assert Session(numbered(3)).edit(at(1, 0, "a b" + "c" * (size - 3))) == [source]
