"""Examples of many repositories, no two alike, and a teacher, a judge and a student for them."""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.records import Row
from tests.pipeline.teacher.examples import case, finished, given_for
from zeta_lsp.core.zed_inputs import prompt_inputs

VERDICT = '{"reasoning": "It follows.", "reverts_edits": false, "confidence": 4}'
SLOW = "sluggish"
"""A word in the one example that the teacher at first has no edit for."""


def examples(count: int) -> list[Row]:
    """Examples whose last call wants the argument that the first one got."""
    words = _words(random.Random(7))
    return [
        _example(number, SLOW if number == 1 else next(words), words) for number in range(count)
    ]


def short_examples(count: int) -> list[Row]:
    """Examples of one row, from which a number has to become another one."""
    words = _words(random.Random(8))
    return [_row(number, f"{next(words)}\n", f"x = {10 + number}\n", "") for number in range(count)]


def teacher(text: str) -> str:
    """What a model answers that is teacher, judge and repairer."""
    if "reverts_edits" in text:
        return VERDICT
    if "<|editable_region_start|>" not in text:
        return "KEEP_PREVIOUS"
    return "NO_EDITS" if SLOW in text else finished(text)


def written(path: Path, rows: Iterable[Row]) -> Path:
    """A JSONL file."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def _words(draw: random.Random) -> Iterator[str]:
    while True:
        yield "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=8))


def _example(number: int, what: str, words: Iterator[str]) -> Row:
    above = "".join(f"{next(words)} = {next(words)}({next(words)})\n" for _ in range(19))
    last = f"    second = fetch({what})\n"
    code = (
        f"{above}\n\ndef {what}_total(rows, timeout):\n"
        f"    first = fetch({what}, timeout=timeout)\n{last}"
        "    return first + second\n"
    )
    change = f"-    first = fetch({what})\n+    first = fetch({what}, timeout=timeout)\n"
    done = code.replace(last, last.replace(")", ", timeout=timeout)"))
    return _row(number, code, done, f"@@ -23,1 +23,1 @@\n{change}")


def _row(number: int, code: str, done: str, diff: str) -> Row:
    path, url = f"shop{number}/total.py", f"https://example.org/shop{number}"
    given = given_for(code, path, diff)
    row: Row = {
        "name": f"shop{number}",
        "repository_url": url,
        "cursor_path": path,
        "cursor_position": code,
        "prompt_inputs": prompt_inputs(given, is_open=True, repository_url=url),
        "zeta": {"consent": {"private": False}, "licence": {"spdx": "MIT"}},
    }
    row["prompt_inputs"]["cursor_offset_in_excerpt"] = max(len(code) - 30, 0)
    return {**row, "expected_patches": [case(row).patch(done.removesuffix("\n"))]}
