"""Examples of one commit, in the order and with the second thoughts that a model tells of.

The stage is asked about each commit once, whatever the seed, the style and the number of moments:
those decide about what is made of an answer. The model names steps and drafts, so it cannot change
what comes out; all the same everything is played to its end before anything is made of it, and has
to leave the commit's texts. What does not add up is a drop with a word, or is made by rules.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from pipeline.records import Dropped, Noted, Row
from pipeline.stage import Surveyed
from pipeline.synthesis.answer import told_in
from pipeline.synthesis.commits import Read
from pipeline.synthesis.instruction import INSTRUCTION, VERSION, shown
from pipeline.synthesis.scene import Scene, plans_of, steps_of
from pipeline.synthesis.steps import Plan
from pipeline.synthesis.synthesizing import Synthesize, commit_of, notes_of, refusal_of_size
from pipeline.teacher.calls import Call, Question
from pipeline.teacher.predicting import Sampling, fields_of
from pipeline.teacher.replies import Ending, Failure, Reply
from pipeline.teacher.stage import Answers, AskingRows
from pipeline.teacher.vendors.base import Whom
from zeta_lsp.core.prompt import Message
from zeta_lsp.core.text import without_surrogates

METHOD = "llm"
TOO_LARGE = Dropped("too_large_to_ask")


class Reconstruct(msgspec.Struct, frozen=True):
    """Asks about commits. `rules` makes the examples, and all of them where `or_rules` says so."""

    rules: Synthesize
    whom: Whom
    max_tokens: int = 8192
    or_rules: bool = False

    name = "synthesize"
    version = 2

    def row(self, folder: str, sha: str) -> Row:
        """A commit; code without a known licence is nothing to send about."""
        row: Row = {"repository": folder, "commit": sha}
        is_open = self.rules.licence_of(folder, sha) is not None
        return row if is_open else {**row, "zeta": {"private": True}}

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """One question; none if rules make it anyhow."""
        planned = _planned(row["repository"], row["commit"])
        if isinstance(planned, Dropped):
            return planned
        commit, plans = planned
        steps = steps_of(plans)
        refusal = refusal_of_size(steps)
        if refusal is not None:
            return refusal
        text = shown(commit, plans, steps)
        if text is None:
            return () if self.or_rules else TOO_LARGE
        return [Question(self._call(text))]

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """The examples of a commit, by what was answered."""
        planned = _planned(row["repository"], row["commit"])
        if isinstance(planned, Dropped):
            return [planned]
        commit, plans = planned
        scene = self._scene(commit, plans, answers[0][0]) if answers else TOO_LARGE
        rng = self.rules.chance(commit)
        source: Row = {"model": self.whom.model, "vendor": self.whom.vendor, "instruction": VERSION}
        if isinstance(scene, Scene):
            return self.rules.examples(row["repository"], commit, scene, rng, METHOD, source)
        if not self.or_rules:
            return [scene]
        by_rules = Scene.of(commit, rng, plans)
        told: Row = {"asked": {**source, "refused": scene.reason}}
        return self.rules.examples(row["repository"], commit, by_rules, rng, told=told)

    def _call(self, text: str) -> Call:
        return Call(
            system=INSTRUCTION,
            messages=(Message("user", without_surrogates(text)),),
            max_tokens=self.max_tokens,
            **fields_of(Sampling(), self.whom),
        )

    def _scene(
        self, commit: Read, plans: Mapping[str, Plan], said: Reply | Failure
    ) -> Scene | Dropped:
        if isinstance(said, Failure):
            return Dropped("not_answered", said.reason)
        if said.ending in {Ending.LENGTH, Ending.REFUSED}:
            return Dropped("answer_cut_short" if said.ending is Ending.LENGTH else "refused")
        scene = scene_of(plans, said.text)
        if isinstance(scene, Scene) and not scene.comes_out(self.rules.chance(commit)):
            return Dropped("not_the_commit")
        return scene


def scene_of(plans: Mapping[str, Plan], answer: str) -> Scene | Dropped:
    """A commit as an answer tells of it, or what is wrong with the answer."""
    told = told_in(answer, steps_of(plans))
    if isinstance(told, Dropped):
        return told
    return Scene(told.order, plans, told.drafts, told.ends)


@functools.lru_cache(maxsize=1)
def _planned(folder: str, sha: str) -> tuple[Read, dict[str, Plan]] | Dropped:
    """A commit and how its files come about; each is looked at several times in a row."""
    commit = commit_of({"repository": folder, "commit": sha})
    return commit if isinstance(commit, Dropped) else (commit, plans_of(commit))


class Answered:
    """The pure stage that is left of an asking one once all has been answered."""

    name = Reconstruct.name
    version = Reconstruct.version

    def __init__(self, asker: Reconstruct, surveyed: Surveyed) -> None:
        self._asker = asker
        self._surveyed = surveyed

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The examples of a commit, and what of it is left out."""
        folder, sha = row["repository"], row["commit"]
        made = list(self._surveyed.rows(0, self._asker.row(folder, sha)))
        if all(isinstance(one, Dropped) for one in made):
            return made
        planned = _planned(folder, sha)
        return [*made, *(() if isinstance(planned, Dropped) else notes_of(planned[0]))]


class Choice:
    """The commits that a model is asked about, and those that are passed over on the way to them.

    They are the first of each repository of which `count` examples can be made, if every answer is
    good: what is dropped is not made up for, so the price is known before anything is asked.
    """

    def __init__(self, asking: AskingRows, asker: Reconstruct, count: int) -> None:
        self._asking = asking
        self._asker = asker
        self._commits_each = -(-count // asker.rules.samples)
        self.commits: list[tuple[str, list[str]]] = []

    def asked(self, repositories: Iterable[tuple[str, Sequence[str]]]) -> Answered:
        """Have all of them answered. Raises as `AskingRows.surveyed` does."""
        rows = ((0, row) for folder, shas in repositories for row in self._rows(folder, shas))
        return Answered(self._asker, self._asking.surveyed(rows))

    def _rows(self, folder: str, shas: Sequence[str]) -> Iterator[Row]:
        chosen: list[str] = []
        self.commits.append((folder, chosen))
        left = self._commits_each
        for sha in shas:
            if left <= 0:
                break
            row = self._asker.row(folder, sha)
            chosen.append(sha)
            left -= not isinstance(self._asking.questions(row), Dropped)
            yield row
