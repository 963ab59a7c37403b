"""Generated secrets in a real store: typed key by key, pasted, undone, deleted, and looked for.

The recorder, the detectors, the consents and the store are the real ones; only the clock is ours.
Each secret is looked for by every part of 8 characters, in all that can be had from the store
(rows, and the text after each event of the streams) and in the bytes of the folder. What is public
does not count: what secrets of a kind share (``https://``, ``ghp_``, ``@db.example.com``).

``ZETA_SOAK_SECRETS`` says how many are tried, ``ZETA_SOAK_SEED`` which.
"""

import itertools
import os
import random
import sys
from collections.abc import Iterator

import pytest

from capture.bookkeeper import Bookkeeper
from capture.books import Books
from capture.secrets import Scanner
from capture.store import Reading
from tests.capture.recording import Person
from tests.capture.secret_samples import HUMAN_VALUES, RANDOM_VALUES, STRUCTURED, Sample, samples
from tests.capture.test_recorder_over_real_parts import Here
from tests.capture.test_secrets_while_typing import parts_of, traces
from zeta_lsp.core.events import Source
from zeta_lsp.core.recording import Capturing

COUNT = int(os.environ.get("ZETA_SOAK_SECRETS", "330"))
SEED = int(os.environ.get("ZETA_SOAK_SEED", "20261125"))
BATCH = 30
"""Secrets to a store."""
MISSES_ALLOWED = 0.005
"""As many of the secrets may be none to the detectors; those stay, and are counted."""
PUBLIC_CHARS = 4
"""So many characters in a row that other secrets of the kind have too are no secret."""
TEXT = "# what came before\n\n"


class Typist:
    """Brings secrets into files of one project."""

    def __init__(self, here: Here, dice: random.Random) -> None:
        self.here, self.dice = here, dice
        self.books = Books("s", "1", Capturing(), here.doors())
        self.take = Bookkeeper(self.books).take

    def bring(self, number: int, sample: Sample) -> None:
        """Open a file, do something with a secret in it, go on with something else."""
        person = Person(self.here, self.take, TEXT, f"file{number}.py", root=self.here.root).open()
        way = self.dice.choice([self.typed, self.pasted, self.typed_and_erased, self.undone])
        way(person, sample.text)
        self.pause()
        person.type(0, 0, "# after\n", pause_s=0)
        person.answer(person.ask(0, 0))
        self.books.write(self.here.clock.now)

    def typed(self, person: Person, text: str) -> None:
        row, col = 1, 0
        for key in text:
            person.edit((row, col), (row, col), key)
            row, col = (row + 1, 0) if key == "\n" else (row, col + 1)
            self.pause(often=0.1)

    def pasted(self, person: Person, text: str) -> None:
        person.edit((1, 0), (1, 0), text, Source.PASTED)

    def typed_and_erased(self, person: Person, text: str) -> None:
        before = len(person.document.lines)
        self.typed(person, text)
        rows = len(person.document.lines) - before
        person.edit((1, 0), (1 + rows, 0) if rows else (1, len(text)), "")

    def undone(self, person: Person, text: str) -> None:
        self.pasted(person, text)
        rows, tail = text.count("\n"), text.rsplit("\n", 1)[-1]
        person.edit((1, 0), (1 + rows, len(tail)), "", Source.UNDO)

    def pause(self, often: float = 1.0) -> None:
        """Let the recorder write, now and then."""
        if self.dice.random() < often:
            self.here.pass_time(0.3)
            self.books.tick(self.here.clock.now)
            self.books.write(self.here.clock.now)


def parts_at_stake(sample: Sample) -> list[str]:
    """The parts of a secret that nobody else knows."""
    draw = {**STRUCTURED, **RANDOM_VALUES, **HUMAN_VALUES}[sample.kind]
    others = "\n".join(draw(random.Random(seed)) for seed in range(40))
    if sample.kind not in STRUCTURED:
        return [part for part in parts_of(sample.secret) if part not in others]
    return [part for run in runs_at_stake(sample.secret, others) for part in parts_of(run)]


def runs_at_stake(secret: str, others: str) -> Iterator[str]:
    """The stretches of a secret that hold nothing of `PUBLIC_CHARS` characters that others have."""
    public = [False] * len(secret)
    for at in range(len(secret) - PUBLIC_CHARS + 1):
        if secret[at : at + PUBLIC_CHARS] in others:
            public[at : at + PUBLIC_CHARS] = [True] * PUBLIC_CHARS
    for is_public, run in itertools.groupby(range(len(secret)), public.__getitem__):
        if not is_public:
            places = list(run)
            yield secret[places[0] : places[-1] + 1]


def is_known(sample: Sample) -> bool:
    """Whether the detectors take it for a secret at all."""
    return bool(Scanner().find(sample.text.splitlines(keepends=True)))


def leftovers(here: Here, brought: list[Sample]) -> list[tuple[Sample, list[str]]]:
    """What can be found of secrets, in everything there is."""
    with Reading(here.folder) as reading:
        rows = [*reading.sessions(), *reading.stream("s"), *reading.predictions()]
    raw = b"".join(file.read_bytes() for file in here.folder.rglob("*") if file.is_file())
    found = []
    for sample in brought:
        at_stake, there = parts_at_stake(sample), set(traces(sample.secret, rows))
        parts = [part for part in at_stake if part in there or part.encode() in raw]
        if parts:
            found.append((sample, parts))
    return found


@pytest.mark.timeout(0)
def test_no_part_of_a_generated_secret_stays_in_the_store(tmp_path_factory) -> None:
    dice, brought, stayed = random.Random(SEED), list(samples(COUNT, SEED)), []
    for start in range(0, len(brought), BATCH):
        here, batch = Here(tmp_path_factory.mktemp("batch")), brought[start : start + BATCH]
        typist = Typist(here, dice)
        for number, sample in enumerate(batch):
            typist.bring(number, sample)
        typist.books.close(here.clock.now)
        stayed += leftovers(here, batch)
    unseen = [sample for sample, _ in stayed if not is_known(sample)]
    sys.stderr.write(f"{COUNT} secrets, {len(unseen)} unknown to the detectors\n")
    assert [(one.kind, one.text, parts) for one, parts in stayed if one not in unseen] == []
    assert len(unseen) <= MISSES_ALLOWED * COUNT
