"""Files with outlines for tests, made from text without a parser."""

from zeta_lsp.core.related import FileOutline, Found, Identifier, Item, Place
from zeta_lsp.core.text import split_lines


def item(
    name: str,
    rows: tuple[int, int],
    body: tuple[int, int] | None = None,
    depth: int = 0,
    kind: str = "class",
) -> Item:
    """An item; its name stands at the start of its first row."""
    body = body or (rows[1], rows[1])
    return Item(name, kind, *rows, *body, rows[0], 0, depth)


def file_of(text: str, *items: Item, path: str = "shop/a.py") -> FileOutline:
    return FileOutline(path, tuple(split_lines(text)), items)


def place(row: int, *, path: str = "/w/shop/a.py", size: int = 3) -> Place:
    return Place(path, row, 0, row, size)


def found(
    rank: int, *places: Place, door: str = "index", age_s: float = 0.0, name: str = "x"
) -> Found:
    return Found(Identifier(name, 0, 0, rank), places, door, "definition", age_s)
