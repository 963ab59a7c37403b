"""A document as it would be: looked at by a language server, never shown and never saved."""

from typing import Protocol

from zeta_lsp.core.edits import Cluster


class Shadow(Protocol):
    """Somebody who can tell what edits would do to a document without making them."""

    name: str

    async def errors_added(self, uri: str, edits: Cluster, deadline_s: float) -> int | None:
        """How many more errors a document would have; None if that is not known in time.

        Edits are sorted, do not overlap, and are those of the text as it is at the call.
        """
