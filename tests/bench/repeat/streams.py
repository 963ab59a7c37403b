"""Plays a commit edit by edit and stops wherever a prediction would be asked for.

Three streams. `paused`: an edit is complete and the cursor stands behind it; also after the last
edit of a file and of the commit, where nothing should be said. `typing`: the same edit half typed,
once per edit, at a place drawn from a hash. `arrived`: the cursor stands where the next edit will
be. History events are formed as editors form them: edits at most 8 rows apart are one event, the
latest edit is an event of its own (the author paused before it), the newest 10 events are seen.
"""

import hashlib
from collections.abc import Iterator
from difflib import unified_diff
from typing import NamedTuple

from tests.bench.repeat.authoring import AuthorEdit, edits_of
from tests.bench.repeat.histories import Commit
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.text import byte_length, line_tokens

GROUPED_ROWS = 8
MAX_EVENTS = 10
MAX_EVENT_BYTES = 6_144
EXCERPT_TOKENS = 8_192
EDITS_PER_COMMIT = 25
"""Edits after which no more questions are asked, so that no single commit weighs too much."""


class Opportunity(NamedTuple):
    """One question. Offsets count code points of `text`.

    `remaining` is what the author still did in this file, first to last in the text; `next` is the
    very next of these edits, None where the author went on in another file or was done.
    """

    stream: str
    where: str
    path: str
    text: str
    cursor: int
    events: tuple[BufferChange, ...]
    remaining: list[AuthorEdit]
    next: AuthorEdit | None


class Asked(NamedTuple):
    """What the model is given, and where its excerpt starts in the text."""

    given: PromptInput
    excerpt_start: int


class History(NamedTuple):
    """The edit history so far; immutable. `pending` still takes edits close by."""

    done: tuple[BufferChange, ...] = ()
    path: str = ""
    started: str = ""
    paused: str = ""
    current: str = ""
    row: int = 0

    def after(self, path: str, before: str, now: str, edit: AuthorEdit) -> "History":
        """The history once `edit` turned `before` into `now`."""
        row = now.count("\n", 0, edit.start + len(edit.text))
        near = path == self.path and abs(before.count("\n", 0, edit.start) - self.row)
        if near is not False and near <= GROUPED_ROWS:
            return self._replace(paused=before, current=now, row=row)
        return History(self._closed(), path, before, before, now, row)

    def events(self) -> tuple[BufferChange, ...]:
        """Oldest first; the last edit by itself."""
        parts = (
            _event(self.path, self.started, self.paused),
            _event(self.path, self.paused, self.current),
        )
        return (*self.done, *filter(None, parts))[-MAX_EVENTS:]

    def _closed(self) -> tuple[BufferChange, ...]:
        whole = _event(self.path, self.started, self.current)
        return (*self.done, whole)[-MAX_EVENTS:] if whole else self.done


def opportunities(commit: Commit) -> Iterator[Opportunity]:
    """Every question that one commit gives, in the order of its edits."""
    history, left = History(), EDITS_PER_COMMIT
    for file in commit.files:
        text, edits = "".join(file.lines), _in_time(f"{commit.sha}:{file.path}", edits_of(file))
        for number in range(min(len(edits), left)):
            edit, *later = edits[number:]
            arrived = Opportunity(
                stream="arrived",
                where=f"{commit.sha[:12]}:{file.path}:{number}",
                path=file.path,
                text=text,
                cursor=_arrival(edit),
                events=history.events(),
                remaining=_in_place([edit, *later]),
                next=edit,
            )
            if history.path:
                yield arrived
            yield from _half_typed(arrived, edit, later, history)
            text, before = edit.applied(text), text
            history = history.after(file.path, before, text, edit)
            edits[number + 1 :] = later = [other.behind(edit) for other in later]
            yield arrived._replace(
                stream="paused",
                text=text,
                cursor=edit.cursor,
                events=history.events(),
                remaining=_in_place(later),
                next=later[0] if later else None,
            )
        left -= min(len(edits), left)


