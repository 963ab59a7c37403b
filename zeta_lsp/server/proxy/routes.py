"""Which of the client's messages are for whom.

Ours are the requests that this project answers or that clients of its kind send along; if the
neighbour offers inline completions as well, ours are asked for and its own are not, since a client
shows one ghost text at a time. Both of us get what tells about documents, folders, files and
configuration. Everything else, known or not, is the neighbour's.
"""

from typing import Any

import msgspec

from zeta_lsp.server.capabilities import COMMANDS
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import Part, read

INLINE_COMPLETION = "textDocument/inlineCompletion"

OURS = frozenset(
    {
        INLINE_COMPLETION,
        "textDocument/copilotInlineEdit",
        "textDocument/didShowInlineEdit",
        "textDocument/didShowCompletion",
        "textDocument/didPartiallyAcceptCompletion",
        "checkStatus",
        "signIn",
        "signOut",
        "setEditorInfo",
    }
)
SHARED = frozenset(
    {
        "initialized",
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/didSave",
        "textDocument/willSave",
        "textDocument/didFocus",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders",
        "workspace/didChangeWatchedFiles",
        "workspace/didRenameFiles",
    }
)
_OUR_OWN = "zeta/"
_EXECUTE = "workspace/executeCommand"
_OUR_COMMANDS = frozenset(COMMANDS)


class _Command(msgspec.Struct, frozen=True):
    command: str


_command = msgspec.json.Decoder(_Command)


def is_ours(method: str, params: Part) -> bool:
    """Whether a message is for us and not for the neighbour."""
    if method == _EXECUTE:
        return _names_our_command(params)
    return method in OURS or method.startswith(_OUR_OWN)


def quiet_result(method: str) -> Any:
    """What a method of ours answers when there is nothing to say.

    Raises:
        KeyError: nothing would not be an answer.
    """
    return _QUIET[method]


_QUIET: dict[str, Any] = {INLINE_COMPLETION: None, "textDocument/copilotInlineEdit": {"edits": []}}


def _names_our_command(params: Part) -> bool:
    try:
        return read(params, _command).command in _OUR_COMMANDS
    except BadMessage:
        return False
