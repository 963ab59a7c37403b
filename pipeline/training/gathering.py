"""Reading what a model is trained on: rows to tokens, in the order in which they are drawn.

A row that cannot be trained on is a drop with its reason. Dropped rows go to ``drops.jsonl`` of the
run's folder by file and line, without their text: the folder may be handed on with the model.
Memory: four bytes a token.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from pipeline.jsonl import lines, row_of
from pipeline.records import Dropped, Row
from pipeline.training.census import Census
from pipeline.training.encoding import Encoded, Encoder
from pipeline.training.recipe import Method
from pipeline.training.samples import demonstrations, judged, pair_of
from pipeline.training.sources import Shared, Source, drawn, sha256_of


class Preferred(msgspec.Struct, frozen=True):
    """Two answers to one prompt, in tokens."""

    chosen: Encoded
    rejected: Encoded

    @property
    def tokens(self) -> int:
        """Of the longer one, which is what has to fit."""
        return max(self.chosen.tokens, self.rejected.tokens)


class Verdict(msgspec.Struct, frozen=True):
    """An answer in tokens, and whether it was wanted."""

    answer: Encoded
    is_wanted: bool

    @property
    def tokens(self) -> int:
        """Of prompt and answer."""
        return self.answer.tokens


Lesson = Encoded | Preferred | Verdict
Reader = Callable[[Row, Encoder], "Sequence[Lesson] | Dropped"]


class Lost(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that nothing was learned from; `line` counts over all files, as everywhere."""

    file: str
    line: int
    reason: str
    detail: str = ""


class Gathered(msgspec.Struct):
    """What one pass of training goes through, and what is known of it."""

    lessons: list[Lesson]
    files: list[Shared]
    census: Census
    lost: list[Lost]

    @property
    def tokens(self) -> int:
        """Of all lessons."""
        return sum(one.tokens for one in self.lessons)

    @property
    def reasons(self) -> Counter[str]:
        """Why rows were dropped."""
        return Counter(one.reason for one in self.lost)


def gathered(
    sources: Sequence[Source], encoder: Encoder, read: Reader, seed: int, limit: int | None = None
) -> Gathered:
    """Read files as lessons.

    Raises:
        OSError: a file cannot be read.
    """
    census, lost = Census(), list[Lost]()
    found = [_lessons(one, encoder, read, census, lost, limit) for one in sources]
    order = drawn([len(lessons) for lessons, _ in found], [one.share for one in sources], seed)
    files = [
        Shared(one.name, sha256_of(one.path), rows, len(lessons), len(numbers), one.share)
        for one, (lessons, rows), numbers in zip(sources, found, order, strict=True)
    ]
    taken = [
        lessons[number]
        for (lessons, _), numbers in zip(found, order, strict=True)
        for number in numbers
    ]
    return Gathered(taken, files, census, lost)


def _lessons(
    source: Source,
    encoder: Encoder,
    read: Reader,
    census: Census,
    lost: list[Lost],
    limit: int | None,
) -> tuple[list[Lesson], int]:
    lessons, rows = list[Lesson](), 0
    for line in lines([str(source.path)]):
        if limit is not None and rows >= limit:
            break
        rows += 1
        row = row_of(line)
        made = row if isinstance(row, Dropped) else read(row, encoder)
        if isinstance(made, Dropped):
            lost.append(Lost(source.name, line.number, made.reason, made.detail))
        elif isinstance(row, dict):
            lessons += made
            census.add(row)
    return lessons, rows


def reader_of(method: Method, answers: int = 1) -> Reader:
    """How rows are read for demonstrations (`none`), pairs (`dpo`) or verdicts (`kto`)."""
    if method == "dpo":
        return _pair
    return _verdict if method == "kto" else lambda row, encoder: _shown(row, encoder, answers)


def _shown(row: Row, encoder: Encoder, answers: int) -> Sequence[Lesson] | Dropped:
    samples = demonstrations(row, answers)
    if isinstance(samples, Dropped):
        return samples
    return _all(encoder.encoded(one.prompt, one.completion) for one in samples)


def _all(found: Iterable[Encoded | Dropped]) -> Sequence[Lesson] | Dropped:
    """Those that can be learned; the first reason if there are none."""
    made = list(found)
    good = [one for one in made if isinstance(one, Encoded)]
    return good or next(one for one in made if isinstance(one, Dropped))


def _pair(row: Row, encoder: Encoder) -> Sequence[Lesson] | Dropped:
    pair = pair_of(row)
    if isinstance(pair, Dropped):
        return pair
    chosen = encoder.encoded(pair.prompt, pair.chosen)
    rejected = encoder.encoded(pair.prompt, pair.rejected)
    if isinstance(chosen, Dropped):
        return chosen
    return rejected if isinstance(rejected, Dropped) else [Preferred(chosen, rejected)]


def _verdict(row: Row, encoder: Encoder) -> Sequence[Lesson] | Dropped:
    found = judged(row)
    if isinstance(found, Dropped):
        return found
    answer = encoder.encoded(found.prompt, found.completion)
    return answer if isinstance(answer, Dropped) else [Verdict(answer, found.is_wanted)]
