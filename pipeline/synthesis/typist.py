"""Types a script at a desk as a person does: key by key, with slips that are put right again.

Words come letter by letter; long ones that stand in the file already are sometimes completed. Enter
indents as the row above, and the person moves in or out from there. Some words are mistyped and
mended a few keys later; some names are another at first and changed at the end of the row, or once
the step is done, or coming back from another one; sometimes the last few tokens go again before
they come back. Whatever happens on the way, in the end (after `go_back`) stands what scripts say.

`VERSION` grows whenever the same seed would make other keys.
"""

import random
import re
from collections.abc import Mapping
from itertools import islice

import msgspec

from pipeline.synthesis.desk import Desk, Mark
from pipeline.synthesis.place import place_of
from pipeline.synthesis.script import Act, Script
from pipeline.synthesis.slips import mistyped, other_name
from zeta_lsp.core.diff.change import common_prefix
from zeta_lsp.core.text import line_length

VERSION = 1

_NAME = re.compile(r"[^\W\d]\w{2,}")
_KNOWN_MAX = 400
_AT_ROW_END = 0.6
"""How often a name is changed at the end of its row, not once the step is done."""
_LEFT = 0.5
"""How often a name that outlived its row outlives its step too."""


class Manner(msgspec.Struct, frozen=True):
    """How often somebody slips: chances for each word, each name, each row."""

    typo: float = 0.025
    other_name: float = 0.04
    retyped: float = 0.04
    completed: float = 0.35
    key_s: float = 0.16


def manner_of(rng: random.Random) -> Manner:
    """A person, more or less careful."""
    care = rng.choice((0.3, 1.0, 1.0, 2.0))
    return Manner(
        typo=0.025 * care,
        other_name=0.05 * care,
        retyped=0.04 * care,
        completed=rng.choice((0.0, 0.3, 0.6)),
        key_s=rng.uniform(0.1, 0.25),
    )


def considered(manner: Manner) -> Manner:
    """The same person, whose second thoughts somebody else decides about."""
    return msgspec.structs.replace(manner, other_name=0.0, retyped=0.0)


class _Mend(msgspec.Struct, frozen=True):
    """A name that has to become another."""

    at: int
    wrong: str
    right: str


