"""Rows in words, for `zeta-lsp capture show`. Nothing that a row holds is left out."""

from datetime import datetime

import msgspec

from capture.commands.page import Page
from capture.consent import Receipt
from capture.export.patches import answer_patch, region_patch
from capture.export.recorded import Recorded, fate_of
from capture.rows import Count, Session, Snapshot, Stream
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.formats.sections import event_text


def tell_receipt(page: Page, receipt: Receipt) -> None:
    """A consent."""
    page.heading(f"Consent {receipt.id}")
    page.fact("folder", receipt.root)
    page.fact("level", f"{receipt.level}{', private' if receipt.private else ''}")
    page.fact("given", f"{_moment(receipt.granted_at)}, to version {receipt.by_version}")
    page.fact("until", _moment(receipt.expires_at))
    page.fact("withdrawn", _moment(receipt.revoked_at) if receipt.revoked_at else "")
    page.fact("licence", receipt.licence and f"{receipt.licence.spdx} ({receipt.licence.evidence})")
    page.text("text", receipt.text)


def tell_session(page: Page, session: Session) -> None:
    """One run of the server."""
    page.heading(f"Session {session.session}  {_moment(session.time)}")
    page.fact("project", f"{session.project_name} ({session.project})")
    page.fact("consent", f"{session.consent}, {session.level}")
    page.fact("private", "yes" if session.private else "")
    page.fact("licence", session.licence and f"{session.licence.spdx} ({session.licence.evidence})")
    page.fact("repository", session.repository_url)
    page.fact("editor", _joined(session.editor, session.editor_version))
    page.fact("server", session.server_version)


def tell_prediction(page: Page, stored: Recorded) -> None:
    """One prediction: its circumstances, input, answer, and what became of it."""
    snapshot = stored.snapshot
    row, col = snapshot.cursor
    page.heading(f"Prediction {snapshot.id}  {_moment(snapshot.time)}")
    page.fact("place", f"{snapshot.path}:{row + 1}:{col + 1}, {snapshot.language}")
    page.fact("session", f"{snapshot.session}, number {snapshot.seq}")
    page.fact("asked by", snapshot.trigger)
    page.fact("private", "yes" if snapshot.private else "")
    page.fact("model", _joined(snapshot.model, snapshot.format))
    page.fact("sampling", msgspec.json.encode(snapshot.sampling).decode())
    page.fact(
        "milliseconds",
        f"{snapshot.waited_ms:.0f} waited, {snapshot.first_token_ms:.0f} to the first token, "
        f"{snapshot.total_ms:.0f} in all",
    )
    _tell_fate(page, stored)
    _tell_input(page, snapshot)
    page.text("prompt", snapshot.prompt)
    page.text("output", snapshot.output)
    page.fact("finish", snapshot.finish)
    page.diff("proposed", _proposed(snapshot))
    _tell_settled(page, stored)


def _tell_fate(page: Page, stored: Recorded) -> None:
    fate, snapshot = fate_of(stored), stored.snapshot
    page.fact("ending", f"{fate.ending} after {fate.after_ms / 1000:.1f} s")
    page.fact("reason", _joined(fate.reason or snapshot.reason, snapshot.detail))
    page.fact("remarks", ", ".join(fate.remarks))
    for row in stored.outcomes:
        happened = _joined(row.ending, row.reason, row.remark)
        page.fact("outcome", f"{happened} after {row.after_ms:.0f} ms")


def _tell_input(page: Page, snapshot: Snapshot) -> None:
    given = snapshot.given
    page.fact("licence", snapshot.licence and snapshot.licence.spdx)
    page.fact("commit", _joined(snapshot.repository_url, snapshot.revision))
    page.diff("uncommitted", snapshot.uncommitted_diff or "")
    page.fact("editable bytes", f"{snapshot.editable}, seen {snapshot.context}")
    page.fact("cursor byte", given.cursor_offset_in_excerpt)
    page.text(f"excerpt from line {(given.excerpt_start_row or 0) + 1}", given.cursor_excerpt)
    for event, sources in zip(given.events, snapshot.sources, strict=False):
        page.diff(f"history ({', '.join(sources)})", event_text(event))
    for file in given.related_files or ():
        for excerpt in file.excerpts:
            origin = excerpt.context_source or "unknown source"
            first = excerpt.row_range[0] + 1
            page.text(f"related {file.path} from line {first} ({origin})", excerpt.text)
    for one in given.active_buffer_diagnostics:
        page.text(f"diagnostic of severity {one.severity}", f"{one.message}\n{one.snippet}")


def _tell_settled(page: Page, stored: Recorded) -> None:
    for row in stored.settled:
        sources = ", ".join(f"{name} {count}" for name, count in sorted(row.sources.items()))
        name = f"settled ({row.horizon}) after {row.after_ms / 1000:.1f} s"
        page.fact(name, f"{row.edits} edits: {sources}" if row.edits else "no edits")
        page.fact("kept", f"{row.kept.kept_rate:.3f}, recall {row.kept.recall_rate:.3f}")
        page.fact("border crossed", "yes" if row.crossed else "")
        page.fact("next edit at byte", row.next_edit_offset)
        page.fact("syntax errors before and after", row.error_counts)
        page.diff("change", region_patch(stored.snapshot, row.text))
        for event in row.future_events:
            page.diff("later", event_text(event.change))


def _proposed(snapshot: Snapshot) -> str:
    try:
        return answer_patch(snapshot) or ""
    except PositionError:
        return ""


def tell_stream(page: Page, row: Stream) -> None:
    """Events as they were recorded."""
    page.heading(f"Events {row.first_seq} to {row.seq} of session {row.session}")
    page.fact("file", row.path)
    page.text("events", msgspec.json.format(row.events, indent=1).decode("utf-8", "replace"))


def _moment(time_s: float) -> str:
    return datetime.fromtimestamp(time_s).astimezone().isoformat(sep=" ", timespec="seconds")


def tell_count(page: Page, count: Count) -> None:
    """Numbers without text."""
    page.heading(f"Counters of {count.day}, session {count.session}")
    page.fact("counts", ", ".join(f"{name} {each}" for name, each in sorted(count.counts.items())))


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)
