"""Edits that a model proposes out of the cursor's excerpt: in another file, or further off in this.

Formats that mark every excerpt of a prompt let a model rewrite any of them (`formats.v0615`). Each
excerpt that it rewrote is then looked at as if the cursor stood in it: the same guards, the same
way from an answer to edits. Whether the file still reads as the model saw it is asked when somebody
gets there, since it may not even be open before.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.clusters import clusters_of
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.places import Place
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, Replacement
from zeta_lsp.core.text import split_lines, without_surrogates

MOVED_ROWS = 200
"""Rows put in or taken out above an excerpt since the model saw it; further off it is not found."""


class Remote(msgspec.Struct, frozen=True):
    """What a model rewrites in one excerpt of another place.

    `path` names the file as prompts do, `text` is the excerpt as the model saw it (whole rows), and
    `answer` replaces ranges of that text.
    """

    path: str
    start_row: int
    text: str
    answer: Answer

    def edits(self, newline: str = "\n") -> tuple[TextEdit, ...]:
        """What it changes, in rows of the file as the model saw it.

        Raises:
            PositionError: a range lies outside the excerpt or inside a character.
        """
        return edits_of(self.answer, self.text, self.start_row, newline)

    def as_asked(self, given: PromptInput) -> PromptInput:
        """What the model was given, as if the cursor stood where it makes its first change."""
        at = min((one.start for one in self.answer.replacements), default=0)
        return msgspec.structs.replace(
            given,
            cursor_path=self.path,
            cursor_excerpt=self.text,
            cursor_offset_in_excerpt=at,
            excerpt_start_row=self.start_row,
            syntax_ranges=None,
            excerpt_ranges={},
        )


def split(answer: Answer, given: PromptInput) -> tuple[Answer, tuple[Remote, ...]]:
    """An answer without what it rewrites elsewhere, and that, in the order of the answer.

    What names no excerpt that there is stays in the answer: it is for the guards to refuse.
    """
    mine: list[Replacement] = []
    remote: dict[tuple[int, int], list[Replacement]] = {}
    for one in answer.replacements:
        excerpt = _excerpt(one, given)
        if one.related is None or excerpt is None or excerpt.context_source == "current_file":
            mine.append(one)
        else:
            remote.setdefault(one.related, []).append(msgspec.structs.replace(one, related=None))
    if not remote:
        return answer, ()
    cursor = answer.cursor if mine and mine[0] is answer.replacements[0] else None
    left = Answer(tuple(mine), cursor, answer.complete)
    return left, tuple(_remote(key, given, answer, ours) for key, ours in remote.items())


def clusters_in(remote: Remote, lines: Sequence[str], newline: str) -> tuple[Cluster, ...] | None:
    """What it changes in a document, by rows as they are now; None if its rows are not there."""
    rows = split_lines(remote.text.removesuffix("\n"))
    row = _found(list(map(_bare, rows)), lines, remote.start_row)
    if row is None:
        return None
    moved = msgspec.structs.replace(remote, start_row=row)
    return clusters_of(moved.edits(newline))


def first_place(remote: Remote) -> Place | None:
    """Row and column of the first change in the file as the model saw it; None without any.

    Raises:
        PositionError: as `Remote.edits`.
    """
    edits = remote.edits()
    return (edits[0].start_row, edits[0].start_col) if edits else None


def _excerpt(replacement: Replacement, given: PromptInput) -> RelatedExcerpt | None:
    if replacement.related is None:
        return None
    file_index, index = replacement.related
    files = given.related_files or ()
    if not 0 <= file_index < len(files) or not 0 <= index < len(files[file_index].excerpts):
        return None
    return files[file_index].excerpts[index]


def _remote(
    key: tuple[int, int], given: PromptInput, answer: Answer, ours: Sequence[Replacement]
) -> Remote:
    assert given.related_files is not None
    file = given.related_files[key[0]]
    excerpt = file.excerpts[key[1]]
    text = without_surrogates(excerpt.text)
    left = Answer(tuple(ours), None, answer.complete)
    return Remote(file.path, excerpt.row_range[0], text, left)


def _found(rows: Sequence[str], lines: Sequence[str], start_row: int) -> int | None:
    """Where some rows begin in a document, nearest to where they were."""
    for distance in range(MOVED_ROWS + 1):
        for row in {start_row + distance, start_row - distance}:
            if 0 <= row <= len(lines) - len(rows) and _bare(lines[row]) == rows[0]:
                window = lines[row : row + len(rows)]
                if list(map(_bare, window)) == list(rows):
                    return row
    return None


def _bare(line: str) -> str:
    return without_surrogates(line.rstrip("\r\n"))
