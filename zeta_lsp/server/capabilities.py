"""What the server says it can do, and what it learns from a client's `initialize`.

The reply is built from plain values so that `initialize` is answered before pygls is imported;
a test checks it against lsprotocol's types.
"""

from typing import Any

from zeta_lsp import __version__
from zeta_lsp.core.text import Encoding

COMMANDS = (
    "zeta.accept",
    "zeta.acceptWord",
    "zeta.acceptLine",
    "zeta.reject",
    "zeta.nextEdit",
    "zeta.jump",
    "zeta.explain",
    "zeta.pause",
    "zeta.rate",
    "zeta.captureOn",
    "zeta.captureOff",
)

# Editors that show ghost text although their `initialize` does not say so (lsp-mode).
_GHOST_TEXT_CLIENTS = frozenset({"emacs"})


def initialize_result(params: dict[str, Any], encoding: Encoding) -> dict[str, Any]:
    """The `InitializeResult` for a client."""
    capabilities: dict[str, Any] = {
        "positionEncoding": encoding.value,
        "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": False}},
        # Never `true` or `{}`: one client reads an empty object as "absent".
        "inlineCompletionProvider": {"workDoneProgress": False},
        "codeActionProvider": {"codeActionKinds": ["quickfix"], "resolveProvider": False},
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {
            "workspaceFolders": {"supported": True, "changeNotifications": True},
            "fileOperations": {"didRename": {"filters": [{"pattern": {"glob": "**"}}]}},
        },
        "experimental": {"zetaNextEdit": True, "copilotInlineEdit": True},
    }
    if wants_completion_item(params):
        capabilities["completionProvider"] = {"resolveProvider": False}
    return {
        "capabilities": capabilities,
        "serverInfo": {"name": "zeta-lsp", "version": __version__},
    }


def wants_completion_item(params: dict[str, Any]) -> bool:
    """Whether the client shows no ghost text, so that the completion menu stands in for it."""
    text_document = _object(_object(params.get("capabilities")).get("textDocument"))
    name = str(_object(params.get("clientInfo")).get("name") or "").lower()
    return "inlineCompletion" not in text_document and name not in _GHOST_TEXT_CLIENTS


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
