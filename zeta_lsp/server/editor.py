"""The client, as the session sees it: what can be asked of an editor.

Requests go through pygls' types and have a time limit; messages that need no answer go out at
once, whether pygls is loaded or not.
"""

from typing import TYPE_CHECKING, Any

from zeta_lsp.server.capabilities import wants_completion_item
from zeta_lsp.server.faults import ClientRefused
from zeta_lsp.server.rare import RareLane
from zeta_lsp.server.rpc import Rpc

if TYPE_CHECKING:
    from zeta_lsp.server.host import ZetaServer

Json = dict[str, Any]

INFO = 3
"""LSP's `MessageType.Info`."""
QUESTION_S = 600.0
"""How long a question to the person stands."""


class Editor:
    """One connected client.

    `name`, `version` and `capabilities` are what its `initialize` said, empty before;
    `versioned_edits` is whether a `WorkspaceEdit` may hold `documentChanges`, `shows_documents`
    whether it goes to a place when told, `has_ghost_text` whether it draws predictions itself,
    `maps_commands` whether a person can run a command by other means than a menu of ours.
    """

    def __init__(self, rpc: Rpc, lane: RareLane) -> None:
        self._rpc = rpc
        self._lane = lane
        self.capabilities: Json = {}
        self.name = self.version = ""
        self.versioned_edits = self.shows_documents = False
        self.has_ghost_text = self.maps_commands = False

    def introduce(self, params: Json) -> None:
        """Learn from the client's `initialize`."""
        self.capabilities = _object(params.get("capabilities"))
        client = _object(params.get("clientInfo"))
        self.name = str(client.get("name") or "")
        self.version = str(client.get("version") or "")
        workspace = _object(self.capabilities.get("workspace"))
        self.maps_commands = "executeCommand" in workspace
        edits = _object(workspace.get("workspaceEdit"))
        self.versioned_edits = edits.get("documentChanges") is True
        shows = _object(_object(self.capabilities.get("window")).get("showDocument"))
        self.shows_documents = shows.get("support") is True
        self.has_ghost_text = not wants_completion_item(params)

    async def typed(self) -> "ZetaServer":
        """pygls' server, for requests in lsprotocol's types; loads pygls if need be."""
        return (await self._lane.host()).server

    async def apply_edit(self, edit: Json, label: str) -> bool:
        """Apply a `WorkspaceEdit`; whether the client did, or did not say."""
        try:
            return await (await self.typed()).apply_edit(edit, label) is not False
        except ClientRefused:
            return False

    async def show_document(self, uri: str, selection: Json) -> bool:
        """Go to a place; whether the client did, or did not say."""
        try:
            return await (await self.typed()).show_document(uri, selection) is not False
        except ClientRefused:
            return False

    @property
    def renders_markdown(self) -> bool:
        """Whether it draws markdown in the completion menu: says so, or is known to."""
        completion = _object(_object(self.capabilities.get("textDocument")).get("completion"))
        formats = _object(completion.get("completionItem")).get("documentationFormat")
        return "markdown" in formats if isinstance(formats, list) else self.name == "helix"

    @property
    def can_choose(self) -> bool:
        """Whether it says that it shows questions to the person."""
        return bool(_object(_object(self.capabilities.get("window")).get("showMessage")))

    async def choose(self, message: str, choices: list[str]) -> str | None:
        """Ask the person; the title that they chose, None for no answer."""
        question = {
            "type": INFO,
            "message": message,
            "actions": [{"title": title} for title in choices],
        }
        try:
            answer = await self.request("window/showMessageRequest", question, timeout_s=QUESTION_S)
        except (ClientRefused, TimeoutError):
            return None
        return _object(answer).get("title")

    def show_message(self, message: str, kind: int = INFO) -> None:
        """Tell the person something."""
        self._rpc.notify("window/showMessage", {"type": kind, "message": message})

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification of any kind."""
        self._rpc.notify(method, params)

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """Send a request of any kind; its result as plain JSON values.

        Raises:
            TimeoutError: no answer came in time.
            RpcError: the client refused (`ClientRefused`), or its answer cannot be read.
            ConnectionError: the connection ended first.
        """
        return await self._rpc.request(method, params, timeout_s=timeout_s)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
