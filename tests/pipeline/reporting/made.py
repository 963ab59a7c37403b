"""Rows of every kind that a report reads, and a page taken apart again."""

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pipeline.command import main
from pipeline.doors import Doors
from pipeline.records import Row
from pipeline.stages.score import Score

CODE = "def total(rows):\n    first = fetch(rows)\n    second = fetch(rows)\n    return first\n"
RIGHT = CODE.replace("second = fetch(rows)", "second = fetch(rows, timeout=9)")
VOID = frozenset({"meta"})


def patch_of(path: str, old: str, new: str) -> str:
    """A patch of one row."""
    return f"--- a/{path}\n+++ b/{path}\n@@ -3,1 +3,1 @@\n-    {old}\n+    {new}\n"


def example(number: int = 0, path: str = "shop/total.py", **fields: Any) -> Row:
    """An example as a capture store exports it."""
    return {
        "repository_url": f"https://example.org/r{number % 4}",
        "cursor_path": path,
        "cursor_position": str(number),
        "tags": ["settled"],
        "expected_patches": [
            patch_of(path, "second = fetch(rows)", "second = fetch(rows, timeout=9)")
        ],
        "prompt_inputs": {
            "cursor_path": path,
            "cursor_excerpt": CODE,
            "cursor_offset_in_excerpt": 0,
            "excerpt_start_row": 10,
            "events": [],
        },
        "zeta": {
            "time": 1_790_000_000 + number,
            "session": f"s{number % 3}",
            "licence": {"spdx": "MIT"},
            "consent": {"receipt": f"c{number % 2}", "level": "snapshots", "private": False},
            "outcome": {"ending": "accepted"},
            "edit_sources": [["typed"]],
            "latency": {"total_ms": 100.0 + number},
            "redactions": [],
        },
        **fields,
    }


def scored(number: int, *news: str | None, path: str = "shop/total.py", **fields: Any) -> Row:
    """An example with predictions by models a, b, … each with its score."""
    predictions = [
        {
            "actual_patch": None if new is None else patch_of(path, "second = fetch(rows)", new),
            "provider": f"model-{chr(ord('a') + place)}",
        }
        for place, new in enumerate(news)
    ]
    (found,) = Score().rows(example(number, path, predictions=predictions, **fields))
    assert isinstance(found, dict)
    return found


def drop(line: int, reason: str, **fields: Any) -> Row:
    """A line of a drops file."""
    return {"line": line, "reason": reason, "record": {"cursor_path": "x"}, **fields}


def written(path: Path, rows: Iterable[Any]) -> str:
    """A JSONL file."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


def document(path: Path, content: Any) -> str:
    """A JSON file as the stages write them, over several lines."""
    path.write_text(json.dumps(content, indent=2) + "\n")
    return str(path)


def ran(*arguments: object) -> int:
    """The command."""

    def nobody(*_: object) -> Any:
        raise AssertionError("nobody is asked")

    doors = Doors(text_model=nobody, predictor=nobody, captured=nobody)
    return main(["report", *map(str, arguments)], doors)


def page_of(tmp_path: Path, *arguments: object) -> "Page":
    """The page that the command writes."""
    out = tmp_path / "page.html"
    assert ran(*arguments, "-o", out, "--quiet") == 0
    return Page(out.read_text())


class Page(HTMLParser):
    """A page as a parser sees it: its tags with their attributes, its texts, the cells of rows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.texts.append(data)
        if {"td", "th"} & set(self._open) and self.rows and "small" not in self._open:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All that a reader reads."""
        return " ".join(" ".join(self.texts).split())

    def row(self, name: str) -> list[str]:
        """The first table row with this name in front."""
        found = ([" ".join(cell.split()) for cell in row] for row in self.rows)
        return next(row for row in found if row and row[0] == name)
