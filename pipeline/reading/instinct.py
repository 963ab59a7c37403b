"""Records of Instinct's data set, in both shapes: raw, and as the chat messages made of them.

Raw: ``previous_edits[]{filename, diff}``, ``context``, ``filename``, ``large_excerpt``,
``large_rewrite``, ``cursor_pos_line``, ``cursor_pos_char``, which count from the excerpt's start.
Messages: the user's has the context, the edits and an excerpt with tags around its region; the
assistant's is the region's new text. Both name the latest edit first. No record says a licence, a
repository or a session.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.reading.fields import rest, text
from pipeline.reading.history import bare_diff, fenced_events
from pipeline.reading.moment import Moment, Origin, example
from pipeline.reading.zeta1 import tagged_moment
from pipeline.records import Dropped, Row
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.instinct import CONTEXT_FILE, SNIPPET, START
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile

_RAW = ("previous_edits", "context", "filename", "large_excerpt", "large_rewrite")
_CURSOR = ("cursor_pos_line", "cursor_pos_char")
_FILE_MARK = "+++++"
_EDITS, _EXCERPT = "### User Edits:", "### User Excerpt:"
_SCHEME = re.compile(r"\A(?:file://)?/*")


def is_like(record: Row) -> bool:
    """Whether a record is raw, or its messages hold a tagged excerpt."""
    if "large_excerpt" in record and "large_rewrite" in record:
        return True
    return START in (_message(record, "user") or "")


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    return _of_raw(record) if "large_excerpt" in record else _of_messages(record)


def _of_raw(record: Row) -> Row | Dropped:
    excerpt, rewrite = text(record, "large_excerpt"), text(record, "large_rewrite")
    if excerpt is None or rewrite is None:
        return Dropped("no_excerpt")
    cursor = _offset(excerpt, record.get("cursor_pos_line"), record.get("cursor_pos_char"))
    if cursor is None:
        return Dropped("no_cursor")
    moment = Moment(
        path=_relative(text(record, "filename") or ""),
        excerpt=excerpt,
        cursor=cursor,
        events=tuple(_events(record.get("previous_edits")))[::-1],
        related=tuple(_related(text(record, "context") or "", _FILE_MARK)),
    )
    origin = Origin(source="instinct", rest=rest(record, *_RAW, *_CURSOR))
    return example(moment, origin, [moment.patch_to(rewrite)])


def _offset(excerpt: str, row: object, column: object) -> int | None:
    """The byte offset of a row and a column; a column past the row's end is its end."""
    rows = excerpt.split("\n")
    if not isinstance(row, int) or not isinstance(column, int) or not 0 <= row < len(rows):
        return None
    above = sum(len(one.encode()) + 1 for one in rows[:row])
    return above + len(rows[row][: max(column, 0)].encode())


def _events(edits: object) -> Iterator[BufferChange]:
    for edit in edits if isinstance(edits, list) else ():
        if not isinstance(edit, dict):
            continue
        path, diff = _relative(text(edit, "filename") or ""), text(edit, "diff")
        if path and diff:
            yield BufferChange(path=path, old_path=path, diff=bare_diff(diff.split("\n")))


def _of_messages(record: Row) -> Row | Dropped:
    prompt, answer = _message(record, "user"), _message(record, "assistant")
    if prompt is None or answer is None:
        return Dropped("no_messages")
    before, _, shown = prompt.partition(f"{_EXCERPT}\n")
    context, _, edits = before.partition(f"{_EDITS}\n")
    name, _, body = shown.partition("\n\n")
    moment = tagged_moment(_relative(name.strip().strip('"')), body, None)
    if isinstance(moment, Dropped):
        return moment
    moment = replace(
        moment,
        events=fenced_events(edits)[::-1],
        related=tuple(_related(context.replace(f"{SNIPPET}\n", ""), CONTEXT_FILE)),
    )
    origin = Origin(source="instinct", rest=rest(record, "messages"))
    return example(moment, origin, [moment.patch(answer)])


def _message(record: Row, role: str) -> str | None:
    """What somebody says last."""
    found = record.get("messages")
    messages = found if isinstance(found, list) else ()
    said = [one for one in messages if isinstance(one, dict) and one.get("role") == role]
    return text(said[-1], "content") if said else None


def _related(context: str, mark: str) -> Iterator[RelatedFile]:
    """Files of a context: each begins with a row of the mark and its path."""
    path, rows = "", list[str]()
    for row in [*context.split("\n"), mark]:
        if not row.startswith(mark):
            rows.append(row)
            continue
        if path and (kept := "\n".join(rows).strip("\n")):
            yield _file(path, kept)
        path, rows = _relative(row.removeprefix(mark).strip()), []


def _file(path: str, kept: str) -> RelatedFile:
    count = kept.count("\n") + 1
    return RelatedFile(path, count, (RelatedExcerpt((0, count), f"{kept}\n"),))


def _relative(path: str) -> str:
    """A path as prompts show it."""
    return _SCHEME.sub("", path.replace("\\", "/"))
