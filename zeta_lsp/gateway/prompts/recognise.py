"""Which format a prompt was rendered in.

Formats are told apart by markers that no other has, so the order does not matter but for FIM: the
prompts of Zeta are made of the same tokens, and are recognised first.
"""

from zeta_lsp.gateway.prompts.fim import read_fim
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.prompts.seed import read_seed
from zeta_lsp.gateway.prompts.sweep import read_sweep
from zeta_lsp.gateway.prompts.v0131 import read_v0131
from zeta_lsp.gateway.prompts.zeta1 import read_zeta1

_READERS = (read_seed, read_v0131, read_zeta1, read_sweep, read_fim)


def recognised(text: str) -> ReadPrompt | None:
    """A prompt with what it was rendered from; None if it is in no format that we can read."""
    return next((found for reader in _READERS if (found := reader(text))), None)
