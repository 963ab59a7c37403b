"""What a prediction would change, short enough to be read in a table.

Not the patch that an export holds: no hunk headers, one removed and one added run of lines for
each replacement, without the lines that both have at either end.
"""

from collections.abc import Iterator

from capture.rows import Snapshot
from zeta_lsp.core.prompt import Replacement

_LONGEST_CHARACTERS = 4000


def patch_of(snapshot: Snapshot) -> str | None:
    """Lines with ``-`` and ``+``; None if nothing was predicted, or too much to be looked at."""
    if snapshot.answer is None or not snapshot.answer.replacements:
        return None
    runs = (_run(snapshot, replacement) for replacement in snapshot.answer.replacements)
    patch = "\n".join(line for run in runs for line in run)
    return patch if 0 < len(patch) <= _LONGEST_CHARACTERS else None


def _run(snapshot: Snapshot, replacement: Replacement) -> Iterator[str]:
    old, new = _replaced(snapshot, replacement).split("\n"), replacement.text.split("\n")
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    yield from ("-" + line for line in old[head : len(old) - tail])
    yield from ("+" + line for line in new[head : len(new) - tail])


def _replaced(snapshot: Snapshot, replacement: Replacement) -> str:
    text = _text(snapshot, replacement).encode()
    return text[replacement.start : replacement.end].decode(errors="replace")


def _text(snapshot: Snapshot, replacement: Replacement) -> str:
    if replacement.related is None:
        return snapshot.given.cursor_excerpt
    file, excerpt = replacement.related
    files = snapshot.given.related_files or ()
    if file < len(files) and excerpt < len(files[file].excerpts):
        return files[file].excerpts[excerpt].text
    return ""


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
