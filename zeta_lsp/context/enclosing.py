"""What encloses a place in a text that nobody edits: the tree as a live session would have it.

A session has its tree parsed again whenever nobody types, so what it sends is nearly always of a
fresh tree. Here one is made for a single question, by the same rules: whole for files of up to
`WHOLE_ROWS` rows, else a window around the place. The same text gives the same answer, however long
parsing took.
"""

from collections.abc import Sequence

from zeta_lsp.context.syntax import WHOLE_ROWS, syntax_for
from zeta_lsp.core.excerpt import Span


def enclosing_spans(path: str, lines: Sequence[str], row: int, col: int) -> tuple[Span, ...] | None:
    """Spans of the nodes around a place, innermost first; None without a grammar or a tree.

    `path` uses ``/``, `col` counts code points, the spans' columns bytes.
    """
    tree = syntax_for("", path)
    if tree is None:
        return None
    if len(lines) <= WHOLE_ROWS:
        tree.refresh(lines)
    return tree.ancestors(lines, row, col)
