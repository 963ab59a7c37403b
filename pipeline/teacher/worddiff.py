"""A rewritten region as one text in which a reader sees what goes and what comes, word by word."""

from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.diff.tokens import units


def word_diff(old: str, new: str) -> str:
    """The old text with ``[-removed-]`` and ``{+added+}`` in it."""
    before, after = units(old), units(new)
    parts: list[str] = []
    at = 0
    for change in histogram_diff(before, after):
        parts += before[at : change.before_start]
        gone = "".join(before[change.before_start : change.before_end])
        come = "".join(after[change.after_start : change.after_end])
        parts += [f"[-{gone}-]"] if gone else []
        parts += [f"{{+{come}+}}"] if come else []
        at = change.before_end
    return "".join(parts + before[at:])


def changed_units(old: str, new: str) -> tuple[int, int]:
    """How many words and signs go and come, white space not counted."""
    before, after = units(old), units(new)
    gone = come = 0
    for change in histogram_diff(before, after):
        gone += _count(before[change.before_start : change.before_end])
        come += _count(after[change.after_start : change.after_end])
    return gone, come


def _count(parts: list[str]) -> int:
    return sum(not part.isspace() for part in parts)
