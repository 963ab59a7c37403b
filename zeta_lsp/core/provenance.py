"""Who made an edit: inferred, since no editor says so.

How it works. The caller knows what was accepted and what came from disk. A notification that
brings back an earlier text is an undo, and one that brings back a text that was undone is a redo:
each document keeps the fingerprints of its latest texts, whatever the edits in between looked
like, so it does not matter how an editor groups or bundles them. What is left is judged by how it
looks (`keystrokes`) and by how many places it touches at once:

* one place: each replacement is typed or pasted, or bulk if it is very large; one that keeps every
  token is a formatter's;
* several places: keys there come from several cursors or from fast typing; a word with a line or
  two elsewhere is a completion with its import; equal tokens are a formatter's; the rest is bulk.

Between a client's will-save and its did-save, formatters are expected, and less is taken for
typing.

What stays undecidable goes to the likelier side: taking back one typed character is a backspace,
deleting exactly what was typed since some earlier text is an undo, a pasted word is a completion.
"""

import re
import weakref
from collections.abc import Sequence

import msgspec

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Source, Splice
from zeta_lsp.core.keystrokes import is_blank, is_key, is_typed, is_word
from zeta_lsp.core.text import byte_length

BULK_BYTES = 6144
"""More than this at once is an agent's or a file's, whatever it looks like."""
FORMATTING_S = 5.0
"""How long after will-save a formatter is expected at most."""
_COMPLETION_PLACES = 3
_COMPLETION_BYTES = 400
_REMEMBERED_TEXTS = 256
_NO_TOKEN = re.compile(r"[\s,;]+")
_QUOTE = re.compile("[\"'`]")


class Hints(msgspec.Struct, frozen=True, gc=False):
    """What the caller knows of a notification.

    `accepted` are the indexes of splices that are an accepted prediction; `disk` says that the
    editor read the file again.
    """

    accepted: frozenset[int] = frozenset()
    disk: bool = False


NO_HINTS = Hints()


class Provenance:
    """Tells the sources of edits, in all documents of a server."""

    def __init__(self) -> None:
        self._timelines: weakref.WeakKeyDictionary[Document, _Timeline] = (
            weakref.WeakKeyDictionary()
        )

    def classify(
        self,
        document: Document,
        splices: Sequence[Splice],
        now_s: float,
        hints: Hints = NO_HINTS,
    ) -> list[Source]:
        """The source of each splice of the notification that `document` applied last."""
        if not splices:
            return []
        places = _count_places(splices)
        timeline = self._timeline(document, document.trail[0])
        moved = timeline.move(document.trail, undoable=not _is_typing(splices, places))
        if hints.disk:
            return [Source.DISK] * len(splices)
        if moved is not None:
            sources = [moved] * len(splices)
        else:
            formatting = now_s < timeline.formatting_until_s
            sources = _by_look(splices, places, formatting=formatting)
        return [
            Source.ACCEPTED if index in hints.accepted else source
            for index, source in enumerate(sources)
        ]

    def expect_formatting(self, document: Document, now_s: float) -> None:
        """A client will save, or asked for formatting."""
        self._timeline(document, document.fingerprint).formatting_until_s = now_s + FORMATTING_S

    def formatted(self, document: Document) -> None:
        """A client did save."""
        self._timeline(document, document.fingerprint).formatting_until_s = 0.0

    def _timeline(self, document: Document, fingerprint: int) -> "_Timeline":
        timeline = self._timelines.get(document)
        if timeline is None:
            timeline = self._timelines[document] = _Timeline(fingerprint)
        return timeline


