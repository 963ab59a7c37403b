"""How fast scoring is beside Zed's Rust bindings: ``python -m tests.bench.metrics [--json]``.

Both score the same examples in the same run, from JSON lines to JSON lines: regions of about 2 kB
cut out of this project's own code, 1 to 40 changed rows, one expected patch, one prediction, one
entry of edit history. The bindings run in one process, which is all that they offer; ours runs in
one process and then, through the runner with its files, in two. Rounds alternate and the best of
each counts, so that what else the machine does matters little; processor time is given as well,
where it does not matter at all. A ratio below 1 means that we are faster.
"""

import argparse
import difflib
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.jsonl import Line
from pipeline.records import Row
from pipeline.running import _made_of, run
from pipeline.stages.score import Score
from tests.pipeline.metrics import oracle
from zeta_lsp.context.faults import syntax_errors
from zeta_lsp.core.ranges import excerpt_ranges

REGION_CHARS = 2048
CHANGED_ROWS = (1, 1, 2, 3, 5, 10, 20, 40)
ROUNDS = 3
SOURCES = Path(__file__).parents[2] / "zeta_lsp" / "core"
NOT_OPEN = {"in_open_source_repo": False}
HEADER = "--- a/src/m.py\n+++ b/src/m.py\n"


class Spent:
    """The least wall-clock and processor time of several rounds, in milliseconds an example."""

    def __init__(self) -> None:
        self.wall_ms = self.cpu_ms = float("inf")

    def take(self, work: Callable[[], object], count: int) -> None:
        wall, cpu = time.perf_counter(), cpu_s()
        work()
        self.cpu_ms = min(self.cpu_ms, (cpu_s() - cpu) / count * 1e3)
        self.wall_ms = min(self.wall_ms, (time.perf_counter() - wall) / count * 1e3)

    def against(self, floor: "Spent") -> dict[str, float]:
        return {
            "wall_ms": round(self.wall_ms, 3),
            "cpu_ms": round(self.cpu_ms, 3),
            "wall_ratio": round(self.wall_ms / floor.wall_ms, 2),
            "cpu_ratio": round(self.cpu_ms / floor.cpu_ms, 2),
        }


def cpu_s() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def examples(count: int, seed: int) -> list[str]:
    """Lines of JSON, the same for the same seed."""
    rng = random.Random(seed)
    texts = [path.read_text() for path in sorted(SOURCES.glob("*.py"))]
    return [json.dumps(example(rng, texts)) for _ in range(count)]


def example(rng: random.Random, texts: Sequence[str]) -> Row:
    """One example whose prediction is a good one half the time."""
    before = region(rng, texts)
    now = edited(rng, before, 3, texts)
    rows = rng.choice(CHANGED_ROWS)
    wanted = edited(rng, now, rows, texts)
    near, far = edited(rng, wanted, max(1, rows // 3), texts), edited(rng, now, rows, texts)
    event = {"path": "src/m.py", "old_path": "src/m.py", "diff": hunks(before, now)}
    return {
        "cursor_path": "src/m.py",
        "expected_patches": [HEADER + hunks(now, wanted)],
        "prompt_inputs": {
            "cursor_path": "src/m.py",
            "cursor_excerpt": now,
            "cursor_offset_in_excerpt": 0,
            "excerpt_start_row": 0,
            "events": [{"event": "BufferChange", **event, **NOT_OPEN, "predicted": False}],
            "related_files": [],
            **NOT_OPEN,
            "excerpt_ranges": {
                name: {"start": span[0], "end": span[1]}
                for name, span in excerpt_ranges(now, 0, ()).items()
            },
        },
        "predictions": [
            {"actual_patch": HEADER + hunks(now, rng.choice([near, far])), "actual_output": ""}
        ],
    }


def region(rng: random.Random, texts: Sequence[str]) -> str:
    """Whole rows of a file."""
    text = rng.choice(texts)
    start = text.find("\n", rng.randrange(max(1, len(text) - REGION_CHARS))) + 1
    return text[start : text.rfind("\n", start, start + REGION_CHARS) + 1] or "pass\n"


def edited(rng: random.Random, text: str, count: int, texts: Sequence[str]) -> str:
    """Some rows changed: longer, a word in them another, new ones, some gone."""
    rows = text.splitlines()
    words = rng.choice(texts).split()
    for _ in range(count):
        at, kind = rng.randrange(len(rows)), rng.random()
        if kind < 0.6:
            parts = rows[at].split(" ")
            parts[rng.randrange(len(parts)) :: 99] = [rng.choice(words)]
            rows[at] = " ".join(parts)
        elif kind < 0.8 or len(rows) < 2:
            rows.insert(at, rng.choice(rng.choice(texts).splitlines()))
        else:
            del rows[at]
    return "\n".join(rows) + "\n"


def hunks(old: str, new: str) -> str:
    """A diff without its header."""
    sides = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(list(difflib.unified_diff(*sides))[2:])


def bench(count: int) -> dict[str, object]:
    """All figures; the ratios are to the bindings."""
    rows = examples(count, seed=1)
    assert scored(rows, Score()) == sum(len(json.loads(their_score(row))) for row in rows) == count
    theirs, ours, with_syntax, two = Spent(), Spent(), Spent(), Spent()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.jsonl")
        source.write_text("".join(f"{row}\n" for row in rows))
        for _ in range(ROUNDS):
            theirs.take(lambda: [their_score(row) for row in rows], count)
            ours.take(lambda: scored(rows, Score()), count)
            with_syntax.take(lambda: scored(rows, Score(syntax_errors)), count)
            target = str(Path(folder, "out.jsonl"))
            two.take(lambda: run(Score(), [str(source)], target, workers=2), count)  # noqa: B023
    figures = {
        "bindings": theirs.against(theirs),
        "one process": ours.against(theirs),
        "one process, with syntax errors": with_syntax.against(theirs),
        "two processes, with files": two.against(theirs),
    }
    return {"examples": count, "region_chars": REGION_CHARS, "figures": figures}


def their_score(row: str) -> str:
    """A line as the bindings write it, in brackets."""
    return oracle.score_json(f"[{row}]")


def scored(rows: Sequence[str], stage: Score) -> int:
    """Score lines as a worker does; how many lines came out."""
    made = (_made_of(Line(1, row.encode()), stage.rows) for row in rows)
    return sum(len(one.rows) for one in made)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.metrics", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--examples", type=int, default=600, metavar="N")
    options = parser.parse_args()
    report = bench(options.examples)
    if options.json:
        print(json.dumps(report, indent=2))
        return
    figures = report["figures"]
    assert isinstance(figures, dict)
    for name, figure in figures.items():
        print(f"{name:<34}", *(f"{key} {value:<8}" for key, value in figure.items()))


if __name__ == "__main__":
    main()
