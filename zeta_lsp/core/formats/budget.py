"""How large a prompt may be, and how long its answer.

Sizes are estimated tokens, UTF-8 bytes divided by 3: for code some 10 to 30 percent more than the
real number. As in Zed, a prompt is filled up to nine tenths of its limit, so that an estimate too
low for once does no harm.
"""

from collections.abc import Iterable

from zeta_lsp.core.text import BYTES_PER_TOKEN, byte_length, estimate_tokens

PROMPT_TOKENS = 4096
MAX_EVENTS = 6


class Budget:
    """The room that the fixed parts of a prompt leave for the others."""

    def __init__(self, fixed: Iterable[str], prompt_tokens: int = PROMPT_TOKENS) -> None:
        used_bytes = sum(map(byte_length, fixed))
        self.exceeded = estimate_tokens(used_bytes) > prompt_tokens
        """Whether the fixed parts alone are too large: no prompt can be made."""
        self._left_bytes = prompt_tokens * 9 // 10 * BYTES_PER_TOKEN - used_bytes

    def take(self, texts: Iterable[str]) -> list[str]:
        """The first of the texts, as many as fit; stops at the first that does not."""
        taken: list[str] = []
        for text in texts:
            size_bytes = byte_length(text)
            if size_bytes > self._left_bytes:
                break
            self._left_bytes -= size_bytes
            taken.append(text)
        return taken

    def take_newest(self, texts: Iterable[str]) -> list[str]:
        """The last of the texts, as many as fit, in their order."""
        return self.take(reversed(tuple(texts)))[::-1]


def answer_tokens(region_bytes: int) -> int:
    """Room for a rewritten region to grow by half and a hundred tokens more, with its markers."""
    return estimate_tokens(region_bytes) * 3 // 2 + 128
