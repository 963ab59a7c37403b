"""The parameters that arrive on every keystroke, as the handlers take them.

Unknown fields are ignored. What some client leaves out or sends as null has a default: documents
without a version, requests without a context. Positions are as the client counts (see
`core.text`); nothing here is checked against a text.
"""

from typing import Any

import msgspec

from zeta_lsp.core.documents import Change, Position, Range
from zeta_lsp.server.faults import Code, RpcError


class _Params(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Named as LSP names them."""


class TextDocumentItem(_Params, frozen=True):
    """A document as it is opened."""

    uri: str
    text: str
    language_id: str = ""
    version: int | None = None


class TextDocumentId(_Params, frozen=True):
    """Which document; `version` where the client names one."""

    uri: str
    version: int | None = None


class DidOpen(_Params, frozen=True):
    """``textDocument/didOpen``."""

    text_document: TextDocumentItem


class DidChange(_Params, frozen=True):
    """``textDocument/didChange``: each change refers to the text that the one before it left."""

    text_document: TextDocumentId
    content_changes: tuple[Change, ...]


class DidClose(_Params, frozen=True):
    """``textDocument/didClose``."""

    text_document: TextDocumentId


class DidSave(_Params, frozen=True):
    """``textDocument/didSave``; `text` only where the client was asked for it."""

    text_document: TextDocumentId
    text: str | None = None


class SelectedCompletion(_Params, frozen=True):
    """The entry that is selected in the completion menu."""

    range: Range
    text: str


class RequestContext(_Params, frozen=True):
    """Why a prediction is asked for: `trigger_kind` 1 by the person, 2 by the editor."""

    trigger_kind: int | None = None
    selected_completion_info: SelectedCompletion | None = None


class FormattingOptions(_Params, frozen=True):
    """How the file is indented, for clients that say so."""

    tab_size: int | None = None
    insert_spaces: bool | None = None


class PositionRequest(_Params, frozen=True):
    """A request for a prediction: inline completion, `copilotInlineEdit`, `zeta/nextEdit`.

    `context` is None where the client sends none, which tells clients apart.
    """

    text_document: TextDocumentId
    position: Position
    context: RequestContext | None = None
    formatting_options: FormattingOptions | None = None


class Cancel(_Params, frozen=True):
    """``$/cancelRequest``."""

    id: int | str


class AboutDocument(_Params, frozen=True):
    """The document that any parameters are about."""

    text_document: TextDocumentId


def document_of(params: dict[str, Any]) -> TextDocumentId:
    """The document that plain parameters are about.

    Raises:
        RpcError: they name none.
    """
    try:
        return msgspec.convert(params.get("textDocument"), TextDocumentId)
    except (msgspec.ValidationError, UnicodeEncodeError):  # it cannot quote half a character
        raise RpcError(Code.INVALID_PARAMS, "a document has a uri") from None
