"""Recorded predictions made as the server makes them: cut, rendered, answered, parsed."""

from typing import Any

import msgspec

from capture.rows import Licence, Outcome, Session, Settled, Snapshot
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.excerpt import cut_excerpt
from zeta_lsp.core.formats import get
from zeta_lsp.core.formats.view import ranges_of
from zeta_lsp.core.kept import Kept
from zeta_lsp.core.prompt import Diagnostic, PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.core.text import split_lines

CODE = (
    "".join(f"before_{row} = {row}\n" for row in range(60))
    + (
        "\n\ndef total(rows):\n    result = 0\n    for row in rows:\n"
        "        result += row.price\n    return resu\n\n\n"
    )
    + "".join(f"after_{row} = {row}\n" for row in range(60))
)
CURSOR_AT = "return resu"
EVENTS = (
    BufferChange("shop/tax.py", "shop/tax.py", "@@ -1,1 +1,1 @@\n-RATE = 2\n+RATE = 3\n", True),
    BufferChange("shop/till.py", "shop/till.py", "@@ -3,1 +3,1 @@\n-a = 'é'\n+a = '日本'\n"),
)
RELATED = (
    RelatedFile("shop/tax.py", 20, (RelatedExcerpt((0, 2), "RATE = 3\nBASE = 10\n", 1, "lsp"),)),
)
KEPT = Kept(8, 10, 2, 2, 8, 2, 0, 100, 1.0, 0.8)
SESSION = Session(
    session="5e55",
    seq=1,
    time=1_790_000_000.0,
    project="9a0b",
    project_name="shop",
    consent="c0ffee",
    level="snapshots",
    private=False,
    licence=Licence("MIT", "LICENSE"),
    repository_url="https://example.org/me/shop",
    editor="Neovim",
    editor_version="0.12",
    server_version="0.1.0",
)


class Stored(msgspec.Struct, frozen=True):
    """What the store gives."""

    session: Session
    snapshot: Snapshot
    outcomes: tuple[Outcome, ...] = ()
    settled: tuple[Settled, ...] = ()


def given_at(text: str, row: int, col: int, **others: Any) -> PromptInput:
    """The input of a prediction at a place of a document."""
    cut = cut_excerpt(split_lines(text), row, col)
    found: dict[str, Any] = {
        "events": EVENTS,
        "related_files": RELATED,
        "active_buffer_diagnostics": (
            Diagnostic("undefined name", "    return resu\n", (66, 67), (11, 15), 1),
        ),
        "syntax_ranges": ((max(0, cut.cursor_offset - 4), cut.cursor_offset),),
    }
    return PromptInput(
        "shop/till.py",
        cut.text,
        cut.cursor_offset,
        excerpt_start_row=cut.start_row,
        **{**found, **others},
    )


def place_in(text: str, mark: str) -> tuple[int, int]:
    """Row and column behind the first occurrence of `mark`."""
    before = text[: text.index(mark) + len(mark)].split("\n")
    return len(before) - 1, len(before[-1])


def snapshot_of(
    given: PromptInput, form: str, proposal: str | None, place: tuple[int, int], **fields: Any
) -> Snapshot:
    """A snapshot in which the model proposes a region; None: it has nothing to change."""
    format_ = get(form)
    prompt = format_.render(given)
    assert prompt is not None
    output = format_.target(given, prompt, proposal)
    stored: dict[str, Any] = {
        "id": "p1",
        "session": SESSION.session,
        "seq": 10,
        "time": 1_790_000_001.5,
        "project": SESSION.project,
        "path": given.cursor_path,
        "language": "python",
        "cursor": place,
        "trigger": "edit",
        "given": given,
        "sources": (("accepted",), ("typed", "pasted")),
        "editable": prompt.editable,
        "context": prompt.context,
        "format": form,
        "prompt": prompt.text,
        "model": "zeta-test",
        "sampling": {"temperature": 0},
        "output": output,
        "answer": format_.parse(output, given, prompt),
        "finish": "stop",
        "revision": "0" * 40,
        "uncommitted_diff": "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n",
        "first_token_ms": 20.0,
        "total_ms": 90.0,
    }
    return Snapshot(**{**stored, **fields})


def embedded(given: PromptInput, place: tuple[int, int]) -> Snapshot:
    """A prediction of the embedded model, which has no prompt."""
    made = snapshot_of(given, "zeta2.1", None, place)
    editable, context = ranges_of(given, 350, 150)
    return msgspec.structs.replace(
        made, format="", prompt="", output="", model="repeat", editable=editable, context=context
    )


def region(snapshot: Snapshot) -> str:
    """The region as it was."""
    return snapshot.given.cursor_excerpt.encode()[slice(*snapshot.editable)].decode()


def settled_row(text: str, horizon: str = "quiet", **fields: Any) -> Settled:
    """The region's text at a horizon."""
    made: dict[str, Any] = {"seq": 30, "time": 1_790_000_020.0, "kept": KEPT, "after_ms": 1e4}
    return Settled("p1", SESSION.session, horizon=horizon, text=text, **{**made, **fields})


def outcome(ending: str, **fields: Any) -> Outcome:
    """One outcome."""
    made: dict[str, Any] = {"seq": 20, "time": 1_790_000_003.0, "after_ms": 900.0}
    return Outcome("p1", SESSION.session, ending=ending, **{**made, **fields})


def stored(
    *,
    form: str = "zeta2.1",
    text: str = CODE,
    mark: str = CURSOR_AT,
    ending: str = "accepted",
    proposal: str = "return result",
    settled: str = "return result",
    **fields: Any,
) -> Stored:
    """The whole of one prediction: what the model made of `mark`, and what the person did."""
    place = place_in(text, mark)
    given = given_at(text, *place)
    plain = snapshot_of(given, form, None, place)
    old = region(plain)
    snapshot = snapshot_of(given, form, old.replace(mark, proposal, 1), place, **fields)
    row = settled_row(old.replace(mark, settled, 1))
    return Stored(SESSION, snapshot, (outcome(ending),) if ending else (), (row,))
