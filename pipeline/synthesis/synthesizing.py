"""Examples of one commit, by rules; and what making them by other means shares with that."""

import random
from collections.abc import Callable, Iterable, Sequence

import msgspec

from pipeline.doors import SyntaxSpans
from pipeline.example import key_of
from pipeline.records import Dropped, Noted, Row
from pipeline.synthesis.commits import Read, read_commit
from pipeline.synthesis.example import Making, example_of
from pipeline.synthesis.repositories import address_of, licence_at, name_of, opened
from pipeline.synthesis.scene import Scene
from pipeline.synthesis.steps import Step

CHANGED_ROWS_MIN = 2
CHANGED_ROWS_MAX = 1000
"""A larger commit was not typed."""
RULES = "rules"


class Synthesize(msgspec.Struct, frozen=True):
    """The stage. A row of its input names a commit: ``{repository, commit}``, a folder and a SHA.

    `samples` are the moments of each commit at most. `spdx_of` recognises the text of a licence,
    `syntax_spans` says what encloses a place.
    """

    style: str = "random"
    seed: str = "0"
    samples: int = 1
    spdx_of: Callable[[str], str | None] | None = None
    syntax_spans: SyntaxSpans | None = None

    name = "synthesize"
    version = 2

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The examples of a commit, or why it gives none."""
        commit = commit_of(row)
        if isinstance(commit, Dropped):
            return [commit]
        rng = self.chance(commit)
        scene = Scene.of(commit, rng)
        refusal = refusal_of_size(scene.order)
        if refusal is not None:
            return [refusal]
        return [*self.examples(row["repository"], commit, scene, rng), *notes_of(commit)]

    def chance(self, commit: Read) -> random.Random:
        """What decides about a commit: the seed, and which one it is."""
        return random.Random(f"{self.seed}:{commit.sha}")  # noqa: S311 - not for secrets

    def examples(
        self,
        folder: str,
        commit: Read,
        scene: Scene,
        rng: random.Random,
        method: str = RULES,
        told: Row | None = None,
    ) -> list[Row | Dropped]:
        """Moments of a scene, each once; `told` is what their marks say beside the method."""
        found: dict[str, Row | Dropped] = {}
        why = Dropped("no_such_moment", self.style)
        making = self._making(folder, commit, method, told or {})
        for _ in range(self.samples):
            made = self._example(name_of(folder), commit, scene, making, rng)
            if isinstance(made, Dropped):
                why = made
            else:
                found.setdefault(key_of(made), made)
        return list(found.values()) or [why]

    def _example(
        self, name: str, commit: Read, scene: Scene, making: Making, rng: random.Random
    ) -> Row | Dropped:
        """The first moment of some that makes an example."""
        why = Dropped("no_such_moment", self.style)
        for cut in scene.cuts(self.style, rng):
            made = example_of(commit, scene.played(cut, name, rng), making)
            if not isinstance(made, Dropped):
                return made
            why = made
        return why

    def _making(self, folder: str, commit: Read, method: str, told: Row) -> Making:
        return Making(
            self.seed,
            method,
            licence=self.licence_of(folder, commit.sha),
            repository_url=address_of(folder),
            syntax_spans=self.syntax_spans,
            told=told,
        )

    def licence_of(self, folder: str, sha: str) -> str | None:
        """The licence of a commit, None if nobody knows."""
        return None if self.spdx_of is None else licence_at(folder, sha, self.spdx_of)


def commit_of(row: Row) -> Read | Dropped:
    """The commit that a row names."""
    return read_commit(opened(row["repository"]).object_store, row["commit"])


def notes_of(commit: Read) -> list[Noted]:
    """What of a commit is left out."""
    return [Noted(f"file_{word.removeprefix('file_')}") for word in commit.left_out]


def refusal_of_size(steps: Sequence[Step]) -> Dropped | None:
    """Why a commit of these steps is refused, None if it is not."""
    changed = sum(step.changed_rows for step in steps)
    if changed > CHANGED_ROWS_MAX:
        return Dropped("too_many_rows", str(changed))
    return Dropped("too_few_rows") if changed < CHANGED_ROWS_MIN else None
