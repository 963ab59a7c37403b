"""What a session tells whoever records it: immutable events, in the order in which they happened.

Together they are the session. From `Opened` and `Edited` the text of every file follows at every
moment; `Asked` is the complete input of a prediction and `Answered` what came of it; `Happened` is
its life after that. A recorder that reads them late, on another thread, knows what the loop knew.

Times are seconds of the monotonic clock that the session reads. The values refer to each other by
`ident`, the id by which clients and the journal know a prediction.

`Recorder` is the door. Handing an event over costs an append; nothing here waits, and nothing that
goes wrong on the other side is noticed by somebody who types.
"""

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from zeta_lsp.core.events import Edit, Source
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.ports import Finish
from zeta_lsp.core.prompt import Answer, ByteRange, PromptInput
from zeta_lsp.core.related import Receipt


class Level(enum.StrEnum):
    """What somebody consented to have recorded. Each includes those before it."""

    COUNTERS = "counters"  # numbers without text
    SNAPSHOTS = "snapshots"  # inputs of predictions, their outcome, and settled text
    SESSIONS = "sessions"  # every event, so that a session can be replayed key by key


class Opened(msgspec.Struct, frozen=True, gc=False, tag=True):
    """A whole text: the file was opened, or its text is known again after a doubt.

    `path` is what prompts call it; `file` and `root` are absolute, as the editor named them.
    """

    uri: str
    path: str
    language_id: str
    version: int
    text: str
    time_s: float
    file: str = ""
    root: str = ""


class Edited(msgspec.Struct, frozen=True, gc=False, tag=True):
    """One notification of changes, in order. All edits are of one document."""

    edits: tuple[Edit, ...]


class Saved(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The editor wrote the file."""

    uri: str
    time_s: float


class Closed(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The file was closed."""

    uri: str
    time_s: float


class Doubted(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The text is not known any more until the next `Opened`; `reason` is the mirror's word."""

    uri: str
    reason: str
    time_s: float


class Focused(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The person is at a place: row and code-point column."""

    uri: str
    row: int
    col: int
    time_s: float


class Asked(msgspec.Struct, frozen=True, gc=False, tag=True):
    """A model is asked. `given` is all it will see; the cursor is a row and a code-point column.

    `sources` are those of each of `given.events`. Every `Edited` before this event is in the text
    that `given` was cut from, and none after it is. `waited_ms` is what pacing added before this
    moment; `trigger` is the word of `core.pacing`; `receipts` say where the related excerpts of
    `given` came from.
    """

    ident: str
    uri: str
    row: int
    col: int
    trigger: str
    given: PromptInput
    sources: tuple[tuple[Source, ...], ...]
    time_s: float
    waited_ms: float = 0.0
    receipts: tuple[Receipt, ...] = ()


class Answered(msgspec.Struct, frozen=True, gc=False, tag=True):
    """What a model said to an `Asked`, in whole; or that it said nothing.

    `format` is empty for the embedded model, which has no prompt. `editable` and `context` are
    ranges of the cursor excerpt. `sampling` is what was asked of the endpoint besides the prompt.
    `reason` is the word for why nothing may be shown (a guard's, `no_change`, `unsure`…), empty if
    something may. Latencies count from the `Asked`.
    """

    ident: str
    time_s: float
    model: str = ""
    format: str = ""
    editable: ByteRange | None = None
    context: ByteRange | None = None
    prompt: str = ""
    output: str = ""
    answer: Answer | None = None
    finish: Finish = Finish.UNKNOWN
    sampling: Mapping[str, Any] = msgspec.field(default_factory=dict)
    reason: str = ""
    detail: str = ""
    first_token_ms: float = 0.0
    total_ms: float = 0.0


class Happened(msgspec.Struct, frozen=True, gc=False, tag=True):
    """A prediction's life went on: shown, accepted, … A later one replaces an earlier ending."""

    ident: str
    ending: State
    time_s: float
    reason: str = ""


class Remarked(msgspec.Struct, frozen=True, gc=False, tag=True):
    """What is known of a prediction besides its ending: ``undone``, ``rated good``…"""

    ident: str
    remark: str
    time_s: float


Recordable = (
    Opened | Edited | Saved | Closed | Doubted | Focused | Asked | Answered | Happened | Remarked
)


class Capturing(msgspec.Struct, frozen=True):
    """How a session wants to be recorded: settings, and who the editor is.

    `globs` exclude files, besides the built-in rules.
    """

    settle_quiet_s: float = 10.0
    settle_ttl_s: float = 300.0
    globs: tuple[str, ...] = ()
    editor: str = ""
    editor_version: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """What a person is asked to agree to; or `refused`, why there is nothing to ask."""

    text: str = ""
    refused: str = ""


class ConsentDesk(Protocol):
    """Where a person's consent for a project is asked for, given and taken back.

    All of it is small I/O, for moments in which nobody types.
    """

    def stamp(self) -> int:
        """Changes whenever some consent changed; 0: there never was one. One look at a folder."""

    def proposal(self, root: Path, level: Level) -> Proposal:
        """What to ask the person."""

    def grant(self, root: Path, level: Level) -> str:
        """Record that the person agreed; why it could not be, or nothing."""

    def revoke(self, root: Path) -> bool:
        """Record that the person does not agree any more; whether they had."""


class Recorder(Protocol):
    """Records the events of one session, on a thread of its own."""

    def level(self, root: str | None) -> Level | None:
        """What was consented to for a workspace folder; None: take nothing of it."""

    def take(self, event: Recordable) -> None:
        """Record an event. Never blocks, never raises; drops are counted."""

    def status(self) -> Mapping[str, Any]:
        """For the editor's status: what is on, what was recorded and dropped, what is wrong."""

    def trouble(self) -> str:
        """What a person should be told, in one line; empty if all is well."""

    def close(self) -> None:
        """Write down what is known and stop. Waits for at most a second."""
