"""Zed's format ``V0420Diagnostics``: Zeta 2.1 with the diagnostics around the cursor.

As `zeta2_1`, with 8192 tokens in all and a section ``diagnostics`` before the related files: at
most 10 entries, taken in their order until the first that does not fit, each a message and, if
there is one, a fenced snippet of at most 256 estimated tokens. A longer snippet ends behind its
last line that fits, with ``...``; if its first line alone is longer, it is left out. Source: Zed
at commit 09adbb01 (August 2026), crate ``zeta_prompt``.
"""

from collections.abc import Sequence

from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.region import Region
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.sections import tokens
from zeta_lsp.core.formats.seed import FILE, seed_prompt
from zeta_lsp.core.formats.zeta2_1 import Zeta21
from zeta_lsp.core.prompt import Diagnostic, PromptInput
from zeta_lsp.core.text import BYTES_PER_TOKEN, without_surrogates

V0420_TOKENS = 8192
MAX_DIAGNOSTICS = 10
SNIPPET_TOKENS = 256
_HEADING = f"{FILE}diagnostics\n"


class V0420(Zeta21):
    """The format ``zeta-v0420``."""

    name = "zeta-v0420"
    zed_name: str | None = "V0420Diagnostics"

    def _text(self, given: PromptInput, region: Region, marked_region: str) -> str | None:
        def section(left_tokens: int) -> str:
            return _section(given.active_buffer_diagnostics, left_tokens, self._reserved)

        return seed_prompt(
            given, region, marked_region, V0420_TOKENS, self._reserved, further=section
        )


def _section(diagnostics: Sequence[Diagnostic], left_tokens: int, reserved: Reserved) -> str:
    left_tokens -= tokens(_HEADING)
    shown: list[str] = []
    for diagnostic in diagnostics[:MAX_DIAGNOSTICS]:
        entry = reserved.hide(_entry(diagnostic))
        left_tokens -= tokens(entry)
        if left_tokens < 0:
            break
        shown.append(entry)
    return _HEADING + "".join(shown) if shown else ""


def _entry(diagnostic: Diagnostic) -> str:
    snippet = _shortened(without_surrogates(diagnostic.snippet))
    message = f"*{without_surrogates(diagnostic.message)}*"
    return f"{message}:\n```\n{snippet}\n```\n" if snippet else f"{message}\n"


def _shortened(snippet: str) -> str:
    data = snippet.encode()
    size_bytes = SNIPPET_TOKENS * BYTES_PER_TOKEN + BYTES_PER_TOKEN - 1
    if len(data) <= size_bytes:
        return snippet
    whole_lines = data[: data.rfind(b"\n", 0, size_bytes) + 1].decode()
    return whole_lines and whole_lines + "..."


FORMATS: tuple[Format, ...] = (V0420(),)
