"""Zed's eval form: an example as a Markdown page that people write and read.

TOML between ``+++`` rows (where it is from, tags), a title, and a section for each field with its
text in fences: the cursor's is named by the path, each expected patch has one of its own, and those
of the edit history are one text. ``Related Files`` is a section of ours, which Zed's tools pass
over: files that the prediction was shown beside the cursor's, each in a fence named by its path,
``path:12`` if it begins at that row of the file. A fence is longer than any that its text holds,
as in CommonMark.

Reading what `page_of` wrote gives back every field that a page has a place for.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from pipeline.example import expected_patches
from pipeline.reading import zed
from pipeline.reading.fields import text
from pipeline.reading.history import ACCEPTED, events_of, first_row
from pipeline.records import Dropped, Row

_FENCE = re.compile(r"(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)")
_HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*")
_FRONT = re.compile(r"\+\+\+\n(?P<toml>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ROLLBACK = "uncommitted_diff_requires_edit_history_rollback"
_RELATED = "related files"
_RECENT = {
    "recently opened files": "recently_opened_files",
    "recently viewed files": "recently_viewed_files",
}


class Block(msgspec.Struct, frozen=True):
    """Text in a fence: in which section, what its fence says, and the row before it."""

    section: str
    info: str
    text: str
    before: str


def is_like(record: Row) -> bool:
    """Whether a record is a page, as `inputs` hands it in: ``{markdown, name}``."""
    return isinstance(record.get("markdown"), str)


def example_of(record: Row) -> Row | Dropped:
    """The example of a page; its file's name is the name if it has no title."""
    found = fields_of(text(record, "markdown") or "")
    if isinstance(found, Dropped):
        return found
    found["name"] = found["name"] or text(record, "name") or ""
    found["tags"] = [*found["tags"], "source:markdown"]
    made = zed.example_of(found)
    if isinstance(made, Dropped):
        return made
    inputs = made["prompt_inputs"]
    if related := _related(text(record, "markdown") or ""):
        inputs["related_files"] = related
    events = events_of(found["edit_history"])
    inputs["excerpt_start_row"] = first_row(inputs["cursor_excerpt"], events, inputs["cursor_path"])
    provenance = {"source": "markdown", "kind": "written"}
    return {**made, "zeta": {"provenance": provenance}}


def fields_of(page: str) -> Row | Dropped:
    """The fields that stand on a page."""
    front, body = _front(page)
    if front is None:
        return Dropped("broken_front_matter")
    blocks, name, reasoning = _parts(body)
    cursor = next((one for one in blocks if one.section == "cursor position"), None)
    if cursor is None or not cursor.info:
        return Dropped("no_cursor")
    rejected = [one.text for one in blocks if one.section == "rejected patch"]
    return {
        "name": name,
        "repository_url": _word(front, "repository_url"),
        "revision": _word(front, "revision"),
        "tags": [one for one in _list(front.get("tags")) if isinstance(one, str)],
        "reasoning": reasoning or None,
        "uncommitted_diff": _joined(blocks, "uncommitted diff"),
        **{field: list(_recent(_joined(blocks, title))) for title, field in _RECENT.items()},
        "uncommitted_diff_contains_edit_history": front.get(_ROLLBACK) is True,
        "cursor_path": cursor.info,
        "cursor_position": cursor.text,
        "edit_history": _joined(blocks, "edit history"),
        "expected_patches": [one.text for one in blocks if one.section == "expected patch"],
        "rejected_patch": rejected[-1] if rejected else None,
    }


def _related(page: str) -> list[Row]:
    """The files that were shown beside the cursor's, in the order in which they stand there."""
    blocks, _, _ = _parts(_front(page)[1])
    files: dict[str, list[Row]] = {}
    for one in blocks:
        if one.section == _RELATED and one.info:
            path, colon, row = one.info.rpartition(":")
            is_numbered = bool(colon) and row.isdecimal() and int(row) > 0
            start = int(row) - 1 if is_numbered else 0
            excerpts = files.setdefault(path if is_numbered else one.info, [])
            excerpts.append(_excerpt(one.text, start, len(excerpts)))
    return [
        {"path": path, "max_row": found[-1]["row_range"]["end"], "excerpts": found}
        for path, found in files.items()
    ]


def _excerpt(text_: str, start: int, order: int) -> Row:
    end = start + text_.count("\n")
    return {"row_range": {"start": start, "end": end}, "text": text_, "order": order}


def _front(page: str) -> tuple[dict[str, Any] | None, str]:
    """What stands between the ``+++`` rows, None if it is no TOML, and the rest of the page."""
    found = _FRONT.match(page)
    if found is None:
        return {}, page
    try:
        return tomllib.loads(found["toml"]), page[found.end() :]
    except (tomllib.TOMLDecodeError, RecursionError):
        return None, page


