"""Zed's own metrics (`zed-zeta-bindings`), as a black box that says what Zed would measure.

The only module of these tests that imports it. Without it the tests that ask are skipped by name.
"""

import contextlib
import importlib.util
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

if importlib.util.find_spec("zeta_bindings"):
    import zeta_bindings as zed
else:
    zed = None

Row = dict[str, Any]

needs_oracle = pytest.mark.skipif(zed is None, reason="zed-zeta-bindings is not installed")


def score(example: Row) -> list[Row] | None:
    """The scores of an example's predictions; None if Zed leaves the example out."""
    with _silence():
        found: list[Row] = json.loads(zed.score_examples_json(json.dumps([example])))
    return found[0]["score"] if found else None


def score_json(examples: str) -> str:
    return zed.score_examples_json(examples)


def delta_chrf(original: str, expected: str, actual: str) -> tuple[float | int, ...]:
    """Score, precision, recall, and the three counts."""
    found = zed.delta_chr_f(original, expected, actual)
    return found.score, found.precision, found.recall, *_counts(found.counts)


def exact_lines(expected: str, actual: str) -> tuple[int, ...]:
    return _counts(zed.exact_lines_match(expected, actual))


def braces(text: str) -> int:
    return zed.braces_disbalance(text)


def is_region_right(patch: str) -> bool:
    return zed.is_editable_region_correct(patch)


def has_isolated_whitespace(patch: str, cursor_row: int | None) -> bool:
    return zed.has_isolated_whitespace_changes(patch, cursor_row)


def token_changes(patch: str) -> tuple[int, int]:
    found = zed.count_patch_token_changes(patch)
    return found.inserted_tokens, found.deleted_tokens


def cursor(patch: str) -> int | None:
    return zed.extract_cursor_from_patch(patch)[1]


def excerpt_ranges(text: str, offset: int) -> Row:
    found = vars(zed.compute_excerpt_ranges(text, offset, None))
    return {name: {"start": span[0], "end": span[1]} for name, span in found.items() if span}


def _counts(found: Any) -> tuple[int, int, int]:
    return found.true_positives, found.false_positives, found.false_negatives


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """It writes to the process's standard error when it leaves something out."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
