"""Made-up examples and patches: code-like, unicode, blank, broken; the same for the same seed."""

import difflib
import random
from typing import Any

from zeta_lsp.core.ranges import excerpt_ranges

Row = dict[str, Any]

CURSOR = "<|user_cursor|>"
WORDS = (
    *("foo", "bar", "x", "y1", "foo_bar", "XMLHttp", "return", "if", "(", ")", "{", "}", "[", "]"),
    *("=", "==", "->", "::", ",", ";", " ", "  ", "é", "名前", "\t", "+=", "0", '"s"', "//", "🎉"),
    *("\u00a0", "\x1c", "--", "-", "+", "++", "++\t"),
)
HEADERS = (
    *("--- a/src/m.py\n+++ b/src/m.py\n",) * 6,
    *("--- a/p/src/m.py\n+++ b/p/src/m.py\n", "--- a/o.py\n+++ b/o.py\n"),
    *("--- src/m.py\n+++ src/m.py\n", "--- a/src/m.py\n+++ /dev/null\n"),
)
_PIECES = (*WORDS, "\n", "\n\n", "\r\n", "\u2028", "\x85", "\u3000 ", "\u200b", "ab", "a b", CURSOR)
_ROWS = (
    *(
        "",
        "a",
        "b",
        " ",
        "  foo(x)",
        "\t",
        "fooBar_baz",
        "\x1c",
        "\u00a0",
        "é名x",
        "a = b + 1",
        "@@",
    ),
    *(
        "-- x",
        "++ y",
        "++\ty",
        "--\tx",
        "--",
        "++",
        "-",
        "+",
        "\r",
        "a\rb",
        "x\u0301y",
        "ΑΒγ",
        "HTTPServer2Go_x",
    ),
    *(CURSOR, f"x{CURSOR}y", f"é{CURSOR}{CURSOR}"),
)
_HUNKS = (
    *("@@ -1,2 +3,4 @@", "@@ -10 +12 @@ fn", "@@", "@@ x @@", "@@ -5,1 +7 @@x", "@@ -1,2 +3,4"),
    *("@@-1 +1@@", "@@ -0,0 +1,3 @@", "@@ -1,1  +1,1 @@", "--- a/f", "+++ b/f", "---", "+++"),
    *("---x", "+++x", "--- ", "+++ /dev/null", "diff --git a b", "index 1..2", "hello"),
    *("\\ No newline at end of file", "\\", "", "// User accepted prediction:"),
)


def triple(rng: random.Random) -> tuple[str, str, str]:
    """An original text, an expected one, an actual one."""
    original = _pieces(rng, rng.choice([3, 10, 40]))
    return original, _spliced(rng, original), _spliced(rng, original)


def _pieces(rng: random.Random, most: int) -> str:
    return "".join(rng.choices(_PIECES, k=rng.randrange(most)))


