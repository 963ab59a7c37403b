"""Which files change together with a file, as the latest commits tell.

Two files belong together if at least `TIMES_MIN` commits changed both; the more of the commits that
changed the other one also changed this one, the closer they are, so that what changes with
everything comes last. The commits are read once for each commit that is checked out, in small
steps, in at most `BUDGET_S` for a repository: what was read by then counts.

A repository that brought the helper down while it was read is left alone, like a file that did.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zeta_lsp.context.index.repository import Repository, repository_above
from zeta_lsp.context.index.trial import Trial

if TYPE_CHECKING:
    from zeta_lsp.context.index.commits import Changed

BUDGET_S = 3.0
TIMES_MIN = 2
NAMED_MAX = 10
_END = object()

Steps = Iterator[None]
"""Work that yields after each small step."""


class Together:
    """What is known of the repositories of some folders."""

    def __init__(self, roots: Sequence[str], trial: Trial, budget_s: float = BUDGET_S) -> None:
        self._roots = roots
        self._trial = trial
        self._budget_s = budget_s
        self._heads: dict[Path, str] = {}
        self._commits: dict[Path, list[Changed]] = {}

    def renewed(self) -> Steps:
        """Read anew what another commit than before is checked out of; yields after small steps."""
        found = (repository_above(Path(root)) for root in self._roots)
        for repository in {one.top: one for one in found if one is not None}.values():
            head = repository.head()
            if head and self._heads.get(repository.top) != head:
                self._heads[repository.top] = head
                yield from self._read(repository, head)

    def files_with(self, path: str) -> list[str]:
        """The files that change together with a file, closest first: absolute paths, some gone."""
        holding = [top for top in self._commits if Path(path).is_relative_to(top)]
        if not holding:
            return []
        top = max(holding, key=lambda one: len(one.parts))
        own = Path(path).relative_to(top).as_posix()
        total, common = Counter[str](), Counter[str]()
        for files in self._commits[top]:
            total.update(files)
            if own in files:
                common.update(files)
        common.pop(own, None)
        often = [
            (times * times / total[name], name)
            for name, times in common.items()
            if times >= TIMES_MIN
        ]
        often.sort(key=lambda scored: -scored[0])
        return [f"{top}/{name}" for _, name in often[:NAMED_MAX]]

    def _read(self, repository: Repository, head: str) -> Steps:
        objects = repository.objects
        if objects is None or self._trial.has_failed(str(objects)):
            return
        from zeta_lsp.context.index.commits import changes

        yield
        steps, left_s = changes(objects, head), self._budget_s
        found: list[Changed] = []
        while left_s > 0:
            began_s = time.monotonic()
            step = self._step(objects, steps)
            left_s -= time.monotonic() - began_s
            if step is _END:
                break
            if isinstance(step, tuple):
                found.append(step)
            yield
        steps.close()
        self._commits[repository.top] = found

    def _step(self, objects: Path, steps: "Iterator[Changed | None]") -> object:
        with self._trial.of(str(objects)):
            try:
                return next(steps, _END)
            except Exception:  # noqa: BLE001 - what another program left there may be anything
                return _END
