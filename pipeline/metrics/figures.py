"""What of a scored prediction is averaged: each figure with its name and which way is better."""

from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.records import Row


class Measure(msgspec.Struct, frozen=True):
    """A figure that models are compared by."""

    name: str
    title: str
    is_more_better: bool


MEASURES = (
    Measure("delta_chr_f", "delta-chrF", True),
    Measure("exact_lines_f1", "exact rows, F1", True),
    Measure("kept_rate", "kept rate", True),
    Measure("recall_rate", "recall rate", True),
    Measure("jump_lines_f1", "places, F1", True),
    Measure("cursor_exact", "cursor exact", True),
    Measure("applies", "patch applies", True),
    Measure("reversal_ratio", "reversal ratio", False),
    Measure("wrong_region", "wrong region", False),
    Measure("isolated_whitespace", "isolated white space", False),
    Measure("braces_disbalance", "braces broken", False),
    Measure("syntax_errors_added", "syntax errors added", False),
    Measure("diagnostics_added", "diagnostics added", False),
)
"""The figures in the order in which they are shown."""


def figures_of(score: Row, ours: Row) -> dict[str, float]:
    """The figures of one prediction, by name; those that are not known are missing.

    `score` holds Zed's fields, `ours` those of ``zeta.score``.
    """
    jump = score.get("jump_location")
    found = {
        "delta_chr_f": score.get("delta_chr_f"),
        "exact_lines_f1": _exact_lines_f1(score),
        "kept_rate": score.get("kept_rate"),
        "recall_rate": score.get("recall_rate"),
        "jump_lines_f1": jump.get("lines_f1") if isinstance(jump, dict) else None,
        "cursor_exact": score.get("cursor_exact_match"),
        "applies": ours.get("applies"),
        "reversal_ratio": score.get("reversal_ratio"),
        "wrong_region": score.get("wrong_editable_region"),
        "isolated_whitespace": score.get("has_isolated_whitespace_changes"),
        "braces_disbalance": score.get("braces_disbalance"),
        "syntax_errors_added": _added(ours, "syntax_errors"),
        "diagnostics_added": _added(ours, "diagnostics"),
    }
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


def _exact_lines_f1(score: Row) -> float | None:
    """1 where nothing was to change and nothing did."""
    counts = [score.get(f"exact_lines_{kind}") for kind in ("tp", "fp", "fn")]
    if not all(isinstance(count, int) for count in counts):
        return None
    right, surplus, missing = (int(count or 0) for count in counts)
    return 2 * right / (2 * right + surplus + missing) if right + surplus + missing else 1.0


def _added(counts: Mapping[str, Any], name: str) -> int | None:
    before, after = counts.get(f"{name}_before"), counts.get(f"{name}_after")
    return after - before if isinstance(before, int) and isinstance(after, int) else None
