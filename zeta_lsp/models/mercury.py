"""Inception's next-edit endpoint: chat-shaped, at a path of its own, answered in one document.

Source: Inception's public API reference, "Next edit". Their diffusion models write all of an answer
at once, so there is nothing to stream.
"""

from collections.abc import Mapping
from typing import Any

from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.dialect import merged
from zeta_lsp.models.openai import OpenAI, chat_messages

URL = "https://api.inceptionlabs.ai/v1/edit/completions"
MODEL = "mercury-edit-2"


class Mercury(OpenAI):
    """Edit completions.

    Args:
        url: the whole address.
        extra: the user's further fields of the body.
    """

    def __init__(self, url: str, extra: Mapping[str, Any]) -> None:
        super().__init__(url, extra, streams=False)

    def body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted: no temperature and no stop strings, which this endpoint does not have."""
        body = {
            "model": model or MODEL,
            "messages": chat_messages(prompt),
            "max_tokens": prompt.max_tokens,
        }
        return merged(body, self._extra)
