"""Regions written like a merge conflict: ``<<<<<<< CURRENT`` … ``=======`` … ``>>>>>>> UPDATED``.

The prompt opens a conflict with the region as it is and stops behind the middle line; the model
writes the region anew and closes the conflict. `zeta2` and `zeta-v0131` share this part.

What Zed does is kept for every answer that a model gives as trained. Beyond that, where Zed would
put markers into the document or delete text:

* The closing line also counts without its newline or with text behind it, and, at the very end,
  cut short (``>>>>>>> UPD``): servers trim. An answer without it is not `complete`.
* Only the first cursor mark is one, but all are removed.
* ``NO_EDITS`` and ``KEEP_PREVIOUS`` alone, which related models answer, mean no edit.
* An end-of-text token that a server left in the text ends the answer.
* Marker text of the user's own is hidden in the prompt and shown again in the answer (`reserved`);
  a marker that is left over refuses the answer.
"""

from collections.abc import Sequence

from zeta_lsp.core.formats.cursor_mark import CURSOR, without_mark
from zeta_lsp.core.formats.region import is_same_region, rewritten_text
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.formats.sections import with_newline
from zeta_lsp.core.formats.view import marked
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.text import without_surrogates

CURRENT = "<<<<<<< CURRENT"
MIDDLE = "======="
UPDATED = ">>>>>>> UPDATED"

_NO_EDIT = ("NO_EDITS", "KEEP_PREVIOUS")
_SIGNS = ">>>>>>>"


def conflict_section(region: str) -> str:
    """The editable region, opened for an update."""
    return f"{CURRENT}\n{with_newline(region)}{MIDDLE}\n"


class ConflictAnswers:
    """Reads and writes what stands between the middle line and the closing one."""

    def __init__(self, reserved: ReservedLines, end_tokens: Sequence[str]) -> None:
        self._reserved = reserved
        self._end_tokens = end_tokens

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read a finished output.

        Raises:
            UnparsableAnswer: ``leaked_marker``.
        """
        old = rewritten_text(given, prompt)
        body, complete = self._until_closed(without_surrogates(output), _SIGNS in old)
        if body.strip() in _NO_EDIT or not (complete or body.strip()):
            return Answer(complete=complete)
        text, cursor = without_mark(body, self._reserved)
        if is_same_region(old, text):
            return Answer(complete=complete)
        return Answer((Replacement(*prompt.editable, text),), cursor, complete)

    def partial(self, output: str, prompt: Prompt) -> Replacement | None:
        """The whole lines that a growing output has so far."""
        sure = without_surrogates(output[: output.rfind("\n") + 1]).replace(CURSOR, "")
        sure = sure[: self._reserved.first_in(sure)]
        return Replacement(*prompt.editable, self._reserved.show(sure)) if sure else None

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None
    ) -> str:
        """The new region, or the old one where there is no edit, and the closing line."""
        old = rewritten_text(given, prompt)
        region = old if new_region is None else without_surrogates(new_region)
        body = marked(region, cursor, CURSOR, self._reserved)
        return (with_newline(body) if body else "") + f"{UPDATED}\n"

    def _until_closed(self, output: str, has_signs: bool) -> tuple[str, bool]:
        """What stands before the closing line, and whether there is one.

        `has_signs` says that lines like the closing one stand in the region itself, so that half
        of one is no evidence.
        """
        for token in self._end_tokens:
            output = output.partition(token)[0]
        if output.startswith(UPDATED):
            return "", True
        at = output.find(f"\n{UPDATED}") + 1
        if at:
            return output[:at], True
        trimmed = output.removesuffix("\n")
        if trimmed.endswith(UPDATED):
            return trimmed.removesuffix(UPDATED), True
        last = trimmed[trimmed.rfind("\n") + 1 :]
        if len(last) >= len(_SIGNS) and UPDATED.startswith(last) and not has_signs:
            return trimmed[: len(trimmed) - len(last)], True
        return output, False
