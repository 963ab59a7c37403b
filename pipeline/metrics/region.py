"""Whether a patch looks like an answer to another region than the one that was asked about.

A model that answers with a region of its own finding, usually a part of what it was given, shows as
a patch that begins by deleting rows: the first hunk starts with `ROWS` deletions. It is a rule of
thumb, and Zed's.
"""

from pipeline.metrics.patch_rows import hunks_of

ROWS = 3


def is_region_right(patch: str) -> bool:
    """False if the patch begins with deletions; a patch without hunks is right."""
    first = next(iter(hunks_of(patch)), None)
    if first is None or len(first.rows) < ROWS:
        return True
    return any(row.sign != "-" for row in first.rows[:ROWS])
