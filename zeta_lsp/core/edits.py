"""Edits a prediction proposes, in document coordinates.

A `TextEdit` replaces the text between two positions; rows and columns count from 0, columns in
code points. The edits of one prediction are sorted, do not overlap, and refer to one version of
the document. A *cluster* is a run of edits that lie together: shown and accepted as one.
"""

import msgspec


class TextEdit(msgspec.Struct, frozen=True, gc=False):
    """Replace ``[start, end)`` by `new_text`."""

    start_row: int
    start_col: int
    end_row: int
    end_col: int
    new_text: str

    @property
    def is_insertion(self) -> bool:
        """Whether nothing is removed."""
        return (self.start_row, self.start_col) == (self.end_row, self.end_col)


Cluster = tuple[TextEdit, ...]
"""Edits at most one row apart."""


class Target(msgspec.Struct, frozen=True, gc=False):
    """Edits for one file at one version of it."""

    uri: str
    version: int
    clusters: tuple[Cluster, ...]
