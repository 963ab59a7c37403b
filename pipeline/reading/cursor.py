"""The cursor in an example's text, in the two ways in which Zed writes it down.

Inline: ``<|user_cursor|>`` stands where the cursor is. Or as a comment on a row of its own below
the cursor's: ``// ^[CURSOR_POSITION]`` points up at the column, ``// <[CURSOR_POSITION]`` means the
column in which the comment itself begins. In a patch such a row begins with ``#`` instead of a sign
and its columns are those of the patch's row. Columns count UTF-8 bytes.
"""

from zeta_lsp.core.formats.cursor_mark import CURSOR

POINTER = "[CURSOR_POSITION]"


def cursor_excerpt(marked: str) -> tuple[str, int] | None:
    """The text without the mark and the cursor's byte offset in it; None if there is no mark.

    Newlines at the end go with a comment, as in Zed.
    """
    before, mark, after = marked.partition(CURSOR)
    if mark:
        return before + after.replace(CURSOR, ""), len(before.encode())
    rows = marked.split("\n")
    at = next((n for n, row in enumerate(rows) if POINTER in row), None)
    if at is None or at == 0 or (column := _column(rows[at])) is None:
        return None
    above = "\n".join(rows[:at])
    start = len(above.encode()) - len(rows[at - 1].encode())
    text = "\n".join(rows[:at] + rows[at + 1 :]).rstrip("\n")
    return text, min(start + _whole(rows[at - 1], column), len(text.encode()))


def with_cursor(excerpt: str, offset: int) -> str:
    """The text with the mark at a byte offset."""
    data = excerpt.encode()
    return f"{data[:offset].decode()}{CURSOR}{data[offset:].decode()}"


def inline_cursor(patch: str) -> str:
    """A patch whose comment rows became inline marks; without any, the same."""
    if POINTER not in patch:
        return patch
    rows: list[str] = []
    for row in patch.split("\n"):
        if not row.startswith("#") or POINTER not in row:
            rows.append(row)
        elif rows and (column := _column(row)) is not None and rows[-1][:1] in {"+", " "}:
            data = rows[-1].encode()
            at = max(1, _whole(rows[-1], column))
            rows[-1] = f"{data[:at].decode()}{CURSOR}{data[at:].decode()}"
    return "\n".join(rows)


def _column(row: str) -> int | None:
    """Where the pointer in a row points, in bytes."""
    before = row.partition(POINTER)[0]
    if "^" in before:
        return len(before[: before.index("^")].encode())
    return len(row) - len(row.lstrip()) if "<" in before else None


def _whole(row: str, column: int) -> int:
    """A byte column that lies in a row and not inside a character."""
    return len(row.encode()[:column].decode(errors="ignore").encode())
