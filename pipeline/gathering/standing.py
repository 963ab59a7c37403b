"""The texts of an example's moment, made of its revision, and where in them the cursor stands.

`uncommitted_diff` comes first, and then the edit history, unless the diff holds that already. What
a history tells may have been saved and committed since, so where the two together do not lead to
the excerpt, the diff alone may. The excerpt decides: its rows have to stand in the file.
"""

import re
import stat
from collections.abc import Iterator, Mapping

import msgspec
from dulwich.objects import Blob, ObjectID, Tree
from dulwich.repo import Repo

from pipeline.example import given_of
from pipeline.gathering.patched import Texts, applied_to, patched
from pipeline.records import Dropped, Row
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.gathering import Standing
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.related import Visit
from zeta_lsp.core.text import split_lines

FILE_BYTES_MAX = 4 << 20
_CONTAINS = "uncommitted_diff_contains_edit_history"
_VISITED = ("recently_viewed_files", "recently_opened_files")
VISITS_MAX = 8
_NAME = re.compile(r"(?!\.+$)[^/\\\x00-\x1f]{1,100}")
"""What a folder may be called; an example may say anything."""


class Stood(msgspec.Struct, frozen=True):
    """Where somebody stood; the row in which the excerpt begins; what the repository is called.

    `is_named` says that paths of the example begin with that name.
    """

    standing: Standing
    first_row: int
    name: str
    is_named: bool


class Files:
    """The texts of one revision, with some of them changed."""

    def __init__(self, repo: Repo, tree: Tree) -> None:
        self._repo, self._tree = repo, tree
        self.changed: Texts = {}

    def text(self, path: str) -> str | None:
        """The text of a file; None without one, or if it is no UTF-8."""
        if path in self.changed:
            return self.changed[path]
        try:
            return self._committed(path)
        except (KeyError, ValueError):
            return None

    def _committed(self, path: str) -> str | None:
        found: object = self._tree
        for part in path.encode().split(b"/"):
            if not isinstance(found, Tree):
                return None
            mode, sha = found[part]
            if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
                return None  # a link, or another repository
            found = self._repo.object_store[ObjectID(sha)]
        return found.data.decode() if isinstance(found, Blob) else None

    def copy(self) -> "Files":
        """The same texts, to be changed otherwise."""
        made = Files(self._repo, self._tree)
        made.changed = dict(self.changed)
        return made

    def take(self, changed: Texts | None) -> bool:
        """Go on with some changed files; False for None."""
        self.changed |= changed or {}
        return changed is not None


def stood_of(row: Row, repo: Repo, tree: Tree, name: str) -> Stood | Dropped:
    """Where the person of an example stood, in the repository of that name at its revision."""
    given = given_of(row)
    if isinstance(given, Dropped):
        return given
    diff = row.get("uncommitted_diff") or ""
    files = Files(repo, tree)
    if not isinstance(diff, str) or not files.take(applied_to(diff, files.text)):
        return Dropped("diff_does_not_apply")
    refusal = "no_file"
    for texts, root in _moments(row, files, given):
        path = _within(given.cursor_path, root)
        text = texts.get(path) if path in texts else files.text(path)
        if text is None:
            continue
        refusal = "excerpt_not_in_checkout"
        if len(text) <= FILE_BYTES_MAX and (place := place_of(given, text)) is not None:
            first_row, at_row, at_col = place
            others = {one: other for one, other in texts.items() if one != path}
            visits = _visits(row, root)
            standing = Standing(path, text, at_row, at_col, others, visits)
            return Stood(standing, first_row, root or name, bool(root))
    return Dropped(refusal)


def _moments(row: Row, files: Files, given: PromptInput) -> Iterator[tuple[Texts, str]]:
    """The texts as they may have been, the likeliest first, and the name that paths begin with."""
    first = given.cursor_path.partition("/")[0] if "/" in given.cursor_path else ""
    for root in dict.fromkeys((first if _NAME.fullmatch(first) else "", "")):
        if row.get(_CONTAINS) is not True:
            later = files.copy()
            if _edited(later, given.events, root):
                yield later.changed, root
        yield files.changed, root


def _edited(files: Files, events: tuple[BufferChange, ...], root: str) -> bool:
    """Whether the history applies; then it is."""
    for event in events:
        old, new = _within(event.old_path, root), _within(event.path, root)
        text = files.text(old)
        after = None if text is None else patched(event.diff, text)
        if after is None:
            return False
        if old != new:
            files.changed[old] = None
        files.changed[new] = after
    return True


def _within(path: str, root: str) -> str:
    return path.removeprefix(f"{root}/") if root else path


def place_of(given: PromptInput, text: str) -> tuple[int, int, int] | None:
    """The row in which the excerpt begins, and the cursor's row and code-point column.

    None if the excerpt's rows do not stand in the text, or nobody can tell where.
    """
    excerpt = given.cursor_excerpt.replace("\r\n", "\n")
    rows = _starts(excerpt, "\n".join(line.rstrip("\r\n") for line in split_lines(text)))
    first = given.excerpt_start_row
    if first not in rows:
        if len(rows) != 1:
            return None
        first = rows[0]
    above = given.cursor_excerpt.encode()[: given.cursor_offset_in_excerpt]
    before = above.decode("utf-8", "replace").split("\n")
    return first, first + len(before) - 1, len(before[-1])


def _starts(excerpt: str, text: str) -> list[int]:
    """The rows in which an excerpt begins that fills them."""
    bounded, wanted = f"\n{text}\n", f"\n{excerpt.removesuffix(chr(10))}\n"
    rows: list[int] = []
    at = bounded.find(wanted)
    while at >= 0:
        rows.append(bounded.count("\n", 0, at))
        at = bounded.find(wanted, at + 1)
    return rows


def _visits(row: Row, root: str) -> tuple[Visit, ...]:
    """Where the person was lately, as the example tells it: the latest first."""
    found: dict[str, Visit] = {}
    for field in _VISITED:
        files = row.get(field)
        for file in files if isinstance(files, list) else ():
            path = file.get("path") if isinstance(file, Mapping) else None
            if isinstance(path, str) and path:
                path = _within(path, root)
                found.setdefault(path, Visit(path, _row(file.get("cursor_position"))))
    return tuple(found.values())[:VISITS_MAX]


def _row(position: object) -> int:
    """The row of a position: a number, or one that text begins with."""
    if isinstance(position, int):
        return max(position, 0)
    digits = str(position or "").partition(":")[0]
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0
