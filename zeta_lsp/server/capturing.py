"""Whether a session is recorded: settings and consent, and what the person asks for in the editor.

Consent is given for a project, by a person: on the command line, or here, where the editor shows a
question and only its answer counts. It can also be taken back at any moment from anywhere, so it is
looked at (one look at a folder) twice a second; a change of it makes a new recording. Settings can
only forbid capture, never start it.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from zeta_lsp.core.recording import Capturing, Level, Recorder
from zeta_lsp.server.doors import Doors
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.tape import Tape

if TYPE_CHECKING:  # it imports pydantic, which waits until `initialize` is answered
    from zeta_lsp.core.settings import EndpointSettings, Settings

AGREE, DECLINE = "Record", "Do not record"
_SAMPLING = frozenset(
    {
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "seed",
        "repeat_penalty",
        "frequency_penalty",
        "presence_penalty",
        "n_predict",
        "num_ctx",
    }
)
"""What of `extra_body` shapes an answer; the rest may be anything, and is not recorded."""


class Person(Protocol):
    """The person in front of the editor."""

    name: str
    version: str

    async def choose(self, message: str, choices: list[str]) -> str | None:
        """Their answer to a question; None if the editor cannot ask, or they gave none."""

    @property
    def can_choose(self) -> bool:
        """Whether the editor can show questions."""

    def show_message(self, message: str) -> None:
        """Tell them something."""


class Capture:
    """Keeps one session's tape connected to the right recorder, or to none."""

    def __init__(self, doors: Doors, tape: Tape, person: Person) -> None:
        self.doors = doors
        self.tape = tape
        self.person = person
        self._wish: Capturing | None = None
        self._stamp = 0
        self._told: set[str] = set()
        self._closing: set[asyncio.Future[None]] = set()

    def configure(self, settings: "Settings", files: Iterable[OpenFile]) -> None:
        """Settings were read: go on with what they allow."""
        self.tape.sampling = sampling_of(settings.active_endpoint)
        wish = _wish(settings, self.person)
        if wish != self._wish:
            self._wish = wish
            self._connect(files)

    def look(self, files: Callable[[], Iterable[OpenFile]]) -> None:
        """See whether somebody's consent changed, and whether something went wrong."""
        if self.doors.consents.stamp() != self._stamp:
            self._connect(files())
        trouble = "" if self.tape.recorder is None else self.tape.recorder.trouble()
        if trouble and trouble not in self._told:
            self._told.add(trouble)
            self.person.show_message(f"zeta-lsp capture: {trouble}")

    def status(self, files: Iterable[OpenFile]) -> dict[str, Any]:
        """For the editor's status line: whether an open file is recorded, and how it goes."""
        recorder = self.tape.recorder
        if recorder is None:
            return {"on": False}
        return {"on": any(file.recorded for file in files), **recorder.status()}

    async def ask(self, root: Path | None, level: Level) -> bool:
        """Ask the person to consent for a project; whether they did."""
        if root is None:
            self.person.show_message("Only files in a workspace folder can be captured.")
            return False
        proposal = self.doors.consents.proposal(root, level)
        if proposal.refused:
            self.person.show_message(f"Not captured: {proposal.refused}")
            return False
        if not self.person.can_choose:
            self.person.show_message(
                f"This editor cannot ask; run: zeta-lsp capture on {root} --level {level}"
            )
            return False
        choices = [DECLINE, AGREE]  # some editors select the first one: Enter must not be a yes
        if await self.person.choose(proposal.text, choices) != AGREE:
            return False
        refused = self.doors.consents.grant(root, level)
        if refused:
            self.person.show_message(f"Not captured: {refused}")
        return not refused

    def revoke(self, root: Path | None, files: Iterable[OpenFile]) -> bool:
        """The person does not want to be recorded any more; whether they were."""
        was_on = root is not None and self.doors.consents.revoke(root)
        self._connect(files)
        self.person.show_message(
            "Capture is off for this project; what was recorded is still there "
            "(zeta-lsp capture show, forget)."
            if was_on
            else "Capture was not on for this project."
        )
        return was_on

    async def aclose(self) -> None:
        """The session ends: let the recorder write down what it knows."""
        self._replace(None, ())
        await asyncio.gather(*self._closing)

    def _connect(self, files: Iterable[OpenFile]) -> None:
        self._stamp = self.doors.consents.stamp()
        allowed = self._wish is not None and self._stamp != 0
        recorder = self.doors.recorder_for(self._wish) if allowed and self._wish else None
        self._replace(recorder, files)

    def _replace(self, recorder: Recorder | None, files: Iterable[OpenFile]) -> None:
        """Change recorders. Closing one waits for a disk, which the loop must not."""
        old = self.tape.recorder
        self.tape.use(recorder, files)
        if old is not None:
            closing = asyncio.get_running_loop().run_in_executor(None, old.close)
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


def sampling_of(endpoint: "EndpointSettings") -> dict[str, Any]:
    """What an endpoint is asked for besides the prompt, as far as it shapes answers."""
    if endpoint.kind == "repeat":
        return {}
    chosen = {**endpoint.extra_body, **_options(endpoint.extra_body)}
    named = {name: value for name, value in chosen.items() if name in _SAMPLING}
    return named if endpoint.kind == "mercury" else {"temperature": 0, **named}


def _options(body: dict[str, Any]) -> dict[str, Any]:
    options = body.get("options")  # where Ollama has them
    return options if isinstance(options, dict) else {}


def _wish(settings: "Settings", person: Person) -> Capturing | None:
    if not settings.capture.enabled:
        return None
    return Capturing(
        settle_quiet_s=settings.capture.settle_quiet_s,
        settle_ttl_s=settings.capture.settle_ttl_s,
        globs=settings.predict.disabled_globs,
        editor=person.name,
        editor_version=person.version,
    )
