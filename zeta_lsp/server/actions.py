"""The prediction as code actions: what it would do, going there, turning it down, asking for one.

In editors without ghost text this is where a prediction is looked at, and in those that cannot map
keys to a server's commands it is how everything is done. Titles therefore say what the text will
be. Editors that ask by themselves, to draw a light bulb, are told of the edit alone.
"""

from typing import Any

from zeta_lsp.core.documents import Document
from zeta_lsp.server.preview import title
from zeta_lsp.server.shapes import accepted_command, is_far, position_of, workspace_edit
from zeta_lsp.server.suggestion import Suggestion

Json = dict[str, Any]

QUICK_FIX = "quickfix"


def actions_for(
    found: Suggestion, ident: str, row: int, *, versioned: bool, goes: bool
) -> list[Json]:
    """What can be done with the prediction at hand by somebody in a row, the edit first.

    `versioned` is whether the client takes `documentChanges`, `goes` whether it goes to a place.
    """
    cluster, document = found.nearest(row), found.file.document
    what = title(document, cluster)
    place = position_of(document, cluster[0].start_row, cluster[0].start_col)
    actions = [
        {
            "title": f"Predicted edit, {what}",
            "kind": QUICK_FIX,
            "isPreferred": True,
            "edit": workspace_edit(document, cluster, versioned=versioned),
            "command": accepted_command(ident),
        }
    ]
    if goes and is_far(cluster, row):
        actions.append(_running("zeta.jump", f"Go to predicted edit, {what}", at(document, place)))
    return [*actions, _running("zeta.reject", "Reject predicted edit", {"id": ident})]


def asking(document: Document, position: Json) -> Json:
    """The action that asks for a prediction."""
    return _running("zeta.nextEdit", "Predict the next edit", at(document, position))


def explaining() -> Json:
    """The action that says why there is no prediction."""
    return _running("zeta.explain", "Why is nothing predicted?")


def at(document: Document, position: Json) -> Json:
    """A place, as commands take it."""
    return {"textDocument": {"uri": document.uri}, "position": position}


def takes_quick_fixes(context: object) -> bool:
    """Whether the client wants actions of our kind: some ask for those of one kind, to apply it."""
    only = context.get("only") if isinstance(context, dict) else None
    return not isinstance(only, list) or any(kind in ("", QUICK_FIX) for kind in only)


def _running(command: str, words: str, *arguments: Json) -> Json:
    run = {"title": words, "command": command, "arguments": list(arguments)}
    return {"title": words, "kind": QUICK_FIX, "command": run}