class _Timeline:
    """The latest texts of a document, as fingerprints, and which of them it has now."""

    __slots__ = ("_at", "_texts", "formatting_until_s")

    def __init__(self, fingerprint: int) -> None:
        self.formatting_until_s = 0.0
        self._texts = [fingerprint]
        self._at = 0

    def move(self, trail: Sequence[int], *, undoable: bool) -> Source | None:
        """Follow the latest notification; UNDO or REDO if it brought back an earlier text."""
        texts, now = self._texts, trail[-1]
        if undoable and now != texts[self._at]:
            for at in range(self._at - 1, -1, -1):
                if texts[at] == now:
                    self._at = at
                    return Source.UNDO
            for at in range(self._at + 1, len(texts)):
                if texts[at] == now:
                    self._at = at
                    return Source.REDO
        texts[self._at + 1 :] = trail[1:]
        del texts[:-_REMEMBERED_TEXTS]
        self._at = len(texts) - 1
        return None


def _by_look(splices: Sequence[Splice], places: int, *, formatting: bool) -> list[Source]:
    if formatting and (places > 1 or _spans_rows(splices) or all(map(is_blank, splices))):
        source = Source.FORMATTER
    elif places == 1:
        return [_in_one_place(splice) for splice in splices]
    else:
        source = _in_several_places(splices, places)
    return [source] * len(splices)


def _in_one_place(splice: Splice) -> Source:
    if is_typed(splice):
        return Source.TYPED
    if splice.old_text and _keep_tokens([splice]):
        return Source.FORMATTER
    is_bulk = max(byte_length(splice.old_text), byte_length(splice.new_text)) > BULK_BYTES
    return Source.BULK if is_bulk else Source.PASTED


def _in_several_places(splices: Sequence[Splice], places: int) -> Source:
    if _is_typing(splices, places) or _have_one_text(splices):
        return Source.TYPED
    if _keep_tokens(splices):
        return Source.FORMATTER
    return Source.TYPED if _is_completion(splices, places) else Source.BULK


def _is_typing(splices: Sequence[Splice], places: int) -> bool:
    """Keys, wherever they are; but white space in several places is seldom typed."""
    return all(map(is_key, splices)) and (places == 1 or not all(map(is_blank, splices)))


def _have_one_text(splices: Sequence[Splice]) -> bool:
    """One key pressed with several cursors."""
    texts = {(splice.old_text, splice.new_text) for splice in splices}
    return len(texts) == 1 and is_key(splices[0])


def _is_completion(splices: Sequence[Splice], places: int) -> bool:
    """A word that came in, and what it needs elsewhere."""
    return (
        places <= _COMPLETION_PLACES
        and any(map(is_word, splices))
        and all(is_word(splice) or not splice.old_text for splice in splices)
        and len({splice.new_text for splice in splices}) == len(splices)
        and sum(byte_length(splice.new_text) for splice in splices) <= _COMPLETION_BYTES
    )


def _keep_tokens(splices: Sequence[Splice]) -> bool:
    """Whether all code is still there, but for white space, separators and kinds of quotes."""
    old = _tokens("".join(splice.old_text for splice in splices))
    return old == _tokens("".join(splice.new_text for splice in splices))


def _tokens(text: str) -> str:
    return _QUOTE.sub("'", _NO_TOKEN.sub("", text))


def _spans_rows(splices: Sequence[Splice]) -> bool:
    return any(
        splice.old_end_row != splice.start_row or splice.new_end_row != splice.start_row
        for splice in splices
    )


def _count_places(splices: Sequence[Splice]) -> int:
    """Places that a notification touched; one splice after another at its edge is one place."""
    count, start, end = 0, (0, 0), (0, 0)
    for splice in splices:
        first = (splice.start_row, splice.start_col)
        old_end = (splice.old_end_row, splice.old_end_col)
        new_end = (splice.new_end_row, splice.new_end_col)
        if count and first <= end and start <= old_end:
            start, end = min(start, first), max(new_end, _moved(end, splice))
        else:
            count, start, end = count + 1, first, new_end
    return count


def _moved(place: tuple[int, int], splice: Splice) -> tuple[int, int]:
    """Where a place is after a splice."""
    row, col = place
    if place < (splice.old_end_row, splice.old_end_col):
        return splice.new_end_row, splice.new_end_col
    if row == splice.old_end_row:
        col += splice.new_end_col - splice.old_end_col
    return row + splice.row_delta, col
