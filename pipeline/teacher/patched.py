"""From a prediction in a row back to the text of the region."""

from pipeline.example import applied
from pipeline.records import Row
from pipeline.teacher.case import Case


def region_after(case: Case, prediction: Row) -> str | None:
    """The region as a prediction has it; None if it has no patch, or one that leaves the region."""
    patch = prediction.get("actual_patch")
    return region_of_patch(case, patch) if isinstance(patch, str) else None


def region_of_patch(case: Case, patch: str) -> str | None:
    """The region as a patch leaves it; None if it does not fit, or changes what lies outside."""
    excerpt = case.excerpt
    changed = applied(patch, excerpt)
    if changed is None:
        return None
    data, (start, end) = excerpt.encode(), case.prompt.editable
    new, below = changed.encode(), len(data) - end
    if new[:start] != data[:start] or (below and new[-below:] != data[end:]):
        return None
    return None if len(new) < start + below else new[start : len(new) - below].decode()
