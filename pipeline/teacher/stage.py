"""The stage that all askers are: questions of all rows first, then rows of all answers.

An asker says what to ask about a row, and what becomes of the row with the answers. The stage reads
the input twice. The first time it gathers the questions, which are then answered (`Asking.fill`);
the second time rows are made of what the cache holds. So the price is known before anything is
asked, a run that was cut short resumes by itself, and the same cache makes the same bytes.
"""

import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pipeline.records import Dropped, Row
from pipeline.stage import Surveyed
from pipeline.teacher.asking import Asking, Settings
from pipeline.teacher.cache import AnswerCache
from pipeline.teacher.calls import Question, digest_of, encoded
from pipeline.teacher.consent import STAYS_HOME, may_be_sent
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.vendors.base import Whom

Answers = Sequence[Reply | Failure]
"""The samples of one question, in their order."""


class Asker(Protocol):
    """What is particular about a stage that asks. Pure: the same row, the same questions."""

    name: str
    version: int

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """What to ask about a row; nothing, if it needs no asking."""

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """What becomes of it, with the answers to each of its questions."""


class AskingRows:
    """A `WholeStage` around an asker."""

    def __init__(
        self, asker: Asker, whom: Whom, settings: Settings, *, allow_private: bool = False
    ) -> None:
        self.name = asker.name
        self.version = asker.version
        self._asker = asker
        self._whom = whom
        self._settings = settings
        self._allow_private = allow_private

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> Surveyed:
        """Have everything answered.

        Raises:
            RunEnded: not all could be asked; what was answered is kept.
            UsageError: it would cost more than was allowed.
        """
        cache = AnswerCache(self._settings.cache)
        try:
            asking = Asking(cache, self._whom, self._settings, name=self.name)
            asking.fill(question for _, row in rows for question in self._questions_of(row))
        except BaseException:
            cache.close()
            raise
        return _Answered(self, cache)

    def _questions_of(self, row: Row) -> Sequence[Question]:
        try:
            found = self.questions(row)
        except Exception:  # noqa: BLE001 - the edge: the second pass drops this row and says why
            return ()
        return () if isinstance(found, Dropped) else found

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """What to ask about a row that may be sent."""
        if not may_be_sent(row, self._whom, allow_private=self._allow_private):
            return STAYS_HOME
        return self._asker.questions(row)

    def answered(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """What becomes of a row."""
        return self._asker.rows(row, answers)


class _Answered:
    """Makes rows of what the cache holds."""

    def __init__(self, stage: AskingRows, cache: AnswerCache) -> None:
        self._stage = stage
        self._cache = cache
        weakref.finalize(self, cache.close)

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped]:
        """The row with its answers."""
        questions = self._stage.questions(row)
        if isinstance(questions, Dropped):
            return [questions]
        return self._stage.answered(row, [self._answers(one) for one in questions])

    def _answers(self, question: Question) -> Answers:
        data = encoded(question.call)
        digests = [digest_of(data, sample) for sample in range(question.samples)]
        return [self._cache.reply(digest) or self._failure(digest) for digest in digests]

    def _failure(self, digest: str) -> Failure:
        return Failure(self._cache.failure(digest) or "not_answered")
