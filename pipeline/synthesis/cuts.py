"""The moment at which the imagined person is interrupted, and what they would have done next.

Between two steps (`index`; `near`, `far` and `cross-file` by where the next one is), or inside one:
after a share of all keys (`fraction`), after the first few words (`typing`), or with a gap in the
middle that is to be filled (`fim`). What is expected is the next step, or the rest of this one.
"""

import random
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.synthesis.script import Script
from pipeline.synthesis.steps import Step

STYLES = ("fraction", "index", "fim", "near", "far", "cross-file", "typing")
_WEIGHTS = (3, 3, 1, 3, 2, 2, 4)
"""How often each style is tried where any will do."""
ATTEMPTS = 10
NEAR_ROWS = 30
TYPED_WEIGHTS = (10, 8, 6, 5, 3, 2, 1)
"""How often typing is interrupted after the first, the second … word of a step."""
_HALF_WORD = 0.5


class Cut(msgspec.Struct, frozen=True):
    """Steps that were done; of the next one some acts, or all its rows but a gap (half open).

    `acts` None and no gap: nothing of it. `in_word`: the word after them was begun.
    """

    style: str
    done: int
    acts: int | None = None
    in_word: bool = False
    gap: tuple[int, int] | None = None


def cuts(
    style: str, order: Sequence[Step], scripts: Sequence[Script], rng: random.Random
) -> Iterator[Cut]:
    """Moments of a style, or of any (``random``), a few tries."""
    for _ in range(ATTEMPTS if order else 0):
        chosen = rng.choices(STYLES, _WEIGHTS)[0] if style == "random" else style
        found = _cut(chosen, order, scripts, rng)
        if found is not None:
            yield found


def _cut(
    style: str, order: Sequence[Step], scripts: Sequence[Script], rng: random.Random
) -> Cut | None:
    if style == "fraction":
        return _at_fraction(scripts, rng)
    if style == "typing":
        return _typing(scripts, rng)
    if style == "fim":
        return _gap(order, rng)
    places = [n for n in range(1, len(order)) if _is_of(style, order[n - 1], order[n])]
    return Cut(style, rng.choice(places)) if places else None


def _is_of(style: str, last: Step, following: Step) -> bool:
    """Whether the next step is where a style wants it; rows are the parent's."""
    if style == "index":
        return True
    if last.path != following.path:
        return style == "cross-file"
    is_near = max(following.start - last.end, last.start - following.end) <= NEAR_ROWS
    return style == ("near" if is_near else "far")


def _at_fraction(scripts: Sequence[Script], rng: random.Random) -> Cut | None:
    """After a share of everything that has to be keyed in."""
    total = sum(len(script.acts) for script in scripts)
    if total < 2:
        return None
    left = rng.randrange(1, total)
    for done, script in enumerate(scripts):
        if left < len(script.acts):
            return Cut("fraction", done, left or None)
        left -= len(script.acts)
    raise AssertionError("the share is less than all")


def _typing(scripts: Sequence[Script], rng: random.Random) -> Cut | None:
    """After the first few words of a step, or inside the next one."""
    done = rng.randrange(len(scripts))
    acts = scripts[done].acts
    words = [n for n, act in enumerate(acts[:-1], 1) if act.typed.strip()][: len(TYPED_WEIGHTS)]
    if not words:
        return None
    count = rng.choices(words, TYPED_WEIGHTS[: len(words)])[0]
    following = acts[count]
    is_word = len(following.typed) > 2 and following.typed.isalnum() and not following.removed
    return Cut("typing", done, count, in_word=is_word and rng.random() < _HALF_WORD)


def _gap(order: Sequence[Step], rng: random.Random) -> Cut | None:
    """Some rows of a step, its beginning and its end stand already."""
    places = [n for n, step in enumerate(order) if len(step.new) > 2]
    if not places:
        return None
    done = rng.choice(places)
    rows = len(order[done].new)
    start = rng.randrange(1, rows - 1)
    return Cut("fim", done, gap=(start, rng.randrange(start + 1, rows)))
