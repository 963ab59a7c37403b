"""The one key that is ours in an exported line: ``zeta``.

It holds what Zed's example has no place for: who consented to what, the licence, what became of the
prediction, who edited, where context came from, where the time went, and the settled text at every
horizon. Fields are only ever added; `schema_version` counts changes that are not additions.

`redactions` is empty: no text of a row is ever altered, or its prompt could not be made again. What
holds a secret was not recorded at all, and remotes are recorded without what is private in them.
"""

import hashlib
from typing import Any

import msgspec

from capture.export.recorded import Fate, Recorded, is_private, licence_of
from capture.rows import SCHEMA_VERSION, Settled
from zeta_lsp.core.prompt import PromptInput

Json = dict[str, Any]


def small_extras(recorded: Recorded, fate: Fate, horizon: str) -> Json:
    """What identifies a line and lets it be filtered."""
    snapshot, session, licence = recorded.snapshot, recorded.session, licence_of(recorded)
    return {
        "schema_version": SCHEMA_VERSION,
        "id": snapshot.id,
        "session": session.session,
        "project": session.project,
        "private": is_private(recorded),
        "licence": None if licence is None else licence.spdx,
        "language": snapshot.language,
        "outcome": fate.ending,
        "horizon": horizon,
        "model": snapshot.model,
        "format": snapshot.format,
        "prompt_digest": prompt_digest(snapshot.prompt),
    }


def extras(recorded: Recorded, fate: Fate, horizon: str) -> Json:
    """Everything. Times are seconds since 1970, latencies milliseconds, offsets UTF-8 bytes."""
    snapshot, session, licence = recorded.snapshot, recorded.session, licence_of(recorded)
    found = {row.horizon: row for row in sorted(recorded.settled, key=lambda row: row.seq)}
    return {
        "schema_version": SCHEMA_VERSION,
        "id": snapshot.id,
        "session": session.session,
        "time": snapshot.time,
        "project": {"id": session.project, "name": session.project_name},
        "consent": {
            "receipt": session.consent,
            "level": session.level,
            "private": is_private(recorded),
        },
        "licence": licence and {"spdx": licence.spdx, "evidence": licence.evidence},
        "outcome": {
            "ending": fate.ending,
            "reason": fate.reason,
            "remark": ", ".join(fate.remarks),
            "after_ms": fate.after_ms,
        },
        "editor": {"name": session.editor, "version": session.editor_version},
        "server_version": session.server_version,
        "language": snapshot.language,
        "trigger": snapshot.trigger,
        "cursor": {"row": snapshot.cursor[0], "column": snapshot.cursor[1]},
        "editable": {"start": snapshot.editable[0], "end": snapshot.editable[1]},
        "context": {"start": snapshot.context[0], "end": snapshot.context[1]},
        "edit_sources": [list(sources) for sources in snapshot.sources],
        "context_receipts": _receipts(snapshot.given),
        "model": snapshot.model,
        "format": snapshot.format,
        "sampling": dict(snapshot.sampling),
        "prompt_digest": prompt_digest(snapshot.prompt),
        "finish": snapshot.finish,
        "reason": snapshot.reason,
        "detail": snapshot.detail,
        "latency": {
            "waited_ms": snapshot.waited_ms,
            "first_token_ms": snapshot.first_token_ms,
            "total_ms": snapshot.total_ms,
        },
        "horizon": horizon,
        "kept_rate": found[horizon].kept.kept_rate,
        "recall_rate": found[horizon].kept.recall_rate,
        "redactions": [],
        "settled": {name: _settled(row) for name, row in found.items()},
    }


def prompt_digest(prompt: str) -> str:
    """SHA-256 of a prompt in hex; empty without one."""
    return hashlib.sha256(prompt.encode()).hexdigest() if prompt else ""


def _receipts(given: PromptInput) -> list[Json]:
    """Where each piece of context came from, without its text."""
    return [
        {
            "path": file.path,
            "rows": list(excerpt.row_range),
            "order": excerpt.order,
            "source": excerpt.context_source,
        }
        for file in given.related_files or ()
        for excerpt in file.excerpts
    ]


def _settled(row: Settled) -> Json:
    return {
        "text": row.text,
        "after_ms": row.after_ms,
        "edits": row.edits,
        "sources": dict(row.sources),
        "crossed": row.crossed,
        "kept": msgspec.structs.asdict(row.kept),
        "future_events": msgspec.to_builtins(row.future_events),
        "next_edit_offset": row.next_edit_offset,
        "error_counts": row.error_counts,
    }
