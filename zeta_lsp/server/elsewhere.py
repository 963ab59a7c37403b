"""The next edit in another file: kept until the person goes there, and offered as a jump meanwhile.

A model that answers in several files says what to change in each. What it says of the file that it
was asked about is shown at once (`engine`); the rest waits here. A client is told where the next
one is; once it asks there, the edit becomes a prediction of that file like any other. Nothing is
read from disk for it: what the file says is known when it is open.
"""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.elsewhere import Remote, clusters_in, first_place, split
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.formats import named
from zeta_lsp.core.guard import guard
from zeta_lsp.core.jumps import Jump
from zeta_lsp.core.lifecycle import Happening, State
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.text import Encoding, split_lines, units_of_index
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.shapes import jump_reply
from zeta_lsp.server.workspace import Workspace

KEPT_S = 60.0
"""How long an edit in another file stands."""

Json = dict[str, Any]


class Pending(msgspec.Struct):
    """An edit that waits in the file `uri`, proposed while the person was in a row of `origin`."""

    uri: str
    origin: str
    row: int
    remote: Remote
    reply: Reply
    jump: Jump
    position: Json


class Elsewhere:
    """The edits of a session that wait in other files, oldest first."""

    def __init__(
        self,
        files: Mapping[str, OpenFile],
        workspace: Workspace,
        ledger: Ledger,
        clock: Callable[[], float],
    ) -> None:
        self.encoding = Encoding.UTF16
        self._files = files
        self._workspace = workspace
        self._ledger = ledger
        self._clock = clock
        self._pending: list[Pending] = []
        self._numbers = itertools.count(1)

    def take(self, file: OpenFile, reply: Reply, given: PromptInput) -> Reply:
        """Keep what a reply proposes elsewhere, instead of what an earlier one did; the rest."""
        answer, remotes = split(reply.answer, given)
        if reply.partial:
            return msgspec.structs.replace(reply, answer=answer) if remotes else reply
        self._end(lambda one: one.origin == file.uri, Happening.REPLACE)
        for remote in remotes:
            self._keep(file, remote, reply, given)
        return msgspec.structs.replace(reply, answer=answer) if remotes else reply

    def leads_from(self, file: OpenFile) -> bool:
        """Whether something waits elsewhere that was proposed in a file."""
        return self._first(file) is not None

    def stands_for(self, file: OpenFile, row: int) -> bool:
        """Whether that was proposed in this row of the very text that is there."""
        pending = self._first(file) if self._pending else None
        here = (file.document.revision, row)
        return pending is not None and (pending.jump.revision, pending.row) == here

    def jump(self, file: OpenFile) -> Json | None:
        """Where the next edit is, as `zeta/nextEdit` says it."""
        pending = self._first(file)
        if pending is None:
            return None
        self._ledger.jumped(pending.jump, pending.remote.path, Happening.SHOW)
        target = self._files.get(pending.uri)
        version = None if target is None else target.document.version
        document = {"uri": pending.uri, "version": version}
        ident = self._ledger.public_id(pending.jump.ident)
        return jump_reply(document, pending.position, pending.jump, ident, pending.reply.total_ms)

    def arrived(self, file: OpenFile) -> tuple[tuple[Cluster, ...], Reply] | None:
        """What waits in a file, now that the person is there: clusters, and the reply they are of.

        None if nothing does, or the file does not read any more as the model saw it.
        """
        if not self._pending:
            return None
        pending = next((one for one in self._alive() if one.uri == file.uri), None)
        if pending is None or file.document.unsynced is not None:
            return None
        self._pending.remove(pending)
        try:
            clusters = clusters_in(pending.remote, file.document.lines, file.newline)
        except PositionError:
            clusters = None
        self._over(pending, Happening.ACCEPT if clusters else Happening.EXPIRE)
        return (clusters, pending.reply) if clusters else None

    def expire(self) -> None:
        """End what nobody went to."""
        self._alive()

    def _keep(self, file: OpenFile, remote: Remote, reply: Reply, given: PromptInput) -> None:
        uri, place = self._uri_of(remote.path), _checked(remote, reply, given)
        if uri is None or place is None:
            return
        number = f"e{next(self._numbers)}"
        jump = Jump(number, "", place, file.document.revision, self._clock(), reply.model)
        position = self._position(remote, place)
        self._pending.append(Pending(uri, file.uri, file.cursor[0], remote, reply, jump, position))

    def _first(self, file: OpenFile) -> Pending | None:
        return next((one for one in self._alive() if one.origin == file.uri), None)

    def _alive(self) -> list[Pending]:
        oldest_s = self._clock() - KEPT_S
        self._end(lambda one: one.jump.offered_s < oldest_s, Happening.EXPIRE)
        return self._pending

    def _end(self, which: Callable[[Pending], bool], happening: Happening) -> None:
        for one in filter(which, self._pending):
            self._over(one, happening)
        self._pending = [one for one in self._pending if not which(one)]

    def _over(self, pending: Pending, happening: Happening) -> None:
        """Enter what became of a jump, if anybody heard of it."""
        if pending.jump.state is not State.HELD:
            self._ledger.jumped(pending.jump, pending.remote.path, happening)

    def _uri_of(self, path: str) -> str | None:
        """The file that prompts call `path`: a workspace folder's name, then the path in it."""
        name, _, relative = path.partition("/")
        for root in self._workspace.roots:
            if root.path.name == name and relative and ".." not in Path(relative).parts:
                return (root.path / relative).as_uri()
        return None

    def _position(self, remote: Remote, place: tuple[int, int]) -> Json:
        row, col = place
        line = split_lines(remote.text)[row - remote.start_row]
        return {"line": row, "character": units_of_index(line, col, self.encoding)}


def _checked(remote: Remote, reply: Reply, given: PromptInput) -> tuple[int, int] | None:
    """Where an answer in another excerpt makes its first change; None if it must not be shown."""
    asked = remote.as_asked(given)
    fmt = named(reply.prompt.format) if reply.prompt is not None else None
    alone = msgspec.structs.replace(reply, answer=remote.answer, prompt=None)
    if guard(alone, asked, fmt) is not None:
        return None
    try:
        return first_place(remote)
    except PositionError:
        return None
