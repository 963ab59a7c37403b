"""A prediction in words, for editors that show neither ghost text nor a diff in place.

`title` is a line for a menu, `unified` a diff for whoever looks closer. Both say what the text will
be, not what is done to it; both are cut where a menu or a popup would be no help any more.
"""

from collections.abc import Sequence

from zeta_lsp.core.clusters import whole_line_edit
from zeta_lsp.core.documents import Document
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.text import split_lines

LABEL_CHARS = 72
"""What fits into a menu."""
CONTEXT_ROWS = 2
"""Rows around the change in a diff."""
DIFF_ROWS = 60
"""Longest diff; one client is known to fall over very long documentation."""
LINE_END = " ⏎ "
"""How the end of a line is drawn where there is room for one line only."""


def title(document: Document, cluster: Cluster, quote: str = "`") -> str:
    """What a cluster makes of the text, and where: ``line 40: `return net + tax` ``."""
    row, old, new = changed_rows(document, cluster)
    where, fresh, gone = f"line {row + 1}", one_line(new), one_line(old)
    if fresh:
        return f"{where}: {quote}{fresh}{quote}"
    return f"{where}: delete {quote}{gone}{quote}" if gone else f"{where}: blank lines"


def one_line(lines: Sequence[str], most: int = LABEL_CHARS, *, keep_start: bool = False) -> str:
    """Lines in the room of one, without indentation and empty lines.

    `keep_start` leaves the blanks that the first line begins with: it goes on with another.
    """
    text = LINE_END.join(stripped for line in lines if (stripped := line.strip()))
    if keep_start and lines and lines[0].strip():
        first = lines[0]
        text = first[: len(first) - len(first.lstrip())] + text
    elif keep_start and len(lines) > 1:
        text = LINE_END.lstrip() + text
    return text if len(text) <= most else text[: most - 1] + "…"


def unified(document: Document, cluster: Cluster) -> str:
    """A cluster as one hunk of a unified diff, without line ends."""
    row, old, new = changed_rows(document, cluster)
    first = max(0, row - CONTEXT_ROWS)
    rows = [_bare(line) for line in document.lines if line]  # the last may be none
    above, stop = rows[first:row], row + len(old)
    below = rows[stop : stop + CONTEXT_ROWS]
    around = len(above) + len(below)
    head = f"@@ -{first + 1},{len(old) + around} +{first + 1},{len(new) + around} @@"
    body = [*_marked(" ", above), *_hunk(old, new), *_marked(" ", below)]
    if len(body) > DIFF_ROWS:
        body = [*body[:DIFF_ROWS], f"… {len(body) - DIFF_ROWS} more lines"]
    return "\n".join([head, *body])


def changed_rows(document: Document, cluster: Cluster) -> tuple[int, list[str], list[str]]:
    """The first row that changes, and the rows from there on as they are and as they will be."""
    edit = whole_line_edit(cluster, document.lines)
    end = edit.end_row if edit.end_col == 0 else edit.end_row + 1
    old = [_bare(line) for line in document.lines[edit.start_row : end]]
    new = [_bare(line) for line in split_lines(edit.new_text)]
    if new and not new[-1] and edit.end_col == 0:
        new.pop()  # the text ends with a line end: no further row was begun
    return edit.start_row, old, new


def _hunk(old: list[str], new: list[str]) -> list[str]:
    rows: list[str] = []
    from difflib import SequenceMatcher  # not for the start

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        if tag == "equal":
            rows += _marked(" ", old[start:stop])
        else:
            rows += _marked("-", old[start:stop])
            rows += _marked("+", new[new_start:new_stop])
    return rows


def _marked(sign: str, lines: Sequence[str]) -> list[str]:
    return [sign + line for line in lines]


def _bare(line: str) -> str:
    return line.rstrip("\r\n")
