"""Rows of Zeta 1's data set: ``events, input, output``, and ``rejected`` for preferences.

``input`` is a fenced excerpt named by its path, with tags around the editable region and the
cursor's mark in it; ``output`` is the same excerpt after the edit, sometimes cut or with text
before. People edited; the data set as a whole is under Apache-2.0.
"""

import re

from msgspec.structs import replace

from pipeline.reading.fields import rest, text
from pipeline.reading.history import fenced_events
from pipeline.reading.moment import Moment, Origin, example
from pipeline.records import Dropped, Row
from zeta_lsp.core.formats.zeta1 import CURSOR, END, START, START_OF_FILE

_FENCE = re.compile(r"\A\s*```(?P<path>[^\n]*)\n(?P<body>.*?)\n?```\s*\Z", re.DOTALL)
LICENCE = "Apache-2.0"


def is_like(record: Row) -> bool:
    """Whether a record has its fields."""
    return all(isinstance(record.get(name), str) for name in ("events", "input", "output"))


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    moment = moment_of(text(record, "input") or "")
    if isinstance(moment, Dropped):
        return moment
    expected = region_in(text(record, "output") or "")
    if expected is None:
        return Dropped("no_region_in_output")
    unwanted = region_in(text(record, "rejected") or "")
    moment = replace(moment, events=fenced_events(text(record, "events") or ""))
    origin = Origin(
        source="zeta1",
        name=text(record, "name") or "",
        licence=LICENCE,
        rest=rest(record, "events", "input", "output", "rejected", "name"),
    )
    rejected = None if unwanted is None or unwanted == expected else moment.patch(unwanted)
    return example(moment, origin, [moment.patch(expected)], rejected)


def moment_of(fenced: str) -> Moment | Dropped:
    """The excerpt in a fence, its path, region and cursor."""
    found = _FENCE.match(fenced)
    if found is None:
        return Dropped("no_excerpt")
    body = found["body"]
    is_start = body.startswith(f"{START_OF_FILE}\n")
    body = body.removeprefix(f"{START_OF_FILE}\n")
    return tagged_moment(found["path"].strip(), body, 0 if is_start else None)


def tagged_moment(path: str, body: str, first_row: int | None) -> Moment | Dropped:
    """An excerpt with tags around its region and a cursor in it."""
    above, start, rest_ = body.partition(START)
    region, end, below = rest_.partition(END)
    if not start or not end:
        return Dropped("no_region")
    region = region.removeprefix("\n").removesuffix("\n")
    if CURSOR not in above + region + below:
        return Dropped("no_cursor")
    marked = above + region + below
    before = marked[: marked.index(CURSOR)]
    above, region = above.replace(CURSOR, ""), region.replace(CURSOR, "")
    excerpt = above + region + below.replace(CURSOR, "")
    first = len(above.encode())
    return Moment(
        path=path,
        excerpt=excerpt,
        cursor=len(before.encode()),
        first_row=first_row,
        editable=(first, first + len(region.encode())),
    )


def region_in(output: str) -> str | None:
    """The region in an answer, None if it is not tagged. A missing end tag is forgiven."""
    _, start, body = output.partition(START)
    if not start:
        return None
    body, end, _ = body.partition(END)
    body = body.removeprefix("\n")
    body = body.removesuffix("\n") if end else body.removesuffix("\n```")
    return body.replace(CURSOR, "")
