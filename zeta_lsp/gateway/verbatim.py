"""A format whose prompt is already there: what asks a model then sends the client's text as it is.

Whatever asks an endpoint renders a prompt first. Where the endpoint's model wants the very format
that the client chose, nothing is rendered: its bytes pass, and with them what the endpoint has
cached of the prompt before. Answers are read by the format itself.
"""

from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement


class Verbatim:
    """`form`, with `prompt` for its only prompt."""

    def __init__(self, form: Format, prompt: Prompt) -> None:
        self.name = form.name
        self.zed_name = form.zed_name
        self.needs_current_file = False
        self.needs_end = form.needs_end
        self.markers = form.markers
        self._form = form
        self._prompt = prompt

    def render(self, given: PromptInput) -> Prompt | None:
        """The client's prompt."""
        return self._prompt

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """See `Format`."""
        return self._form.parse(output, given, prompt)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """See `Format`."""
        return self._form.partial(output, given, prompt)

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """See `Format`."""
        return self._form.target(given, prompt, new_region, cursor)
