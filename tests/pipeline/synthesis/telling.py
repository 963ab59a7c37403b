"""A model that tells how commits came about, and what it may say."""

import json
import re
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
_FLAGS = re.MULTILINE | re.DOTALL
_STEP = re.compile(r"^# Step (\d+): (\S+), row (\d+)$\n\n^`{3,}diff$\n(.*?)\n^`{3,}$", _FLAGS)


def steps_in(question: str) -> list[tuple[int, str, list[str]]]:
    """The number, the file and the rows that come, of each step of a question."""
    return [
        (
            int(number),
            path,
            [row[1:] for row in body.split("\n") if row[:1] == "+"],
        )
        for number, path, _, body in _STEP.findall(question)
    ]


def answer(groups: Sequence[Sequence[int]], *drafts: Json) -> str:
    """An answer in the form that is asked for."""
    return json.dumps({"groups": groups, "drafts": list(drafts)})


def draft(step: int, final: str, typed: str, until: str = "row") -> Json:
    """One draft."""
    return {"step": step, "final": final, "typed": typed, "until": until}


def likely(question: str) -> str:
    """A model that does as it is told: backwards, each step with a row that is another at first."""
    steps = steps_in(question)
    numbers = [number for number, *_ in steps][::-1]
    drafts = [
        draft(number, row, f"{row}  # first", until)
        for (number, _, rows), until in zip(steps, ["row", "step", "group"] * 20, strict=False)
        if (row := next((row for row in rows if row.strip()), None)) is not None
    ]
    return f"It came about like this.\n```json\n{answer([numbers], *drafts)}\n```"
