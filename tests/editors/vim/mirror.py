"""A language server that only listens: it keeps the text of the last document in a file.

    python -m tests.editors.vim.mirror FILE

Changes are applied by the product's own strict mirror, so that a range that is off by one, or cuts
a character in two, shows as `unsynced`. Every answer is null but that of `initialize`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.documents import Document
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.params import DidChange, DidOpen


def received() -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name == b"Content-Length" else length
    return json.loads(sys.stdin.buffer.read(length)) if length else None


def answer(ident: int, result: Any) -> None:
    """Answer a request."""
    body = json.dumps({"jsonrpc": "2.0", "id": ident, "result": result}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


def main(path: Path) -> None:
    """Listen until the client hangs up."""
    document = None
    while (message := received()) is not None:
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/didOpen":
            item = msgspec.convert(params, DidOpen).text_document
            version = item.version or 0
            document = Document(item.uri, item.language_id, version, item.text, Encoding.UTF16)
        elif method == "textDocument/didChange" and document is not None:
            change = msgspec.convert(params, DidChange)
            document.apply(change.text_document.version, change.content_changes)
        elif "id" in message:
            answer(message["id"], {"capabilities": {}} if method == "initialize" else None)
        if document is not None and "id" not in message:
            known = {"uri": document.uri, "unsynced": document.unsynced, "message": message}
            later = path.with_suffix(".new")
            later.write_text(json.dumps({**known, "text": "".join(document.lines)}))
            later.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
