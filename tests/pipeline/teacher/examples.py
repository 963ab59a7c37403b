"""Small examples, and answers to them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.command import main
from pipeline.doors import Doors
from pipeline.records import Row
from pipeline.teacher.case import Case, case_of
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.zed_inputs import prompt_inputs

FORMAT = "zeta2.1"
CODE = """\
def total(rows, timeout):
    first = fetch(rows, timeout=timeout)
    second = fetch(rows)
    return first + second
"""
DONE = CODE.replace("second = fetch(rows)", "second = fetch(rows, timeout=timeout)")
HISTORY = """\
@@ -1,3 +1,3 @@
-def total(rows):
-    first = fetch(rows)
+def total(rows, timeout):
+    first = fetch(rows, timeout=timeout)
     second = fetch(rows)
"""


def given_for(code: str = CODE, path: str = "shop/total.py", diff: str = HISTORY) -> PromptInput:
    """An input with the cursor behind the first line that was changed."""
    return PromptInput(
        cursor_path=path,
        cursor_excerpt=code.removesuffix("\n"),
        cursor_offset_in_excerpt=min(len("def total(rows, timeout"), len(code.encode()) - 1),
        excerpt_start_row=0,
        events=(BufferChange(path=path, old_path=path, diff=diff),) if diff else (),
        syntax_ranges=(),
    )


def row_for(number: int = 0, code: str = CODE, *, private: bool = False, **fields: Any) -> Row:
    """An example; `number` makes it another one."""
    code = code.replace("rows", f"rows{number}") if number else code
    diff = HISTORY.replace("rows", f"rows{number}") if number else HISTORY
    given = given_for(code, diff=diff)
    inputs = prompt_inputs(given, is_open=not private, repository_url="https://example.org/shop")
    row = {
        "repository_url": "https://example.org/shop",
        "cursor_path": given.cursor_path,
        "cursor_position": str(number),
        "prompt_inputs": inputs,
        "unknown": {"kept": number},
        "zeta": {"consent": {"private": private}},
    }
    return {**row, **fields}


def case(row: Row) -> Case:
    """The case of an example that is one."""
    found = case_of(row, get(FORMAT))
    assert isinstance(found, Case)
    return found


def in_words(region: str, reason: str = "They pass the timeout on.") -> str:
    """A teacher's answer."""
    return (
        f"{reason}\n\n```python\n<|editable_region_start|>\n{region}\n<|editable_region_end|>\n```"
    )


def finished(text: str) -> str:
    """What a good teacher answers to any example of `row_for`: the file's last call is changed."""
    region = text.rpartition("<|editable_region_start|>\n")[2]
    region = region.partition("\n<|editable_region_end|>")[0].replace("<|user_cursor|>", "")
    head, call, tail = region.rpartition("second = fetch(")
    return in_words(f"{head}{call}{tail.replace(')', ', timeout=timeout)<|user_cursor|>', 1)}")


def written(path: Path, rows: Iterable[Row]) -> str:
    """A JSONL file."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


def read(path: Path) -> list[Row]:
    """The rows of one."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def ran(*arguments: object) -> int:
    """A command of the pipeline, without anything of the other rooms."""

    def nobody(*_: object) -> Any:
        raise AssertionError("nobody else is asked")

    doors = Doors(text_model=nobody, predictor=nobody, captured=nobody)
    return main([str(one) for one in arguments], doors)
