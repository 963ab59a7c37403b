"""A prompt format small enough to see through: the whole excerpt, rewritten, closed by a line."""

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import byte_length

END = "<<end>>\n"


class ToyFormat:
    """The region is rewritten and followed by a line ``<<end>>``."""

    name = "toy"
    zed_name: str | None = None
    needs_current_file = False
    markers: tuple[str, ...] = (END,)

    def __init__(
        self, *, needs_end: bool = True, stop: tuple[str, ...] = (), prefill: str = ""
    ) -> None:
        self.needs_end = needs_end
        self._stop = stop
        self._prefill = prefill
        self.looks: list[str] = []

    def render(self, given: PromptInput) -> Prompt | None:
        if "TOO LONG" in given.cursor_excerpt:
            return None
        whole = (0, byte_length(given.cursor_excerpt))
        text = f"rewrite:\n{given.cursor_excerpt}{self._prefill}"
        return Prompt(self.name, text, whole, whole, 64, self._stop, prefill=self._prefill)

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        if "NONSENSE" in output:
            raise UnparsableAnswer("nonsense")
        text, end, _ = output.partition(END)
        return Answer((Replacement(*prompt.editable, text),), complete=bool(end))

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        self.looks.append(output)
        return Replacement(*prompt.editable, output[: output.rfind("\n") + 1])

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        return (given.cursor_excerpt if new_region is None else new_region) + END
