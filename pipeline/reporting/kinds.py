"""What a record is, by its fields. Files are told apart by what stands in them."""

import enum

from pipeline.records import Row


class Kind(enum.StrEnum):
    """Everything that a report is made of."""

    EXAMPLE = "examples"
    DROP = "drops"
    SPLIT = "report of a split"
    SETTLE = "histogram of settle"
    EVAL = "summary of an evaluation"
    RUN = "card of a training run"
    COMPARISON = "comparison"


_BY_NAME = {"zeta-eval": Kind.EVAL, "zeta-run": Kind.RUN}
_OF_DOCUMENTS = (
    (Kind.COMPARISON, {"strata", "models"}),
    (Kind.SETTLE, {"bins", "low", "high"}),
    (Kind.SPLIT, {"outputs", "leaks"}),
)
_OF_EXAMPLES = frozenset(
    {
        "cursor_path",
        "cursor_position",
        "edit_history",
        "expected_patches",
        "predictions",
        "prompt",
        "prompt_inputs",
        "score",
        "zeta",
    }
)


def kind_of(record: Row) -> Kind | None:
    """The kind of a record, None for what no stage writes."""
    named = record.get("kind")
    if isinstance(named, str) and named in _BY_NAME:
        return _BY_NAME[named]
    for kind, fields in _OF_DOCUMENTS:
        if fields <= record.keys():
            return kind
    if isinstance(record.get("reason"), str) and isinstance(record.get("line"), int):
        return Kind.DROP
    return Kind.EXAMPLE if _OF_EXAMPLES & record.keys() else None
