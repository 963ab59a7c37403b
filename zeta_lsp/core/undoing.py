"""How far an answer takes back the latest change of its file.

Two shares are measured with the same yardstick (`reversal`): how much of what the answer does is
taking back, and how much of what was done it takes back. Only both together tell an undo from a
correction: removing a doubled letter takes back all that it touches, and nearly nothing of what
was typed.
"""

from collections.abc import Sequence

from zeta_lsp.core.diff.reverse import take_back_in_excerpt
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.reversal import latest_event, reversed_share
from zeta_lsp.core.rewrite import Rewrite


def undone(
    rewrites: Sequence[Rewrite], given: PromptInput, *, at_least: float = 0.0
) -> tuple[float, float]:
    """The share of an answer that takes back, and the share of the latest event it takes back.

    The second is 0 and not measured where the first is below `at_least`. Both are 0 without an
    event of the person's that is known to be in the rewritten text.
    """
    event = latest_event(given.events, given.cursor_path)
    if event is None or event.predicted or not rewrites:
        return 0.0, 0.0
    text, start_row = rewrites[0].text, rewrites[0].start_row
    edits = sorted(filter(None, (one.trimmed() for one in rewrites)), key=lambda one: one.start)
    if start_row is None or not edits or any(one.text != text for one in edits):
        return 0.0, 0.0
    if "\n-" not in event.diff and all(edit.start == edit.end for edit in edits):
        return 0.0, 0.0  # text was only added, and more is added: nothing is taken back
    return _shares(edits, text, start_row, event.diff, at_least)


def _shares(
    edits: Sequence[Rewrite], text: str, start_row: int, diff: str, at_least: float
) -> tuple[float, float]:
    start = text.rfind("\n", 0, edits[0].start) + 1
    end = text.find("\n", edits[-1].end) + 1 or len(text)
    current, predicted = text[start:end], _applied(edits, text, start, end)
    if end == len(text):  # an excerpt's last row has no newline, a diff's rows all have
        current, predicted = current + "\n", predicted + "\n"
    original = take_back_in_excerpt(diff, current, start_row + text.count("\n", 0, start))
    if original == current:
        return 0.0, 0.0
    of_prediction = reversed_share(original, current, predicted)
    if of_prediction < at_least:
        return of_prediction, 0.0
    return of_prediction, reversed_share(predicted, current, original)


def _applied(edits: Sequence[Rewrite], text: str, start: int, end: int) -> str:
    parts: list[str] = []
    for edit in edits:
        parts += (text[start : edit.start], edit.new)
        start = edit.end
    return "".join(parts) + text[start:end]
