"""In which unit columns are counted with a client.

UTF-16 is what every client can do and what nearly every client means: Neovim offers UTF-8 first,
yet plugins for it count in UTF-16 whatever was agreed. So a client's own first choice is followed
only where one program alone speaks for the client and is known to keep its word.
"""

from collections.abc import Sequence
from typing import Any

from zeta_lsp.core.text import Encoding

_KEEP_THEIR_WORD = frozenset({"helix", "eglot"})
_OURS = "zeta-lsp"


def choose_encoding(client_name: str | None, offered: Sequence[str] | None) -> Encoding:
    """The encoding to agree on; `offered` is the client's list, best first, None without one."""
    known = [Encoding(name) for name in offered or () if name in set(Encoding)]
    if not known:
        return Encoding.UTF16
    name = (client_name or "").lower()
    if name in _KEEP_THEIR_WORD or name.startswith(_OURS):
        return known[0]
    return Encoding.UTF16 if Encoding.UTF16 in known else known[0]


def encoding_for(params: dict[str, Any]) -> Encoding:
    """The encoding for a client, from the parameters of its ``initialize``."""
    general = _object(_object(params.get("capabilities")).get("general"))
    offered = general.get("positionEncodings")
    name = _object(params.get("clientInfo")).get("name")
    return choose_encoding(
        name if isinstance(name, str) else None,
        [str(item) for item in offered] if isinstance(offered, list) else None,
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