class Typist:
    """A person at a desk; any person, if `manner` does not say which."""

    def __init__(self, desk: Desk, rng: random.Random, manner: Manner | None = None) -> None:
        self._desk = desk
        self._rng = rng
        self._manner = manner or manner_of(rng)
        self._left: list[tuple[Mark, _Mend]] = []
        self._names: dict[str, dict[str, None]] = {}

    def perform(self, path: str, row: int, script: Script, count: int | None = None) -> None:
        """Do the first acts of a script whose rows begin at `row`; None: all of them."""
        acts = script.acts if count is None else script.acts[:count]
        self._place = place_of(self._desk, path, row, script)
        self._known = self._names_of(path)
        self._mends: list[_Mend] = []
        self._desk.wait(self._rng.uniform(1.5, 9.0))
        for index, act in enumerate(acts):
            if "\n" in act.typed and (count is not None or self._rng.random() < _AT_ROW_END):
                self._mend()
            self._do(act)
            self._retype(acts, index)
        if self._mends and count is None and self._rng.random() < _LEFT:
            self._leave()
        if self._mends:
            self._mend()
            if count is not None:
                self._desk.look_at(path, self._place.point(self._end))

    def go_back(self, *, everything: bool = False) -> None:
        """Change names of earlier steps that are not the best; perhaps, or all of them."""
        for one in [one for one in self._left if everything or self._rng.random() < _AT_ROW_END]:
            self._left.remove(one)
            mark, mend = one
            self._desk.wait(self._rng.uniform(1.0, 4.0))
            row, col = mark.at
            self._desk.replace(mark.path, mark.at, (row, col + len(mend.wrong)), mend.right[0])
            for at in range(1, len(mend.right)):
                self._desk.wait(self._manner.key_s)
                self._desk.replace(mark.path, (row, col + at), (row, col + at), mend.right[at])

    def _leave(self) -> None:
        """Leave a name as it is until later."""
        self._place.drift = None
        for mend in self._mends:
            self._left.append((self._desk.mark(self._place.path, self._place.point(mend.at)), mend))
        self._mends.clear()

    def look_at_end(self, path: str, row: int) -> None:
        """Go to the end of a row."""
        self._desk.wait(self._rng.uniform(0.5, 2.0))
        self._desk.look_at(path, (row, line_length(self._desk.document(path).lines[row])))

    def begin_word(self, act: Act) -> None:
        """The first letters of the next act, after those that were performed."""
        letters = self._rng.randint(1, len(act.typed) - 1)
        self._replace(act.at, len(act.removed), act.typed[0])
        for at in range(1, letters):
            self._key(act.at + at, act.typed[at])

    def _do(self, act: Act) -> None:
        self._end = act.at + len(act.typed)
        if act.removed and (not act.typed or "\n" in act.removed):
            self._remove(act)
            act = Act(act.at, "", act.typed)
        if not act.typed:
            return
        if act.typed[0] in "\r\n":
            self._enter(act)
        elif act.typed.isspace():
            self._replace(act.at, len(act.removed), act.typed)
        else:
            self._word(act)

    def _remove(self, act: Act) -> None:
        self._desk.wait(self._rng.uniform(0.2, 0.8))
        self._replace(act.at, len(act.removed), "")

    def _enter(self, act: Act) -> None:
        """A new row, indented as the one above; then in or out."""
        end = "\r\n" if act.typed.startswith("\r\n") else "\n"
        wanted = act.typed[len(end) :]
        guess = self._place.indent(act.at, wanted) if wanted else ""
        shared = common_prefix(guess, wanted)
        self._desk.wait(self._rng.uniform(0.2, 1.4))
        self._replace(act.at, len(act.removed), end + guess)
        at = act.at + len(end) + shared
        if len(guess) > shared:
            self._replace(at, len(guess) - shared, "")
        if len(wanted) > shared:
            self._replace(at, 0, wanted[shared:])

    def _word(self, act: Act) -> None:
        right, rng = act.typed, self._rng
        if _NAME.fullmatch(right):
            if rng.random() < self._manner.other_name and not self._mends:
                wrong = other_name(right, self._known, rng)
                if wrong is not None:
                    self._letters(act, wrong)
                    self._mends.append(_Mend(act.at, wrong, right))
                    self._place.drift = (act.at, len(wrong) - len(right))
                    return
            if rng.random() < self._manner.typo:
                wrong = mistyped(right, rng)
                if wrong is not None:
                    self._mistype(act, wrong)
                    return
        self._letters(act, right)

    def _letters(self, act: Act, word: str) -> None:
        """Key by key, or the first ones and the rest from a list."""
        self._replace(act.at, len(act.removed), word[0])
        is_listed = len(word) > 5 and word in self._known
        if is_listed and self._rng.random() < self._manner.completed:
            typed = self._rng.randint(2, 4)
            for at in range(1, typed):
                self._key(act.at + at, word[at])
            self._desk.wait(0.3)
            self._replace(act.at, typed, word)
            return
        for at in range(1, len(word)):
            self._key(act.at + at, word[at])

    def _mistype(self, act: Act, wrong: str) -> None:
        """The wrong key, perhaps some more; back to the place; on from there."""
        right, first = act.typed, common_prefix(act.typed, wrong)
        seen = min(len(wrong), first + 1 + self._rng.randint(0, 3))
        self._letters(msgspec.structs.replace(act, typed=wrong[:seen]), wrong[:seen])
        self._desk.wait(self._rng.uniform(0.2, 0.6))
        for at in range(seen - 1, max(first, 1) - 1, -1):
            self._replace(act.at + at, 1, "")
        if not first:
            self._replace(act.at, 1, right[0])
        for at in range(max(first, 1), len(right)):
            self._key(act.at + at, right[at])

    def _retype(self, acts: tuple[Act, ...], index: int) -> None:
        """Doubt about the last few tokens of the row: they go, and come back."""
        if self._mends or self._rng.random() >= self._manner.retyped / 4:
            return
        last, first = acts[index], index
        while first > 0 and index - first < 3 and _follows(acts[first - 1], acts[first]):
            first -= 1
        start = acts[first].at
        end = last.at + len(last.typed)
        if (
            first == index
            or acts[first].removed
            or "\n" in "".join(a.typed for a in acts[first : index + 1])
        ):
            return
        self._desk.wait(self._rng.uniform(0.4, 1.8))
        self._replace(start, end - start, "")
        self._desk.wait(self._rng.uniform(0.2, 0.9))
        for act in acts[first : index + 1]:
            self._do(act)

    def _mend(self) -> None:
        """Change names that were another at first."""
        for mend in self._mends:
            self._desk.wait(self._rng.uniform(0.4, 1.5))
            self._place.drift = None
            self._replace(mend.at, len(mend.wrong), mend.right[0])
            for at in range(1, len(mend.right)):
                self._key(mend.at + at, mend.right[at])
        self._mends.clear()

    def _names_of(self, path: str) -> Mapping[str, None]:
        """Names of a file when it was first written in, each once."""
        if path not in self._names:
            found = dict.fromkeys(_NAME.findall(self._desk.text(path)))
            self._names[path] = dict.fromkeys(islice(found, _KNOWN_MAX))
        return self._names[path]

    def _key(self, at: int, text: str) -> None:
        self._replace(at, 0, text)

    def _replace(self, at: int, length: int, text: str) -> None:
        self._desk.wait(self._manner.key_s * self._rng.uniform(0.6, 1.8))
        self._place.replace(at, length, text)


def _follows(one: Act, other: Act) -> bool:
    """Whether an act begins where another ended."""
    return not other.removed and other.at == one.at + len(one.typed)
