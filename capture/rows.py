"""The rows of the store, as the recorder writes them and the exporter reads them.

A row is immutable, belongs to one session and carries `seq`, the number of the latest event of the
session that it knows of (from 1, growing). Texts are in the values; how the store keeps them
(compressed, once per content, as differences) is its own business. `time` is seconds since 1970.

Nothing in a row names the person: paths are those that prompts use (they begin with the workspace
folder's name), remotes are without credentials, projects are known by a keyed hash.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zeta_lsp.core.events import HistoryEvent
from zeta_lsp.core.kept import Kept
from zeta_lsp.core.prompt import Answer, ByteRange, PromptInput
from zeta_lsp.core.related import Receipt

SCHEMA_VERSION = 1


class Licence(msgspec.Struct, frozen=True):
    """A licence and where it says so. `spdx` is an SPDX id, `evidence` a path within the project.

    `digest` is the hash of the evidence; a file that changes is judged anew.
    """

    spdx: str
    evidence: str
    digest: str = ""


class Session(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """One run of a language server over one project."""

    session: str
    seq: int
    time: float
    project: str
    project_name: str
    consent: str
    level: str
    private: bool
    licence: Licence | None
    repository_url: str = ""
    editor: str = ""
    editor_version: str = ""
    server_version: str = ""


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """One prediction: its complete input, and what the model said.

    `cursor` is the row and code-point column in the file, `start_row` where the excerpt begins.
    `editable` and `context` are byte ranges of ``given.cursor_excerpt``; for the embedded model,
    which has no prompt, those of the default format. `sources` are those of each event in
    ``given.events``. `uncommitted_diff` covers the files of the history; None if it was larger than
    64 KB or could not be read. `receipts` say where the related excerpts came from.
    """

    id: str
    session: str
    seq: int
    time: float
    project: str
    path: str
    language: str
    cursor: tuple[int, int]
    trigger: str
    given: PromptInput
    sources: tuple[tuple[str, ...], ...]
    editable: ByteRange
    context: ByteRange
    format: str
    prompt: str
    model: str
    sampling: Mapping[str, Any]
    output: str
    answer: Answer | None
    finish: str
    reason: str = ""
    detail: str = ""
    licence: Licence | None = None
    private: bool = False
    repository_url: str = ""
    revision: str = ""
    uncommitted_diff: str | None = None
    waited_ms: float = 0.0
    first_token_ms: float = 0.0
    total_ms: float = 0.0
    receipts: tuple[Receipt, ...] = ()


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """What became of a prediction; the latest row counts. `after_ms` counts from the `Asked`."""

    id: str
    session: str
    seq: int
    time: float
    ending: str
    reason: str = ""
    remark: str = ""
    after_ms: float = 0.0


class Settled(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """The text of a prediction's editable range at a horizon.

    `horizon` is ``quiet`` (nothing touched it for the quiet time; only this makes a row fit for
    export), ``30s``, ``120s``, ``300s``, ``save`` or ``commit``. `sources` counts by source the
    edits that touched the region meanwhile, `edits` all of them. `crossed` says that an edit ran
    over the region's border. `future_events` (at most 4) follow the prompt's history; the first is
    cut to its part after the prompt. `next_edit_offset` is where, in bytes of the region, the
    first edit by hand began. `error_counts` are syntax errors in the file before and after.
    """

    id: str
    session: str
    seq: int
    time: float
    horizon: str
    text: str
    kept: Kept
    after_ms: float
    edits: int = 0
    sources: Mapping[str, int] = msgspec.field(default_factory=dict)
    crossed: bool = False
    future_events: tuple[HistoryEvent, ...] = ()
    next_edit_offset: int | None = None
    error_counts: tuple[int, int] | None = None


class Stream(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """Some events of one file, in order: the session itself, for replay.

    `events` is JSON, an array of ``[seq, time, event]`` with the events of `core.recording`;
    `first_seq` is the number of the first, `seq` that of the last. Rows of a session put together
    and sorted by number are the session.
    """

    session: str
    seq: int
    first_seq: int
    time: float
    project: str
    path: str
    events: bytes


class Count(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """Numbers without text: how often something happened in a project on a day (UTC)."""

    session: str
    seq: int
    time: float
    project: str
    day: str
    counts: Mapping[str, int]


Row = Session | Snapshot | Outcome | Settled | Stream | Count
