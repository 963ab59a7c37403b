"""Rows of the NEP data set: ``old_contents, diff, current_contents, new_contents`` of a commit.

The history is what lies between the old and the current contents. The row's own ``diff`` is left
out: as published it runs to the *new* contents, so it would tell the answer.
"""

from pipeline.reading import commitpackft
from pipeline.reading.contents import example_between
from pipeline.reading.fields import text
from pipeline.records import Dropped, Row

_CONTENTS = ("old_contents", "current_contents", "new_contents")


def is_like(record: Row) -> bool:
    """Whether a record has its fields."""
    return all(isinstance(record.get(name), str) for name in _CONTENTS)


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    old, current, new = (text(record, name) for name in _CONTENTS)
    if old is None or current is None or new is None:
        return Dropped("no_contents")
    origin = commitpackft.origin_of(record, "nep", ("diff", "text", *_CONTENTS))
    return example_between(origin, commitpackft.path_of(record), old, current, new)
