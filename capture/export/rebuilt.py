"""The prompt that was sent, rendered once more from the stored input.

A line whose prompt does not come out byte for byte would teach a model something nobody asked; it
is dropped as ``prompt_differs``. So is one that Zed's renderer would write differently, because our
formats hide reserved strings in somebody's code and Zed's do not (``marker_in_code``).
"""

import msgspec

from capture.export.recorded import Dropped
from capture.rows import Snapshot
from zeta_lsp.core.formats import named
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.prompt import Prompt

_JOINER = "\u2060"
"""What `core.formats.reserved` hides with. Rare enough in code to judge by it alone."""


class Rebuilt(msgspec.Struct, frozen=True):
    """A format, and the prompt it renders."""

    form: Format
    prompt: Prompt

    @property
    def provider(self) -> str:
        """What Zed's tools call whoever answers such prompts."""
        return f"zeta2:{self.form.zed_name}" if self.form.zed_name else self.form.name

    @property
    def is_zeds_too(self) -> bool:
        """Whether Zed's renderer of the format makes the same text."""
        return self.form.zed_name is None or _JOINER not in self.prompt.text


def rebuilt(snapshot: Snapshot) -> Rebuilt | Dropped | None:
    """The prompt of a prediction; None for the embedded model, which has none."""
    if not snapshot.format:
        return None
    form = named(snapshot.format)
    if form is None:
        return Dropped("format_unknown")
    prompt = form.render(snapshot.given)
    if prompt is None or prompt.text != snapshot.prompt or prompt.editable != snapshot.editable:
        return Dropped("prompt_differs")
    return Rebuilt(form, prompt)
