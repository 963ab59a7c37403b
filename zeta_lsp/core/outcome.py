"""What becomes of predictions as time goes by: ignored, or accepted and then undone.

Most endings are read from changes (`rebase`); these two are read from what does *not* happen, and
from what happens later. An offer that nobody takes up is ignored once the person has worked
elsewhere for a while, or after a long time of nothing at all; while they only look, it stands. An
accepted prediction is undone when the document has the very text again that it had before, soon
after: editors undo in reverse order, so that later edits are gone by then as well.

The clock is passed in; nothing here waits. Windows: Zed forgets after 5 minutes, Copilot watches an
edit for 30 seconds.
"""

from collections import deque

import msgspec

IDLE_S = 300.0
"""How long an offer stands if nothing happens at all."""
MOVED_ON_S = 30.0
"""How long an offer stands once the person works elsewhere."""
UNDONE_S = 30.0
"""How long after an acceptance going back to the text before it means that it was wrong."""
_ACCEPTANCES_KEPT = 8


class Offer:
    """How long one shown prediction has stood."""

    __slots__ = ("_left_s", "_seen_s")

    def __init__(self, shown_s: float) -> None:
        self._seen_s = shown_s
        self._left_s: float | None = None

    def seen(self, now_s: float) -> None:
        """It was shown again, or some of it was done: the person is with it."""
        self._seen_s, self._left_s = now_s, None

    def passed_by(self, now_s: float) -> None:
        """The person edited something else, or went to another document."""
        if self._left_s is None:
            self._left_s = now_s

    @property
    def due_s(self) -> float:
        """When it will count as ignored, if nothing happens before."""
        idle_s = self._seen_s + IDLE_S
        return idle_s if self._left_s is None else min(idle_s, self._left_s + MOVED_ON_S)

    def is_ignored(self, now_s: float) -> bool:
        """Whether its time is up."""
        return now_s >= self.due_s


class _Acceptance(msgspec.Struct, frozen=True, gc=False):
    ident: str
    text_before: int
    accepted_s: float


class Aftermath:
    """The latest acceptances in one document. Texts are known by `Document.fingerprint`."""

    __slots__ = ("_acceptances",)

    def __init__(self) -> None:
        self._acceptances: deque[_Acceptance] = deque(maxlen=_ACCEPTANCES_KEPT)

    def accepted(self, ident: str, text_before: int, now_s: float) -> None:
        """A prediction was accepted; `text_before` is the text that it changed."""
        self._acceptances.append(_Acceptance(ident, text_before, now_s))

    def undone(self, text_now: int, now_s: float) -> list[str]:
        """The predictions that a change to this text took back, latest first. Told once each.

        Going back to before an acceptance takes back those after it too.
        """
        while self._acceptances and now_s - self._acceptances[0].accepted_s > UNDONE_S:
            self._acceptances.popleft()
        texts = [acceptance.text_before for acceptance in self._acceptances]
        if text_now not in texts:
            return []
        kept = texts.index(text_now)
        return [self._acceptances.pop().ident for _ in range(len(texts) - kept)]
