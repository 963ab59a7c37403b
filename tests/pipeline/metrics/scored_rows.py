"""Rows as `score` writes them, of twenty repositories."""

from typing import Any

from pipeline.records import Row


def row(number: int, value: float | None, **more: Any) -> Row:
    score = [] if value is None else [{"delta_chr_f": value, "exact_lines_tp": 0}]
    return {
        "repository_url": f"r{number % 20}",
        "cursor_path": "a.py",
        "cursor_position": str(number),
        "expected_patches": ["--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-a\n+b\n"],
        "score": score,
        **more,
    }
