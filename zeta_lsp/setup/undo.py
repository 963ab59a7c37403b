"""Working out how to undo what a receipt records.

A file that is still what setup made of it becomes what it was before, byte for byte. One that has
been edited since keeps those edits: only what setup put in is taken out. Where that cannot be told
apart, the file stays, and the person is told what to take out.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from zeta_lsp.setup.change import Change, content_of
from zeta_lsp.setup.patch import taken_back
from zeta_lsp.setup.receipts import Receipt, Receipts, Written, digest_of
from zeta_lsp.setup.text import without_block


class Stuck(msgspec.Struct, frozen=True):
    """A file that has to be undone by hand, and what to do."""

    written: Written
    advice: str


class Undoing(msgspec.Struct, frozen=True):
    """How to undo one receipt: files to restore, in order, and files that cannot be."""

    receipt: Receipt
    changes: tuple[Change, ...]
    stuck: tuple[Stuck, ...]


def undoing(receipt: Receipt, receipts: Receipts) -> Undoing:
    """How to undo a receipt, given the files as they are now.

    Raises:
        ZetaError: a file or the record cannot be read.
    """
    changes: list[Change] = []
    stuck: list[Stuck] = []
    for written in reversed(receipt.written):
        step = _step(written, receipts)
        if isinstance(step, Stuck):
            stuck.append(step)
        elif step is not None:
            changes.append(step)
    return Undoing(receipt, tuple(changes), tuple(stuck))


def folders_made(receipt: Receipt) -> list[Path]:
    """The folders that were made for a receipt's files, outermost first."""
    return sorted({Path(folder) for each in receipt.written for folder in each.folders})


def newest_first(receipts: Sequence[Receipt], names: Sequence[str]) -> list[Receipt]:
    """The receipts of some editors, or of all if none is named."""
    return [each for each in reversed(receipts) if not names or each.editor in names]


def _step(written: Written, receipts: Receipts) -> Change | Stuck | None:
    target = Path(written.target)
    current = content_of(target)
    digest = None if current is None else digest_of(current)
    if digest == written.before:
        return None
    before = receipts.content(written.before)
    if digest == written.after:
        return Change(target, current, before)
    if current is None:
        return None  # somebody removed the file, and ours with it
    if before is None:
        return Stuck(written, f"{target} was changed since: remove it if you do not need it")
    after = receipts.content(written.after) or b""
    without = taken_back(before, after, current)
    if without is None:
        without = _unmarked(current)
    if without is None:
        diff = Change(target, before, after).diff()
        return Stuck(written, f"{target} was changed since; take out by hand:\n{diff}")
    return Change(target, current, without)


def _unmarked(current: bytes) -> bytes | None:
    try:
        text = without_block(current.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return None if text is None else text.encode("utf-8")
