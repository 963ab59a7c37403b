"""Small cases, models that answer them, and the command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.__main__ import main
from pipeline.records import Row

HEAD = "--- a/shop/{name}.py\n+++ b/shop/{name}.py\n"
CODE = "price = 3\ntax = 1\n"


def page(name: str, *, tag: str = "rename", right: str | None = None, mark: str = "3") -> str:
    """A case about the first row: `right` is what it should be, None if it is right."""
    head = HEAD.format(name=name)
    patch = "" if right is None else f"@@ -1,2 +1,2 @@\n-price = 3\n+{right}\n tax = 1\n"
    return f"""+++
repository_url = "https://example.org/{name[0]}"
revision = ""
tags = ["{tag}"]
+++

# {name}

## Reasoning

Because of {name}.

## Edit History

```diff
{head}@@ -1,2 +1,2 @@
-price = 2
+price = 3
 tax = 1
```

## Cursor Position

```shop/{name}.py
price = {mark}<|user_cursor|>
tax = 1
```

## Expected Patch

```diff
{head}{patch}```
"""


def folder(path: Path) -> Path:
    """Four cases of four repositories, two of each kind."""
    path.mkdir()
    pages = {
        "apple": page("apple", right="price = 3 * 2"),
        "birch": page("birch", right="cost = 3"),
        "cedar": page("cedar", tag="silence:half-typed"),
        "daisy": page("daisy", tag="silence:just-undone"),
    }
    for name, text in pages.items():
        (path / f"{name}.md").write_text(text)
    return path


def patched(row: Row, new: str) -> str:
    """A patch that makes the first row of a case another one."""
    head = HEAD.format(name=row["name"])
    return f"{head}@@ -1,2 +1,2 @@\n-price = 3\n+{new}\n tax = 1\n"


def says(row: Row, model: str, patch: str | None, error: str | None = None) -> Row:
    return {
        "actual_output": "", "actual_patch": patch, "actual_cursor": None, "error": error,
        "provider": model,
    }  # fmt: skip


def perfect(row: Row) -> Row:
    return says(row, "perfect", row["expected_patches"][0])


def undoing(row: Row) -> Row:
    return says(row, "undoing", patched(row, "price = 2"))


def breaking(row: Row) -> Row:
    return says(row, "breaking", patched(row, "price = 3 + (4"))


def quiet(row: Row) -> Row:
    return says(row, "quiet", HEAD.format(name=row["name"]))


def inventing(row: Row) -> Row:
    """Adds a row that nobody asked for."""
    head = HEAD.format(name=row["name"])
    patch = f"{head}@@ -1,2 +1,3 @@\n price = 3\n tax = 1\n+zebra = {{}}\n"
    return says(row, "inventing", patch)


def mumbling(row: Row) -> Row:
    return says(row, "mumbling", None, "no_markers")


def answered(cases: Path, target: Path, *models: Callable[[Row], Row]) -> Path:
    """The cases as rows that some models have answered."""
    rows = target.with_suffix(".read.jsonl")
    assert main(["read", str(cases), "-o", str(rows), "--quiet"]) == 0
    with target.open("w") as out:
        for row in read(rows):
            row["predictions"] = [model(row) for model in models]
            out.write(json.dumps(row) + "\n")
    return target


def read(path: Path) -> list[Row]:
    return [json.loads(row) for row in path.read_text().splitlines()]


def evaluated(*arguments: object) -> int:
    return main(["eval", *map(str, arguments)])


def summed(tmp_path: Path, *arguments: object, status: int = 0) -> dict[str, Any]:
    """The summary of an evaluation."""
    path = tmp_path / "summary.json"
    assert evaluated(*arguments, "--summary", path, "--quiet") == status
    found: dict[str, Any] = json.loads(path.read_text())
    return found
