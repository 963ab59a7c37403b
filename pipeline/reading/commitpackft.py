"""Rows of CommitPackFT: one file before and after a commit, with its message, licence and places.

All edits of the commit but the last are the history, the last is expected. A commit of a single
edit has no history: tagged ``no-history``, since nothing announces what is expected.
"""

from pipeline.reading.contents import example_between, state_after
from pipeline.reading.fields import rest, text
from pipeline.reading.moment import Origin
from pipeline.records import Dropped, Row
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.region_patch import rows_of

_PLACES = ("commit", "repos", "license", "old_file", "new_file")
_SPDX = {
    name.lower(): name
    for name in (
        "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "CC0-1.0", "Unlicense",
        "MPL-2.0", "EPL-1.0", "EPL-2.0", "LGPL-2.1", "LGPL-3.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0",
        "Artistic-2.0", "WTFPL", "Zlib", "0BSD",
    )
}  # fmt: skip
"""Licences as the data set writes them, in lower case."""


def is_like(record: Row) -> bool:
    """Whether a record has its fields."""
    return all(isinstance(record.get(name), str) for name in ("old_contents", "new_contents"))


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    old, new = text(record, "old_contents"), text(record, "new_contents")
    if old is None or new is None:
        return Dropped("no_contents")
    if not old.strip() or not new.strip():
        return Dropped("file_created_or_removed")
    before, after = rows_of(old), rows_of(new)
    changes = histogram_diff(before, after)
    if not changes:
        return Dropped("no_change")
    end = "\n" if new.endswith("\n") else ""
    rows = state_after(before, after, changes[-2]) if len(changes) > 1 else before
    tags = () if len(changes) > 1 else ("no-history",)
    origin = origin_of(record, "commitpackft", ("old_contents", "new_contents"), tags)
    return example_between(origin, path_of(record), old, "\n".join(rows) + end, new)


def origin_of(
    record: Row, source: str, contents: tuple[str, ...], tags: tuple[str, ...] = ()
) -> Origin:
    """Where a commit is from: its parent is the revision, its first repository the address."""
    commit, licence = text(record, "commit"), text(record, "license")
    places = tuple(
        f"https://github.com/{one.strip()}"
        for one in (text(record, "repos") or "").split(",")
        if one.strip()
    )
    return Origin(
        source=source,
        kind="commit",
        name=commit or "",
        repository_url=places[0] if places else "",
        revision=f"{commit}~1" if commit else "",
        licence=_SPDX.get(licence.lower(), licence) if licence else None,
        repositories=places[1:],
        tags=tags,
        rest=rest(record, *_PLACES, *contents),
    )


def path_of(record: Row) -> str:
    """The file after the commit."""
    return text(record, "new_file") or text(record, "old_file") or ""
