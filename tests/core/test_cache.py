from zeta_lsp.core.cache import (
    ANSWER_S,
    ANSWERS_KEPT,
    REJECTION_S,
    REJECTIONS_KEPT,
    Answers,
    Rejections,
)


def test_a_text_that_was_there_before_has_its_answer() -> None:
    answers: Answers[str] = Answers()
    answers.put(1, "rest of it", 100.0)
    assert answers.get(1, 101.0) == "rest of it"
    assert answers.get(2, 101.0) is None


def test_answers_grow_old() -> None:
    answers: Answers[str] = Answers()
    answers.put(1, "old", 100.0)
    assert answers.get(1, 100.0 + ANSWER_S) == "old"
    assert answers.get(1, 101.0 + ANSWER_S) is None


def test_the_oldest_answers_make_room() -> None:
    answers: Answers[int] = Answers()
    answers.put(-1, -1, 100.0)
    for text in range(ANSWERS_KEPT - 1):
        answers.put(text, text, 100.0)
    answers.put(-1, -2, 100.0)  # used again: no longer the oldest
    answers.put(ANSWERS_KEPT, 0, 100.0)
    assert answers.get(0, 100.0) is None
    assert answers.get(-1, 100.0) == -2


def test_what_is_forgotten_is_not_shown_again() -> None:
    answers: Answers[str] = Answers()
    answers.put(1, "one", 100.0)
    answers.put(2, "two", 100.0)
    answers.forget(1)
    answers.forget(3)
    assert (answers.get(1, 100.0), answers.get(2, 100.0)) == (None, "two")
    answers.clear()
    assert answers.get(2, 100.0) is None


def test_a_rejection_holds_for_a_moment() -> None:
    rejections = Rejections()
    rejections.add(1, 100.0)
    assert rejections.holds(1, 100.0 + REJECTION_S)
    assert not rejections.holds(1, 101.0 + REJECTION_S)
    assert not rejections.holds(2, 100.0)


def test_the_oldest_rejections_make_room() -> None:
    rejections = Rejections()
    rejections.add(-1, 100.0)
    for proposal in range(REJECTIONS_KEPT - 1):
        rejections.add(proposal, 100.0)
    rejections.add(-1, 100.0)
    rejections.add(REJECTIONS_KEPT, 100.0)
    assert not rejections.holds(0, 100.0)
    assert rejections.holds(-1, 100.0)
