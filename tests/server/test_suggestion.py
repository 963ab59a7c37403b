"""What the changes of a document do to a suggestion, and what they say about its acceptance."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.typing_person import lsp_change
from zeta_lsp.core.clusters import clusters_of, whole_line_edit
from zeta_lsp.core.documents import Document
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.lifecycle import Happening, State
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.suggestion import Suggestion

TEXT = "def area(w):\n    return w\n\n\nprint(area(1))\nend\n"
NAME = TextEdit(0, 10, 0, 10, "idth")
BODY = TextEdit(1, 12, 1, 12, "idth")
CALL = TextEdit(4, 11, 4, 12, "2")
ROWS = TextEdit(5, 0, 5, 0, "print(area(3))\n")

Place = tuple[int, int]


class Desk:
    """A document with a suggestion, and what happened to it."""

    def __init__(self, *edits: TextEdit, text: str = TEXT) -> None:
        self.document = Document("file:///p/a.py", "python", 0, text, Encoding.UTF32)
        reply = Reply(Answer(), None, Finish.STOP, "model")
        file: Any = SimpleNamespace(document=self.document)
        self.suggestion = Suggestion("p1", file, clusters_of(edits), reply, 1.0)
        self.suggestion.finish()
        self.suggestion.happen(Happening.SHOW)
        self.accepted: list[frozenset[int]] = []

    def change(self, *changes: tuple[Place, Place, str]) -> Happening | None:
        """One notification, and what it did."""
        splices = self.document.apply(
            self.document.version + 1, [lsp_change(*change) for change in changes]
        )
        step = self.suggestion.follow(splices, self.document.lines, 5.0)
        self.accepted.append(step.accepted)
        if step.happening is not None:
            self.suggestion.happen(step.happening)
        return step.happening

    def type(self, row: int, col: int, text: str) -> None:
        """A notification a key."""
        for offset, key in enumerate(text):
            self.change(at(row, col + offset, key))

    @property
    def state(self) -> State:
        return self.suggestion.state

    @property
    def left(self) -> list[TextEdit]:
        return [edit for cluster in self.suggestion.clusters for edit in cluster]


def at(row: int, col: int, text: str) -> tuple[Place, Place, str]:
    return (row, col), (row, col), text


def change_of(edit: TextEdit) -> tuple[Place, Place, str]:
    return (edit.start_row, edit.start_col), (edit.end_row, edit.end_col), edit.new_text


def on_a_loop(scenario: Callable[[], None]) -> None:
    """Suggestions are made while the loop runs."""

    async def run() -> None:
        scenario()

    asyncio.run(run())


def test_typing_along_keeps_it_fresh_and_shortens_it() -> None:
    def scenario() -> None:
        desk = Desk(BODY, CALL)
        desk.type(1, 12, "id")
        assert desk.left == [TextEdit(1, 14, 1, 14, "th"), CALL]
        assert desk.suggestion.answers_at_once
        assert desk.state is State.SHOWN
        assert not any(desk.accepted)

    on_a_loop(scenario)


def test_typing_one_cluster_through_leaves_the_others_and_ends_nothing() -> None:
    def scenario() -> None:
        desk = Desk(BODY, CALL)
        desk.type(1, 12, "idth")
        assert desk.left == [CALL]
        assert desk.state is State.SHOWN
        assert desk.change(((4, 11), (4, 12), "")) is None
        assert desk.left == [TextEdit(4, 11, 4, 11, "2")]
        assert desk.change(at(4, 11, "2")) is Happening.TYPE_THROUGH
        assert desk.suggestion.ended

    on_a_loop(scenario)


def test_new_rows_may_be_typed_after_the_enter_key() -> None:
    def scenario() -> None:
        desk = Desk(ROWS)
        desk.change(at(4, 14, "\n"))
        desk.type(5, 0, "print(area(3")
        assert desk.left == [TextEdit(5, 12, 5, 12, "))")]
        desk.type(5, 12, "))")
        assert desk.state is State.TYPED_THROUGH

    on_a_loop(scenario)


@pytest.mark.parametrize(
    "changes",
    [
        [change_of(CALL), change_of(BODY), change_of(NAME)],
        [change_of(NAME), change_of(BODY), change_of(CALL)],
    ],
    ids=["from the end", "from the start"],
)
def test_several_changes_at_once_accept_everything(changes: list[Any]) -> None:
    def scenario() -> None:
        desk = Desk(NAME, BODY, CALL)
        assert desk.change(*changes) is Happening.ACCEPT
        assert desk.accepted == [frozenset({0, 1, 2})]
        assert desk.state is State.ACCEPTED
        assert desk.suggestion.ended

    on_a_loop(scenario)


def test_one_change_of_whole_lines_accepts_one_cluster() -> None:
    def scenario() -> None:
        desk = Desk(NAME, BODY, CALL)
        first = desk.suggestion.clusters[0]
        assert desk.change(change_of(whole_line_edit(first, desk.document.lines)))
        assert desk.state is State.ACCEPTED
        assert desk.left == [CALL]
        assert desk.suggestion.answers_at_once

    on_a_loop(scenario)


def test_whole_lines_that_begin_like_their_neighbours_accept_as_well() -> None:
    def scenario() -> None:
        desk = Desk(ROWS, text=TEXT.replace("end", "print(end)"))
        change = ((5, 0), (6, 0), "print(area(3))\nprint(end)\n")
        assert desk.change(change) is Happening.ACCEPT
        assert desk.suggestion.ended

    on_a_loop(scenario)


def test_a_word_of_it_accepts_it_partly_and_the_rest_stays() -> None:
    def scenario() -> None:
        desk = Desk(ROWS)
        assert desk.change(at(5, 0, "print(")) is Happening.ACCEPT_PART
        assert desk.accepted == [frozenset({0})]
        assert desk.left == [TextEdit(5, 6, 5, 6, "area(3))\n")]
        assert desk.suggestion.answers_at_once
        assert desk.change(at(5, 6, "area(3))\n")) is Happening.ACCEPT
        assert desk.state is State.ACCEPTED

    on_a_loop(scenario)


def test_what_was_accepted_in_part_stays_so_after_a_contradiction() -> None:
    def scenario() -> None:
        desk = Desk(ROWS)
        desk.change(at(5, 0, "print("))
        assert desk.change(at(5, 6, "x")) is Happening.CONTRADICT
        assert desk.state is State.PARTLY
        assert desk.suggestion.ended

    on_a_loop(scenario)


def test_a_contradiction_rejects_all_of_it() -> None:
    def scenario() -> None:
        desk = Desk(BODY, CALL)
        assert desk.change(((1, 11), (1, 12), "height")) is Happening.CONTRADICT
        assert desk.state is State.REJECTED
        assert desk.left == []
        assert not desk.suggestion.answers_at_once

    on_a_loop(scenario)


def test_an_edit_elsewhere_moves_it_and_asks_for_a_fresh_one() -> None:
    def scenario() -> None:
        desk = Desk(CALL)
        assert desk.change(at(0, 0, "import os\n")) is None
        assert desk.left == [TextEdit(5, 11, 5, 12, "2")]
        assert not desk.suggestion.answers_at_once
        assert desk.state is State.SHOWN
        assert desk.change(((5, 11), (5, 12), "2")) is Happening.TYPE_THROUGH

    on_a_loop(scenario)


def test_an_acceptance_with_an_edit_elsewhere_names_only_its_own_change() -> None:
    def scenario() -> None:
        desk = Desk(BODY)
        happening = desk.change(at(0, 0, "import os\n"), ((2, 11), (2, 12), "width"))
        assert happening is Happening.ACCEPT
        assert desk.accepted == [frozenset({1})]
        assert not desk.suggestion.fresh

    on_a_loop(scenario)


def test_a_key_along_with_an_edit_elsewhere_is_still_a_key() -> None:
    def scenario() -> None:
        desk = Desk(BODY)
        assert desk.change(at(1, 12, "i"), at(0, 0, "import os\n")) is None
        assert desk.left == [TextEdit(2, 13, 2, 13, "dth")]
        assert desk.state is State.SHOWN

    on_a_loop(scenario)


def test_it_waits_for_its_rest_while_the_model_writes() -> None:
    def scenario() -> None:
        desk = Desk(BODY)
        desk.suggestion.rest = asyncio.get_running_loop().create_future()
        desk.change(change_of(BODY))
        assert desk.suggestion.awaits_rest
        desk.suggestion.extend(clusters_of([CALL]))
        assert desk.suggestion.answers_at_once
        desk.change(change_of(CALL))
        assert desk.suggestion.awaits_rest
        desk.suggestion.finish()
        assert not desk.suggestion.awaits_rest

    on_a_loop(scenario)