def _parts(body: str) -> tuple[list[Block], str, str]:
    """The fenced texts, the title, and the prose of the reasoning."""
    blocks: list[Block] = []
    title = section = before = ""
    prose: list[str] = []
    rows = iter(body.removesuffix("\n").split("\n"))
    for row in rows:
        if fence := _FENCE.fullmatch(row):
            inside = "".join(f"{one}\n" for one in _until(rows, fence["ticks"]))
            blocks.append(Block(section, fence["info"].strip(), inside, before))
        elif (heading := _HEADING.fullmatch(row)) and len(heading["level"]) <= 2:
            if len(heading["level"]) == 1 and not section:
                title = heading["title"]
            else:
                section = heading["title"].lower()
        elif section == "reasoning":
            prose.append(row)
        before = row.strip() or before
    return blocks, title, "\n".join(prose).strip("\n")


def _until(rows: Iterator[str], ticks: str) -> Iterator[str]:
    """The rows up to the fence that closes: at least as long, of the same kind, alone."""
    for row in rows:
        closing = row.strip()
        if len(closing) >= len(ticks) and not closing.strip(ticks[0]):
            return
        yield row


def _joined(blocks: Iterable[Block], section: str) -> str:
    """The texts of a section as one, with what was said of accepted predictions."""
    return "".join(
        f"{ACCEPTED}\n{one.text}" if one.before == ACCEPTED else one.text
        for one in blocks
        if one.section == section
    )


def _recent(listed: str) -> Iterator[Row]:
    for row in filter(None, map(str.strip, listed.split("\n"))):
        path, tab, position = row.rpartition("\t")
        if tab and position.isdecimal():
            yield {"path": path, "cursor_position": int(position)}
        else:
            yield {"path": path or row}


def _word(front: dict[str, Any], name: str) -> str:
    found = front.get(name)
    return found if isinstance(found, str) else ""


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def page_of(row: Row) -> str:
    """The page of an example."""
    parts = [f"+++\n{_toml(row)}+++\n", f"# {_line(row.get('name'))}\n"]
    if row.get("reasoning"):
        parts.append(f"## Reasoning\n\n{row['reasoning']}\n")
    parts += _sections(row)
    return "\n".join(parts)


def _sections(row: Row) -> Iterator[str]:
    if row.get("uncommitted_diff"):
        yield f"## Uncommitted Diff\n\n{_fenced('diff', row['uncommitted_diff'])}"
    for title, field in _RECENT.items():
        if row.get(field):
            yield f"## {title.title()}\n\n{_fenced('', _recent_rows(row[field]))}"
    if related := list(_related_blocks(row)):
        yield "## Related Files\n"
        yield from related
    history = row.get("edit_history")
    yield "## Edit History\n\n" + (_fenced("diff", history) if history else "(No edit history)\n")
    position = str(row.get("cursor_position") or "")
    yield f"## Cursor Position\n\n{_fenced(_line(row.get('cursor_path')), position)}"
    yield "## Expected Patch\n"
    yield from (_fenced("diff", one) for one in expected_patches(row))
    if isinstance(row.get("rejected_patch"), str):
        yield f"## Rejected Patch\n\n{_fenced('diff', row['rejected_patch'])}"


def _related_blocks(row: Row) -> Iterator[str]:
    inputs = row.get("prompt_inputs")
    files = inputs.get("related_files") if isinstance(inputs, dict) else None
    for file in files or ():
        for one in file["excerpts"]:
            start = one["row_range"]["start"]
            yield _fenced(f"{_line(file['path'])}{f':{start + 1}' * bool(start)}", one["text"])


def _fenced(info: str, inside: str) -> str:
    runs = [len(one) for one in re.findall(r"^[ \t]*(`{3,})", inside, re.MULTILINE)]
    ticks = "`" * (max(runs, default=2) + 1)
    end = "" if not inside or inside.endswith("\n") else "\n"
    return f"{ticks}{info}\n{inside}{end}{ticks}\n"


def _recent_rows(files: Iterable[Row]) -> str:
    rows = []
    for file in files:
        position = file.get("cursor_position")
        rows.append(file["path"] if position is None else f"{file['path']}\t{position}")
    return "".join(f"{row}\n" for row in rows)


def _toml(row: Row) -> str:
    lines = [f"{name} = {_quoted(row.get(name))}\n" for name in ("repository_url", "revision")]
    if row.get("tags"):
        lines.append(f"tags = [{', '.join(map(_quoted, row['tags']))}]\n")
    if row.get("uncommitted_diff_contains_edit_history"):
        lines.append(f"{_ROLLBACK} = true\n")
    return "".join(lines)


def _quoted(value: object) -> str:
    """A string in TOML: JSON's escapes are a part of its own, but for one character."""
    return json.dumps(str(value or ""), ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(value: object) -> str:
    return " ".join(str(value or "").split())
