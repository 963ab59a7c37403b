"""The predictions of a session: from the question to the row, and what became of them.

`Predictions` pairs questions with answers, makes rows of those that may be recorded, has their
regions followed, and writes down how they end. What may not be recorded is counted with its reason.
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from capture.doors import ScannerDoor
from capture.mirrors import Mirror
from capture.outbox import Outbox
from capture.projects import Project
from capture.questions import question_of
from capture.redaction import without_home
from capture.rows import Outcome, Settled
from capture.settling import Told, Tracked
from capture.snapshots import (
    Question,
    foreign_texts,
    paths_in,
    refused_path,
    region_and_texts,
    row_of,
)
from zeta_lsp.core.events import HistoryEvent
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.recording import Answered, Asked, Happened, Remarked

OPEN_MAX = 64
"""Questions that wait for an answer."""
LIVES_MAX = 4096
"""Predictions whose ending is still listened for."""


class _Open(msgspec.Struct):
    """A question without an answer. `early` is what happened before the answer was whole."""

    project: Project
    question: Question
    mirror: Mirror | None
    early: list[Happened | Remarked] = msgspec.field(default_factory=list)


class _Life(msgspec.Struct, frozen=True):
    """A prediction that has a row, or at the level of counters none."""

    project: Project
    mirror: Mirror | None
    paths: tuple[str, ...]
    seq: int
    asked_s: float


class Predictions:
    """All of them, of all projects."""

    def __init__(
        self, outbox: Outbox, scanner: ScannerDoor, since_1970: Callable[[float], float]
    ) -> None:
        self._outbox = outbox
        self._scanner = scanner
        self._since_1970 = since_1970
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lives: OrderedDict[str, _Life] = OrderedDict()

    def asked(self, asked: Asked, project: Project, mirror: Mirror | None) -> None:
        """A model is asked about a file; there is no mirror where text may not be kept."""
        project.counting.add("asked")
        self._open[asked.ident] = _Open(project, question_of(asked, project, mirror), mirror)
        if len(self._open) > OPEN_MAX:
            _, lost = self._open.popitem(last=False)
            lost.project.counting.add("dropped.unanswered")

    def answered(self, answered: Answered) -> None:
        """The answer came, in whole, or none will."""
        held = self._open.pop(answered.ident, None)
        if held is None:
            return
        project, mirror = held.project, held.mirror
        project.counting.add("answered" if answered.answer is not None else "unanswered")
        asked = held.question.asked
        if mirror is not None and not self._recorded(held, mirror, answered):
            return
        life = _Life(project, mirror, paths_in(asked.given), project.seq, asked.time_s)
        self._lives[answered.ident] = life
        if len(self._lives) > LIVES_MAX:
            self._lives.popitem(last=False)
        for event in held.early:
            self._write_down(life, event)

    def happened(self, event: Happened | Remarked) -> None:
        """A prediction's life went on."""
        if (held := self._open.get(event.ident)) is not None:
            held.early.append(event)
        elif (life := self._lives.get(event.ident)) is not None:
            self._write_down(life, event)

    def place_of(self, ident: str) -> tuple[Project, Mirror | None] | None:
        """Which file a prediction is about, while that is known."""
        found = self._open.get(ident) or self._lives.get(ident)
        return None if found is None else (found.project, found.mirror)

    def settled(self, project: Project, mirror: Mirror, tracked: Tracked, told: Told) -> None:
        """A region reached a horizon."""
        if tracked.ident not in self._lives:
            return
        events: tuple[HistoryEvent, ...] = ()
        if told.horizon == "quiet":
            events = project.timeline.events_since(
                tracked.edit_number, project.known_files(), in_open_source_repo=project.is_public
            )
        row = Settled(
            id=tracked.ident,
            session=project.session,
            seq=project.seq,
            time=self._since_1970(told.time_s),
            horizon=told.horizon,
            text=told.text,
            kept=told.kept,
            after_ms=max(told.time_s - tracked.asked_s, 0.0) * 1e3,
            edits=tracked.edits,
            sources={str(source): count for source, count in tracked.sources.items()},
            crossed=tracked.crossed,
            future_events=events,
            next_edit_offset=tracked.next_edit_offset,
        )
        self._outbox.put(row, mirror.path)
        project.counting.add(f"settled.{told.horizon}")

    def drop(self, project: Project, path: str | None, from_seq: int, reason: str) -> None:
        """Forget a project's predictions, or those that hold something of a file since an event."""
        for ident, held in list(self._open.items()):
            given = held.question.asked.given
            if held.project is project and (path is None or path in paths_in(given)):
                del self._open[ident]
                project.counting.add(f"dropped.{reason}")
        for ident, life in list(self._lives.items()):
            if life.project is project and (
                path is None or (path in life.paths and life.seq >= from_seq)
            ):
                del self._lives[ident]

    def _recorded(self, held: _Open, mirror: Mirror, answered: Answered) -> bool:
        """Make the row, if there may be one."""
        project, question = held.project, held.question
        refusal = self._refusal(held, mirror, answered)
        if refusal is not None:
            project.counting.add(f"dropped.{refusal}")
            return False
        frame = project.frame(mirror, self._since_1970(question.asked.time_s))
        self._outbox.put(row_of(question, answered, frame), mirror.path)
        project.counting.add("snapshots")
        _follow(project, mirror, question, answered)
        return True

    def _refusal(self, held: _Open, mirror: Mirror, answered: Answered) -> str | None:
        if answered.answer is None:
            return "no_answer"
        if mirror.refusal:
            return mirror.refusal
        project, given = held.project, held.question.asked.given
        if project.mirrors.get(mirror.document.uri) is not mirror:
            return "closed"
        if (reason := refused_path(given, project.name, project.eligibility)) is not None:
            return reason
        for path in paths_in(given):
            other = project.mirror_of(path)
            if other is not None and other.refusal:
                return other.refusal
        if any(without_home(one.message) != one.message for one in given.active_buffer_diagnostics):
            return "names_home"  # nothing is altered: the prompt must come out as it was sent
        return "secret" if self._holds_secret(held, answered) else None

    def _holds_secret(self, held: _Open, answered: Answered) -> bool:
        """Whether a text has a secret in it; the file as it was asked about may have had half."""
        banned, scanner = held.project.banned, self._scanner
        if banned.is_in(held.question.asked.given.cursor_excerpt):
            return True
        texts = foreign_texts(held.question, answered)
        return any(banned.is_in(text) or not scanner.is_clean(text) for text in texts if text)

    def _write_down(self, life: _Life, event: Happened | Remarked) -> None:
        project = life.project
        if isinstance(event, Happened):
            ending, reason, remark = str(event.ending), event.reason, ""
            if event.ending is State.SHOWN and life.mirror is not None:
                life.mirror.settling.show(event.ident)
            project.counting.add(f"ending.{ending}")
        else:
            ending, reason, remark = "", "", event.remark
            project.counting.add(f"remark.{remark.replace(' ', '_')}")
        if life.mirror is None:
            return
        row = Outcome(
            id=event.ident,
            session=project.session,
            seq=project.seq,
            time=self._since_1970(event.time_s),
            ending=ending,
            reason=reason,
            remark=remark,
            after_ms=max(event.time_s - life.asked_s, 0.0) * 1e3,
        )
        self._outbox.put(row, life.paths[0])


def _follow(project: Project, mirror: Mirror, question: Question, answered: Answered) -> None:
    """Follow the region from the question on: some edits may have come before the answer."""
    region, base, candidate = region_and_texts(question, answered)
    asked, number = question.asked, question.edit_number
    tracked = Tracked(
        ident=asked.ident,
        region=region,
        base=base,
        candidate=candidate,
        asked_s=asked.time_s,
        last_edit_s=answered.time_s,
        edit_number=number,
        revision=question.revision,
    )
    edits = project.timeline.since(number, mirror.document.uri)
    past = project.timeline.rewound(mirror.known, number) if edits else mirror.document
    if past is None or number < mirror.known.since:
        project.counting.add("dropped.too_late")
        return
    if region.end[0] >= len(past.lines) or region.text(past.lines) != base:
        project.counting.add("dropped.other_text")
        return
    for edit in edits:
        tracked.follow(edit, past.lines)
        past.replay(edit.version, edit.splice)
    mirror.settling.add(tracked)
