"""A recorded prediction as an example of Zed's `ep`, which Zed's own tools ingest unchanged.

Made as Zed imports its own settled predictions: the expected patch leads from the region as it was
to the settled text (a header without hunks where nothing changed: "no edit" is a label too). What
the model proposed stands in `predictions`, and as `rejected_patch` where the person did not want it
and it is not what they wrote. What is ours lives under ``zeta``.

Code that itself contains Zed's cursor mark cannot be written down in this form: ``marker_in_code``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from capture.export.extras import extras
from capture.export.patches import answer_patch, is_same, region_patch
from capture.export.proposal import predicted_region
from capture.export.rebuilt import Rebuilt, rebuilt
from capture.export.recorded import (
    Dropped,
    Fate,
    Recorded,
    fate_of,
    is_private,
    settled_at,
    was_shown,
)
from capture.rows import Snapshot
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.sections import event_text
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.ranges import editable_and_context
from zeta_lsp.core.text import byte_length
from zeta_lsp.core.zed_inputs import prompt_inputs

Json = dict[str, Any]

_SHOWN_TOKENS = (100, 50)
"""How much of the excerpt `cursor_position` shows: the budgets of Zed's exports."""

_ZEDS_REASONS: Mapping[str, str] = {
    State.REJECTED: "Rejected",
    State.IGNORED: "Discarded",
    State.SUPERSEDED: "Replaced",
    State.SILENT: "Discarded",
}
"""Zed's words for why a prediction came to nothing."""

_RATINGS = {"rated good": "positive", "rated bad": "negative"}


def example_of(recorded: Recorded, horizon: str) -> Json | Dropped:
    """The example, judged by the text at a horizon."""
    settled = settled_at(recorded, horizon)
    if isinstance(settled, Dropped):
        return settled
    snapshot, rendered = recorded.snapshot, rebuilt(recorded.snapshot)
    if isinstance(rendered, Dropped):
        return rendered
    if _has_mark(snapshot, settled.text) or (rendered and not rendered.is_zeds_too):
        return Dropped("marker_in_code")
    try:
        proposed = answer_patch(snapshot)
    except PositionError:
        return Dropped("answer_out_of_place")
    fate = fate_of(recorded)
    unwanted = unwanted_region(snapshot, fate, settled.text)
    return {
        **_where(recorded),
        "name": snapshot.id,
        "tags": _tags(recorded, fate),
        "reasoning": None,
        "cursor_position": cursor_position(snapshot.given),
        "edit_history": "".join(f"{event_text(event)}\n" for event in snapshot.given.events),
        "expected_patches": [region_patch(snapshot, settled.text)],
        "rejected_patch": None if unwanted is None else region_patch(snapshot, unwanted),
        "telemetry": _telemetry(recorded, fate),
        "human_feedback": [],
        "rating": next((_RATINGS[one] for one in fate.remarks[::-1] if one in _RATINGS), None),
        "prompt_inputs": _inputs(recorded),
        "prompt": rendered and _prompt(rendered, snapshot, settled.text, unwanted),
        "predictions": _predictions(snapshot, rendered, proposed),
        "score": [],
        "qa": [],
        "zed_version": None,
        "zeta": extras(recorded, fate, horizon),
    }


def unwanted_region(snapshot: Snapshot, fate: Fate, settled: str) -> str | None:
    """The region as the model would have it, if the person decided otherwise."""
    proposed = predicted_region(snapshot)
    if fate.was_wanted is not False or proposed is None or is_same(proposed, settled):
        return None
    return proposed


def cursor_position(given: PromptInput) -> str:
    """The rows around the cursor, with Zed's mark at it."""
    data, cursor = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
    _, (start, end) = editable_and_context(
        given.cursor_excerpt, cursor, given.syntax_ranges or (), *_SHOWN_TOKENS
    )
    return f"{data[start:cursor].decode()}{CURSOR}{data[cursor:end].decode()}\n"


def _has_mark(snapshot: Snapshot, settled: str) -> bool:
    proposed = () if snapshot.answer is None else snapshot.answer.replacements
    texts = [snapshot.given.cursor_excerpt, settled, *(one.text for one in proposed)]
    return any(CURSOR in text for text in texts)


def _where(recorded: Recorded) -> Json:
    snapshot = recorded.snapshot
    return {
        "repository_url": snapshot.repository_url or recorded.session.repository_url,
        "revision": snapshot.revision,
        "uncommitted_diff": snapshot.uncommitted_diff or "",
        "uncommitted_diff_contains_edit_history": bool(snapshot.uncommitted_diff),
        "recently_opened_files": [],
        "recently_viewed_files": [],
        "cursor_path": snapshot.path,
    }


def _tags(recorded: Recorded, fate: Fate) -> list[str]:
    tags = ["settled", f"outcome:{fate.ending}"]
    return [*tags, "private"] if is_private(recorded) else tags


def _inputs(recorded: Recorded) -> Json:
    snapshot = recorded.snapshot
    url = snapshot.repository_url or recorded.session.repository_url
    return prompt_inputs(snapshot.given, is_open=not is_private(recorded), repository_url=url)


def _telemetry(recorded: Recorded, fate: Fate) -> Json:
    """Zed's join of a request with its outcome. Both names of "shown" are in use; no device is."""
    snapshot = recorded.snapshot
    time = datetime.fromtimestamp(snapshot.time, UTC).isoformat(timespec="milliseconds")
    reason = "Empty" if fate.reason == "no_change" else _ZEDS_REASONS.get(fate.ending)
    shown = was_shown(recorded, fate)
    return {
        "request_id": snapshot.id,
        "device_id": "",
        "time": time.replace("+00:00", "Z"),
        "rejection_reason": reason,
        "was_shown": shown,
        "is_shown": shown,
        "model_version": snapshot.model or None,
        "outcome": fate.ending,
    }


def _prompt(rendered: Rebuilt, snapshot: Snapshot, settled: str, unwanted: str | None) -> Json:
    form, prompt, given = rendered.form, rendered.prompt, snapshot.given
    return {
        "input": prompt.text,
        "expected_output": form.target(given, prompt, settled),
        "rejected_output": None if unwanted is None else form.target(given, prompt, unwanted),
        "prefill": prompt.prefill or None,
        "provider": rendered.provider,
    }


def _predictions(snapshot: Snapshot, rendered: Rebuilt | None, proposed: str | None) -> list[Json]:
    """What the model said; nothing if it never said anything."""
    if proposed is None and not snapshot.output:
        return []
    return [
        {
            "actual_output": snapshot.output,
            "actual_patch": proposed,
            "actual_cursor": _cursor(snapshot),
            "error": snapshot.reason if proposed is None else None,
            "provider": rendered.provider if rendered else snapshot.model,
        }
    ]


def _cursor(snapshot: Snapshot) -> Json | None:
    """Where the model would put the cursor, in rows and bytes of the excerpt it would leave."""
    answer, region = snapshot.answer, predicted_region(snapshot)
    if answer is None or answer.cursor is None or region is None:
        return None
    first, start = answer.replacements[0], snapshot.editable[0]
    offset = first.start + answer.cursor
    offset += sum(
        byte_length(one.text) - (one.end - one.start)
        for one in answer.replacements[1:]
        if one.start < first.start
    )
    above = snapshot.given.cursor_excerpt.encode()[:start] + region.encode()
    before = above[:offset]
    return {
        "path": snapshot.path,
        "row": before.count(b"\n"),
        "column": len(before) - before.rfind(b"\n") - 1,
        "offset": offset,
        "editable_region_offset": offset - start,
    }
