"""Predictions to show again, and predictions not to show again.

`Answers` remembers what was still to come at each text a prediction lived through. Whoever types
something else and takes it back is at a text that has an answer, and need not wait for the model.
`Rejections` remembers what the person turned down, so that the model's next answer, which is often
the same, is not held out to them at once.

Texts are known by `Document.fingerprint`. The clock is passed in.
"""

from collections import OrderedDict
from typing import Generic, TypeVar

ANSWERS_KEPT = 50
ANSWER_S = 300.0
"""How long an answer is worth something: context elsewhere changes meanwhile."""
REJECTIONS_KEPT = 64
REJECTION_S = 60.0
"""How long a rejection holds; after that the same proposal may have become welcome."""

Found = TypeVar("Found")


class Answers(Generic[Found]):
    """The latest answers of one document, by its text and nothing else."""

    __slots__ = ("_answers",)

    def __init__(self) -> None:
        self._answers: OrderedDict[int, tuple[Found, float]] = OrderedDict()

    def put(self, text: int, answer: Found, now_s: float) -> None:
        """Remember what can be shown at a text."""
        self._answers[text] = (answer, now_s)
        self._answers.move_to_end(text)
        if len(self._answers) > ANSWERS_KEPT:
            self._answers.popitem(last=False)

    def get(self, text: int, now_s: float) -> Found | None:
        """What can be shown at a text, if that is known and not too old."""
        answer, put_s = self._answers.get(text, (None, now_s))
        return answer if now_s - put_s <= ANSWER_S else None

    def forget(self, text: int) -> None:
        """Show nothing at a text any more: it was turned down there."""
        self._answers.pop(text, None)

    def clear(self) -> None:
        """Forget all: the text is in doubt, or another model answers."""
        self._answers.clear()


class Rejections:
    """What was turned down lately, by a fingerprint of what it would change and how."""

    __slots__ = ("_rejected_s",)

    def __init__(self) -> None:
        self._rejected_s: OrderedDict[int, float] = OrderedDict()

    def add(self, proposal: int, now_s: float) -> None:
        """A proposal was turned down."""
        self._rejected_s[proposal] = now_s
        self._rejected_s.move_to_end(proposal)
        if len(self._rejected_s) > REJECTIONS_KEPT:
            self._rejected_s.popitem(last=False)

    def holds(self, proposal: int, now_s: float) -> bool:
        """Whether it was turned down a moment ago."""
        rejected_s = self._rejected_s.get(proposal)
        return rejected_s is not None and now_s - rejected_s <= REJECTION_S
