"""The client as somebody who can tell what edits would do to a document.

A client that says ``experimental.zetaBridge`` and ``experimental.zetaCheck`` is asked
``zeta/check`` with a document and edits. It applies them to a copy that nobody sees, in whatever
way it likes, and says how many errors its language servers find there: ``{errors: n}``. The same
question without edits says how many there are now; the answer counts until the text changes.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from zeta_lsp.core.edits import Cluster
from zeta_lsp.server.bridge import Asker, has_bridge
from zeta_lsp.server.faults import RpcError
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.shapes import range_of


def has_check(capabilities: Any) -> bool:
    """Whether a client looks at documents as they would be."""
    return has_bridge(capabilities) and capabilities["experimental"].get("zetaCheck") is True


class BridgeShadow:
    """The client as a `core.shadow.Shadow`."""

    name = "bridge"

    def __init__(self, client: Asker, files: Mapping[str, OpenFile]) -> None:
        self._client = client
        self._files = files
        self._now: tuple[str, int, int] | None = None

    async def errors_added(self, uri: str, edits: Cluster, deadline_s: float) -> int | None:
        """See `Shadow`."""
        file = self._files.get(uri)
        if file is None:
            return None
        before, after = await asyncio.gather(
            self._errors_now(file, deadline_s), self._errors(file, edits, deadline_s)
        )
        return None if before is None or after is None else after - before

    async def _errors_now(self, file: OpenFile, deadline_s: float) -> int | None:
        """The errors of the text as it is, asked for once."""
        revision = file.document.revision
        if self._now is not None and self._now[:2] == (file.uri, revision):
            return self._now[2]
        errors = await self._errors(file, (), deadline_s)
        if errors is not None:
            self._now = file.uri, revision, errors
        return errors

    async def _errors(self, file: OpenFile, edits: Cluster, deadline_s: float) -> int | None:
        document = file.document
        changes = [{"range": range_of(document, one), "newText": one.new_text} for one in edits]
        target = {"uri": document.uri, "version": document.version}
        params = {"textDocument": target, "edits": changes}
        try:
            reply = await self._client.request("zeta/check", params, timeout_s=deadline_s)
        except (TimeoutError, RpcError, ConnectionError):
            return None
        errors = reply.get("errors") if isinstance(reply, dict) else None
        return errors if isinstance(errors, int) and not isinstance(errors, bool) else None