def _in_time(seed: str, hunks: list[list[AuthorEdit]]) -> list[AuthorEdit]:
    """The order of work: from a drawn hunk downwards, then from the top to that hunk."""
    first = _draw(seed) % len(hunks) if hunks else 0
    return [edit for hunk in hunks[first:] + hunks[:first] for edit in hunk]


def _in_place(edits: list[AuthorEdit]) -> list[AuthorEdit]:
    return sorted(edits, key=lambda edit: edit.start)


def ask(opportunity: Opportunity) -> Asked:
    """The input of a model: rows around the cursor, down and up in turn, up to the token limit."""
    lines = opportunity.text.split("\n")
    row = opportunity.text.count("\n", 0, opportunity.cursor)
    low, high, left = row, row + 1, EXCERPT_TOKENS - line_tokens(lines[row])
    down = up = True
    while down or up:
        if down := down and high < len(lines) and left >= line_tokens(lines[high]):
            left -= line_tokens(lines[high])
            high += 1
        if up := up and low > 0 and left >= line_tokens(lines[low - 1]):
            low -= 1
            left -= line_tokens(lines[low])
    start = sum(len(line) + 1 for line in lines[:low])
    given = PromptInput(
        cursor_path=opportunity.path,
        cursor_excerpt="\n".join(lines[low:high]),
        cursor_offset_in_excerpt=byte_length(opportunity.text[start : opportunity.cursor]),
        excerpt_start_row=low,
        events=opportunity.events,
    )
    return Asked(given, start)


def _arrival(edit: AuthorEdit) -> int:
    """A whole new line is begun at the end of the line above."""
    new_line = edit.start == edit.end and edit.text.endswith("\n")
    return edit.start - 1 if new_line and edit.start else edit.start


def _half_typed(
    before: Opportunity, edit: AuthorEdit, later: list[AuthorEdit], history: History
) -> Iterator[Opportunity]:
    """The edit with only some of its characters, at least one of them visible."""
    end = "\n" if edit.text.endswith("\n") else ""
    body = edit.text.removesuffix("\n")
    first = len(body) - len(body.lstrip()) + 1
    if first >= len(body) or "\n" in body.strip():
        return
    typed = first + _draw(before.where) % (len(body) - first)
    half = AuthorEdit(edit.start, edit.end, body[:typed] + end)
    now = half.applied(before.text)
    rest = AuthorEdit(half.cursor, half.cursor, body[typed:])
    yield before._replace(
        stream="typing",
        text=now,
        cursor=half.cursor,
        events=history.after(before.path, before.text, now, half).events(),
        remaining=_in_place([rest, *(other.behind(half) for other in later)]),
        next=rest,
    )


def _draw(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")


def _event(path: str, before: str, after: str) -> BufferChange | None:
    """The change as a unified diff with 3 lines of context; None if empty or too large."""
    old, new = before.split("\n"), after.split("\n")
    top = _common(old, new)
    bottom = _common(old[top:][::-1], new[top:][::-1])
    low = max(0, top - 3)
    old_part = old[low : len(old) - max(0, bottom - 3)]
    new_part = new[low : len(new) - max(0, bottom - 3)]
    if old == new or max(_size(old_part), _size(new_part)) > MAX_EVENT_BYTES:
        return None
    rows = list(unified_diff(old_part, new_part, n=3, lineterm=""))[2:]
    diff = "".join(_renumbered(row, low) + "\n" for row in rows)
    return BufferChange(path=path, old_path=path, diff=diff)


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _renumbered(row: str, by: int) -> str:
    if not row.startswith("@@"):
        return row
    ends = [field.split(",") for field in row.split()[1:3]]
    sides = (f"{sign}{int(first[1:]) + by}" for sign, (first, *_) in zip("-+", ends, strict=True))
    counts = ("," + rest[0] if rest else "" for _, *rest in ends)
    joined = " ".join(side + count for side, count in zip(sides, counts, strict=True))
    return f"@@ {joined} @@"
