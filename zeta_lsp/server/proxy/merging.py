"""One `initialize` reply out of two: the neighbour's, with what is ours added.

The client sends what the reply says it should, to both of us. So whatever the neighbour asked for
stays exactly as it asked for it: its kind of synchronisation (our mirror follows whole texts as
well as changes), its unit of columns, its filters. Only where it did not ask is our wish put in,
and what the client then sends for our sake alone is named in `for_us_alone`, because the neighbour
must not get what it would not get without us.

Left out are our stand-ins for editors without ghost text, the completion item and the code action:
those requests are the neighbour's.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

Json = dict[str, Any]

_FULL, _INCREMENTAL = 1, 2


class Merged(msgspec.Struct, frozen=True):
    """A reply for the client, and the notifications that only we asked for in it."""

    result: Json
    for_us_alone: frozenset[str]


def merged(theirs: Json, ours: Json) -> Merged:
    """Put our capabilities into the neighbour's `InitializeResult`, which is left as it was."""
    said, added = _object(theirs.get("capabilities")), _object(ours.get("capabilities"))
    sync, alone = _sync(said.get("textDocumentSync"), added["textDocumentSync"])
    capabilities = {
        **said,
        "textDocumentSync": sync,
        "inlineCompletionProvider": added["inlineCompletionProvider"],
        "executeCommandProvider": _commands(
            said.get("executeCommandProvider"), added["executeCommandProvider"]
        ),
    }
    capabilities["workspace"] = _workspace(said.get("workspace"), added["workspace"], alone)
    if isinstance(said.get("experimental") or {}, dict):
        capabilities["experimental"] = {
            **added["experimental"],
            **_object(said.get("experimental")),
        }
    return Merged({**theirs, "capabilities": capabilities}, frozenset(alone))


def _sync(theirs: Any, ours: Json) -> tuple[Any, set[str]]:
    """Their `textDocumentSync`, with ours where it has gaps, and what came in that way."""
    if theirs in (_FULL, _INCREMENTAL) and not isinstance(theirs, bool):
        return theirs, set()  # the short form asks for opening, closing, changes and saving
    merge = dict(_object(theirs))
    alone: set[str] = set()
    if merge.get("openClose") is not True:
        alone |= {"textDocument/didOpen", "textDocument/didClose"}
        merge["openClose"] = True
    if merge.get("change") not in (_FULL, _INCREMENTAL):
        alone.add("textDocument/didChange")
        merge["change"] = ours["change"]
    if merge.get("save") in (None, False):
        alone.add("textDocument/didSave")
        merge["save"] = ours["save"]
    return merge, alone


def _commands(theirs: Any, ours: Json) -> Json:
    """All commands; theirs first."""
    options = _object(theirs)
    known = options.get("commands")
    known = known if isinstance(known, list) else []
    return {**options, "commands": [*known, *(c for c in ours["commands"] if c not in known)]}


def _workspace(theirs: Any, ours: Json, alone: set[str]) -> Json:
    """Their `workspace`, with folders and renames; what only we asked for goes into `alone`."""
    merge = dict(_object(theirs))
    folders = _object(merge.get("workspaceFolders"))
    if not folders.get("changeNotifications"):
        alone.add("workspace/didChangeWorkspaceFolders")
        merge["workspaceFolders"] = {**folders, **ours["workspaceFolders"]}
    files = _object(merge.get("fileOperations"))
    if files.get("didRename") is None:
        alone.add("workspace/didRenameFiles")
        merge["fileOperations"] = {**files, **ours["fileOperations"]}
    return merge


def offered(capabilities: Json) -> Iterator[str]:
    """The methods of `_OFFERS` that a server's capabilities promise."""
    return (method for name, method in _OFFERS.items() if _is_there(capabilities.get(name)))


_OFFERS = {
    "definitionProvider": "textDocument/definition",
    "typeDefinitionProvider": "textDocument/typeDefinition",
    "diagnosticProvider": "textDocument/diagnostic",
    "inlineCompletionProvider": "textDocument/inlineCompletion",
}


def _is_there(provider: Any) -> bool:
    return provider is not None and provider is not False  # `{}` is a promise


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
