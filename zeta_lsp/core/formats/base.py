"""What every prompt format can do."""

from typing import Protocol

from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement


class Format(Protocol):
    """A prompt format.

    `name` is ours (``zeta2.1``), `zed_name` Zed's full name where it has one
    (``V0318SeedMultiRegions``). `needs_end` says that an output without its end marker is cut off
    and must not be applied. `needs_current_file` says that the cursor excerpt must stand among the
    related files as well, because the format has no section of its own for it. `markers` are
    strings that only the format itself may write; they must never reach the document.
    """

    name: str
    zed_name: str | None
    needs_current_file: bool
    needs_end: bool
    markers: tuple[str, ...]

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if it cannot be kept under the format's token limit."""

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read a finished output.

        Raises:
            UnparsableAnswer: with the reason.
        """

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The replacement as far as it is certain while the output still grows.

        Its text is a prefix of what the whole output will put there: no half marker at its end.
        `end` is where the replaced text will end at most.
        """

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """What a model should answer so that the editable range becomes `new_region`.

        None means no edit. `cursor` is a byte offset in `new_region`.
        """
