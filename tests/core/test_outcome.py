from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.outcome import IDLE_S, MOVED_ON_S, UNDONE_S, Aftermath, Offer
from zeta_lsp.core.text import Encoding


def test_an_offer_stands_while_the_person_only_looks() -> None:
    offer = Offer(100.0)
    assert not offer.is_ignored(100.0 + IDLE_S - 1)
    assert offer.is_ignored(100.0 + IDLE_S)


def test_an_offer_is_ignored_once_the_person_has_worked_elsewhere_for_a_while() -> None:
    offer = Offer(100.0)
    offer.passed_by(110.0)
    offer.passed_by(130.0)  # the first time counts
    assert offer.due_s == 110.0 + MOVED_ON_S
    assert not offer.is_ignored(139.0)
    assert offer.is_ignored(140.0)


def test_coming_back_to_an_offer_starts_its_time_again() -> None:
    offer = Offer(100.0)
    offer.passed_by(110.0)
    offer.seen(120.0)
    assert offer.due_s == 120.0 + IDLE_S


def test_working_elsewhere_does_not_lengthen_an_offer() -> None:
    offer = Offer(100.0)
    offer.passed_by(100.0 + IDLE_S - 1)
    assert offer.due_s == 100.0 + IDLE_S


class Person:
    """Types into a document, accepts, and undoes."""

    def __init__(self) -> None:
        self.document = Document("file:///a.py", "python", 0, "x = 1\n", Encoding.UTF32)
        self.aftermath = Aftermath()
        self.undone: list[str] = []
        self.now_s = 100.0

    def insert(self, text: str, accepted: str | None = None) -> None:
        end = Position(0, len(self.document.lines[0]) - 1)
        self._change(Change(text, Range(end, end)))
        if accepted is not None:
            self.aftermath.accepted(accepted, self.document.trail[0], self.now_s)

    def take_back(self, text: str) -> None:
        end = len(self.document.lines[0]) - 1
        self._change(Change("", Range(Position(0, end - len(text)), Position(0, end))))

    def _change(self, change: Change) -> None:
        self.now_s += 1
        self.document.apply(self.document.version + 1, [change])
        self.undone += self.aftermath.undone(self.document.fingerprint, self.now_s)


def test_undoing_an_accepted_prediction_is_noticed_once() -> None:
    person = Person()
    person.insert(" + y", accepted="p1")
    person.take_back(" + y")
    person.insert("!")
    person.take_back("!")
    assert person.undone == ["p1"]


def test_it_is_noticed_behind_later_edits_too() -> None:
    person = Person()
    person.insert(" + y", accepted="p1")
    person.insert("z")
    person.take_back("z")
    assert person.undone == []
    person.take_back(" + y")
    assert person.undone == ["p1"]


def test_going_back_further_takes_back_all_that_was_accepted_since() -> None:
    person = Person()
    person.insert(" + a", accepted="p1")
    person.insert(" + b", accepted="p2")
    person.take_back(" + a + b")
    assert person.undone == ["p2", "p1"]


def test_the_latest_acceptance_can_be_undone_alone() -> None:
    person = Person()
    person.insert(" + a", accepted="p1")
    person.insert(" + b", accepted="p2")
    person.take_back(" + b")
    assert person.undone == ["p2"]
    person.take_back(" + a")
    assert person.undone == ["p2", "p1"]


def test_what_is_removed_much_later_was_no_mistake() -> None:
    person = Person()
    person.insert(" + y", accepted="p1")
    person.now_s += UNDONE_S
    person.take_back(" + y")
    assert person.undone == []
