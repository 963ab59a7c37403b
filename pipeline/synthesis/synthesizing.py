"""Examples of one commit, by rules."""

import random
from collections.abc import Callable, Iterable

import msgspec

from pipeline.example import key_of
from pipeline.records import Dropped, Noted, Row
from pipeline.synthesis.commits import Read, read_commit
from pipeline.synthesis.example import Making, example_of
from pipeline.synthesis.repositories import address_of, licence_at, name_of, opened
from pipeline.synthesis.scene import Scene

CHANGED_ROWS_MIN = 2
CHANGED_ROWS_MAX = 1000
"""A larger commit was not typed."""


class Synthesize(msgspec.Struct, frozen=True):
    """The stage. A row of its input names a commit: ``{repository, commit}``, a folder and a SHA.

    `samples` are the moments of each commit at most. `spdx_of` recognises the text of a licence.
    """

    style: str = "random"
    seed: str = "0"
    samples: int = 1
    spdx_of: Callable[[str], str | None] | None = None

    name = "synthesize"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The examples of a commit, or why it gives none."""
        folder, sha = row["repository"], row["commit"]
        commit = read_commit(opened(folder).object_store, sha)
        if isinstance(commit, Dropped):
            return [commit]
        notes = [Noted(f"file_{word.removeprefix('file_')}") for word in commit.left_out]
        rng = random.Random(f"{self.seed}:{sha}")  # noqa: S311 - not for secrets
        scene = Scene.of(commit, rng)
        refusal = _refusal_of_size(scene)
        if refusal is not None:
            return [refusal]
        return [*self._examples(folder, commit, scene, rng), *notes]

    def _examples(
        self, folder: str, commit: Read, scene: Scene, rng: random.Random
    ) -> list[Row | Dropped]:
        found: dict[str, Row | Dropped] = {}
        why = Dropped("no_such_moment", self.style)
        making = self._making(folder, commit)
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

    def _making(self, folder: str, commit: Read) -> Making:
        licence = None
        if self.spdx_of is not None:
            licence = licence_at(folder, commit.sha, self.spdx_of)
        return Making(self.seed, licence=licence, repository_url=address_of(folder))


def _refusal_of_size(scene: Scene) -> Dropped | None:
    changed = sum(step.changed_rows for step in scene.order)
    if changed > CHANGED_ROWS_MAX:
        return Dropped("too_many_rows", str(changed))
    return Dropped("too_few_rows") if changed < CHANGED_ROWS_MIN else None