def _spliced(rng: random.Random, text: str) -> str:
    if rng.random() < 0.2:
        return _pieces(rng, 10)
    for _ in range(rng.randrange(4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randrange(5))
        text = text[:start] + _pieces(rng, 4) + text[end:]
    return text


def any_patch(rng: random.Random) -> str:
    """Rows that look like those of a patch, in no order."""
    rows = [
        rng.choice(_HUNKS) if rng.random() < 0.25 else rng.choice("++--- ") + rng.choice(_ROWS)
        for _ in range(rng.randrange(12))
    ]
    head = rng.choice(["", "@@ -1,4 +1,4 @@\n", "--- a/f\n+++ b/f\n@@ -3,4 +3,4 @@\n"])
    return head + rng.choice(["\n", "\n", "\r\n"]).join(rows) + rng.choice(["", "\n"])


def example(rng: random.Random) -> Row:
    """An example with predictions, of which some are good, some undo, some do not apply."""
    before = _text(rng)
    now = _edited(rng, before) if rng.random() < 0.7 else _text(rng)
    wanted = [_edited(rng, now) for _ in range(rng.choice([0, 1, 1, 1, 2, 3]))]
    sources = [*wanted, *(_edited(rng, text) for text in wanted), before, now]
    return {
        "name": "made up",
        "cursor_path": "src/m.py",
        "expected_patches": [_expected(rng, now, text) for text in wanted],
        "prompt_inputs": {
            "cursor_path": "src/m.py",
            "cursor_excerpt": now,
            "cursor_offset_in_excerpt": 0,
            "excerpt_start_row": rng.choice([None, 0, 0, 3]),
            "events": [_event(rng, before, now)] if rng.random() < 0.6 else [],
            "related_files": [],
            "excerpt_ranges": {
                name: {"start": span[0], "end": span[1]}
                for name, span in excerpt_ranges(now, 0, ()).items()
            },
        },
        "predictions": [
            _prediction(rng, now, rng.choice(sources)) for _ in range(rng.choice([0, 1, 1, 2, 3]))
        ],
    }


def _text(rng: random.Random) -> str:
    size = rng.choice([0, 1, 2, 3, 5, 10, 25, 60])
    pool = [_row(rng) for _ in range(max(1, size // 2))]
    rows = [rng.choice(pool) if rng.random() < 0.4 else _row(rng) for _ in range(size)]
    return "\n".join(rows) + ("\n" if rows and rng.random() < 0.9 else "")


def _row(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.choice([0, 1, 2, 3, 5, 8]))
    return "    " * rng.choice([0, 0, 1, 2]) + " ".join(words)


def _edited(rng: random.Random, text: str) -> str:
    rows = text.split("\n")
    for _ in range(rng.choice([0, 1, 1, 2, 3, 8])):
        _edit(rng, rows)
    return "\n".join(rows)


def _edit(rng: random.Random, rows: list[str]) -> None:
    at = rng.randrange(len(rows) + 1)
    kind = rng.random()
    if kind < 0.2:
        del rows[at : at + 1]
    elif kind < 0.4:
        rows.insert(at, _row(rng))
    elif kind < 0.5:
        rows[at : at + rng.randrange(5)] = [_row(rng) for _ in range(rng.randrange(4))]
    elif kind < 0.6:
        rows.insert(at, rng.choice(["", "   "]))
    elif at < len(rows):
        start = rng.randrange(len(rows[at]) + 1)
        new = "".join(rng.choices(WORDS, k=rng.randrange(3)))
        rows[at] = rows[at][:start] + new + rows[at][start + rng.randrange(6) :]


def _expected(rng: random.Random, old: str, new: str) -> str:
    made = patch(rng, old, new)
    made = _marked(rng, made) if rng.random() < 0.4 else made
    return _spoiled(rng, made) if rng.random() < 0.05 else made


def _prediction(rng: random.Random, old: str, new: str) -> Row:
    made: str | None = patch(rng, old, new)
    if rng.random() < 0.2:
        made = _spoiled(rng, made or "")
    if rng.random() < 0.1:
        made = _marked(rng, made or "")
    if rng.random() < 0.05:
        made = None
    found: Row = {"actual_patch": made, "actual_output": "", "provider": "p"}
    if rng.random() < 0.4:
        offset = rng.choice([None, 0, 3, 17, 200])
        found["actual_cursor"] = {"row": rng.randrange(30), "editable_region_offset": offset}
    if rng.random() < 0.2:
        found |= {"avg_logprob": -rng.random(), "cumulative_logprob": -9 * rng.random()}
    return found


def _event(rng: random.Random, old: str, new: str) -> Row:
    path = rng.choice(["src/m.py", "p/src/m.py", "o.py"])
    return {
        "event": "BufferChange",
        "path": path,
        "old_path": path,
        "diff": _hunks(old, new, 3),
        "predicted": rng.random() < 0.1,
        "in_open_source_repo": False,
    }


def patch(rng: random.Random, old: str, new: str) -> str:
    """A patch with more or less context; perhaps one of another file's name."""
    hunks = _hunks(old, new, rng.choice([0, 1, 2, 3, 3, 3, 10]))
    return rng.choice(HEADERS) + hunks if hunks else rng.choice(["", HEADERS[0]])


def _hunks(old: str, new: str, context_rows: int) -> str:
    rows = [[f"{row}\n" for row in text.removesuffix("\n").split("\n")] for text in (old, new)]
    sides = [side if text else [] for side, text in zip(rows, (old, new), strict=True)]
    return "".join(list(difflib.unified_diff(*sides, n=context_rows))[2:])


def _marked(rng: random.Random, text: str) -> str:
    rows = text.split("\n")
    added = [at for at, row in enumerate(rows) if row[:1] == "+" and row[:3] != "+++"]
    for _ in range(rng.choice([1, 1, 1, 2]) if added else 0):
        at = rng.choice(added)
        col = rng.randrange(1, len(rows[at]) + 1)
        rows[at] = rows[at][:col] + CURSOR + rows[at][col:]
    return "\n".join(rows)


def _spoiled(rng: random.Random, text: str) -> str:
    rows = text.split("\n")
    for _ in range(rng.choice([1, 2]) if len(rows) > 3 else 0):
        at, kind = rng.randrange(2, len(rows)), rng.random()
        if kind < 0.3 and len(rows) > 4:
            del rows[at]
        elif kind < 0.6:
            rows.insert(at, rng.choice(["+new", "-gone", " ctx", "", _HUNKS[0], "garbage", "+"]))
        else:
            rows[at] += "z"
    return "\n".join(rows)
