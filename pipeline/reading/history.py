"""The edit history of a record as events, whichever way it is written.

Zed's examples concatenate diffs with file headers, those of accepted predictions announced by a
comment row. Zeta 1 and Instinct name the file in a sentence and fence the diff. Whatever stands
between is left out; a text without any diff has no events.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from zeta_lsp.core.diff.patch import diff_lines
from zeta_lsp.core.events import BufferChange

ACCEPTED = "// User accepted prediction:"

_EDITED = re.compile(r'User edited (?:file )?"?(?P<path>.+?)"?:?\s*')
_RENAMED = re.compile(r'User renamed "?(?P<old>.+?)"? to "?(?P<new>.+?)"?:?\s*')
_NOWHERE = "/dev/null"
_HUNK = re.compile(
    r"^@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,\d+)? @@[^\n]*\n(?P<body>(?:[ +\-\\][^\n]*\n?|\n)*)",
    re.MULTILINE,
)


def events_of(text: str) -> tuple[BufferChange, ...]:
    """The events of concatenated diffs, the earliest first."""
    rows = diff_lines(text)
    heads = [n for n in range(len(rows)) if _is_head(rows, n)]
    return tuple(
        _event(rows[head:end], is_predicted=head > 0 and rows[head - 1].strip() == ACCEPTED)
        for head, end in zip(heads, [*heads[1:], len(rows)], strict=False)
    )


def _is_head(rows: Sequence[str], n: int) -> bool:
    """Whether a file's two header rows begin here; a changed row can look like one of them."""
    if not rows[n].startswith("--- ") or not "".join(rows[n + 1 : n + 2]).startswith("+++ "):
        return False
    return n + 2 == len(rows) or rows[n + 2].startswith(("@@", "--- ", "//")) or not rows[n + 2]


def _event(rows: Sequence[str], *, is_predicted: bool) -> BufferChange:
    old, new = _path(rows[0]), _path(rows[1])
    path = old if new == _NOWHERE else new
    return BufferChange(
        path=path,
        old_path=path if old == _NOWHERE else old,
        diff=_diff(row for row in rows[2:] if row.strip() != ACCEPTED),
        predicted=is_predicted,
    )


def _path(header: str) -> str:
    name = header[4:].split("\t", maxsplit=1)[0]
    return name[2:] if name.startswith(("a/", "b/")) else name


def fenced_events(text: str) -> tuple[BufferChange, ...]:
    """The events of sentences with fenced diffs, in the order in which they stand there."""
    return tuple(_fenced(iter(text.split("\n"))))


def _fenced(rows: Iterator[str]) -> Iterator[BufferChange]:
    path = old = ""
    for row in rows:
        if edited := _EDITED.fullmatch(row):
            path = edited["path"]
        elif renamed := _RENAMED.fullmatch(row):
            old, path = renamed["old"], renamed["new"]
            yield BufferChange(path=path, old_path=old, diff="")
        elif path and row.startswith("```"):
            yield BufferChange(path=path, old_path=path, diff=bare_diff(_until_fence(rows)))
            path = ""


def _until_fence(rows: Iterator[str]) -> list[str]:
    """The rows of a diff up to its closing fence: no row of a diff begins like one."""
    found: list[str] = []
    for row in rows:
        if row.startswith("```"):
            break
        found.append(row)
    return found


def bare_diff(rows: Iterable[str]) -> str:
    """Rows of a diff without a file header."""
    kept = list(rows)
    if len(kept) > 1 and kept[0].startswith("--- ") and kept[1].startswith("+++ "):
        kept = kept[2:]
    return _diff(kept)


def _diff(rows: Iterable[str]) -> str:
    """A diff whose last row has an end, and no empty rows behind it."""
    text = "\n".join(rows).rstrip("\n")
    return f"{text}\n" if text else ""


def first_row(excerpt: str, events: Sequence[BufferChange], path: str) -> int | None:
    """The row of the file in which its excerpt begins, by where the latest edit of it stands.

    None if its rows are not in the excerpt, or more than once.
    """
    diff = next((one.diff for one in reversed(events) if one.path == path), "")
    for found in _HUNK.finditer(diff):
        rows = [row[1:] for row in diff_lines(found["body"]) if row[:1] in {"+", " "}]
        wanted, text = "\n".join(["", *rows, ""]), f"\n{excerpt}\n"
        at = text.find(wanted)
        if rows and at >= 0 and text.find(wanted, at + 1) < 0:
            row = int(found["start"]) - 1 - text.count("\n", 0, at)
            return row if row >= 0 else None
    return None
