"""Prompt inputs made up from a seed: small and large, unicode, blank, without a last newline.

None of the texts holds a marker of a format, and positions are consistent as a server makes them.
"""

import random
from collections.abc import Iterator

import msgspec

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import ByteRange, Diagnostic, PromptInput, RelatedExcerpt, RelatedFile

WORDS = (
    *("foo", "bar()", "é", "名前", "    ", "return x", "}", "", "x" * 50, "😀", "#" * 100),
    *("return", "end;", ")", "\t", "a\rb", "\x1c", "\u2028", "=======", "<filename>"),
)
PATHS = ("p/a.py", "p/b.py", "p/ü.rs", "q/d.py", "e.py")


def inputs(seed: int, count: int) -> Iterator[PromptInput]:
    """So many inputs; the same for the same seed."""
    rng = random.Random(seed)
    return (prompt_input(rng) for _ in range(count))


def prompt_input(rng: random.Random) -> PromptInput:
    """Any input."""
    excerpt = text(rng, 800 if rng.random() < 0.1 else None)
    cursor = offset(rng, excerpt)
    return PromptInput(
        "p/a.py",
        excerpt,
        cursor,
        excerpt_start_row=rng.choice([None, 0, 0, 5]),
        events=tuple(event(rng) for _ in range(rng.choice([0, 1, 3, 6, 7, 9]))),
        related_files=rng.choice([None, related_files(rng), related_files(rng)]),
        active_buffer_diagnostics=tuple(diagnostic(rng) for _ in range(rng.choice([0, 1, 3, 12]))),
        syntax_ranges=rng.choice([None, (), syntax_ranges(rng, excerpt, cursor)]),
    )


def full_inputs(seed: int, count: int) -> Iterator[PromptInput]:
    """Inputs whose history and related files reach the limits of prompts, bit by bit."""
    rng = random.Random(seed)
    for given in inputs(seed, count):
        sizes = [rng.randint(0, 1500) for _ in range(rng.randint(0, 7))]
        events = [BufferChange("p/a.py", "p/a.py", f"@@ -1,1 +0,0 @@\n-{'o' * n}\n") for n in sizes]
        files = [_full_file(rng, f"p/{number}.py") for number in range(rng.randint(0, 10))]
        yield msgspec.structs.replace(given, events=tuple(events), related_files=tuple(files))


def _full_file(rng: random.Random, path: str) -> RelatedFile:
    excerpts = [
        RelatedExcerpt(
            (row, row + rng.choice([5, 10])),
            "z" * rng.randint(0, 900) + rng.choice(["", "\n"]),
            rng.randint(0, 5),
        )
        for row in range(0, 10 * rng.randint(0, 5), 10)
    ]
    return RelatedFile(path, rng.choice([0, 999]), tuple(excerpts))


def text(rng: random.Random, rows: int | None = None) -> str:
    """Any text; now and then with a line that fits no budget."""
    rows = rng.choice([0, 1, 2, 5, 20, 60, 150]) if rows is None else rows
    lines = [line(rng) for _ in range(rows)]
    if lines and rng.random() < 0.05:
        lines[rng.randrange(rows)] = "y" * rng.choice([500, 3000, 12000])
    return "\n".join(lines) + rng.choice(["", "\n", "\n", "\n\n"])


def line(rng: random.Random) -> str:
    """Any line without its end; no line is all marker."""
    words = " ".join(rng.choices(WORDS, k=rng.choice([0, 0, 1, 2, 5, 12])))
    return f" {words}" if words.startswith(("<", "=")) else words


def offset(rng: random.Random, of: str) -> int:
    """The byte offset of any character."""
    return len(of[: rng.randint(0, len(of))].encode())


def syntax_ranges(rng: random.Random, of: str, cursor: int) -> tuple[ByteRange, ...]:
    """Nested ranges around a cursor, innermost first."""
    start = end = len(of.encode()[:cursor].decode())
    found = []
    for _ in range(rng.randint(0, 8)):
        start = max(0, start - rng.choice([0, 1, 10, 100, 800]))
        end = min(len(of), end + rng.choice([0, 1, 10, 100, 800]))
        found.append((len(of[:start].encode()), len(of[:end].encode())))
    return tuple(found)


def event(rng: random.Random) -> BufferChange:
    """An entry of the history, sometimes a large one."""
    path = rng.choice(PATHS)
    removed = "o" * rng.choice([0, 1, 2, 3, 10, 100, rng.randint(0, 3000)])
    diff = f"@@ -1,1 +1,1 @@\n-{removed}\n+é" + rng.choice(["", "\n"])
    old_path = path if rng.random() < 0.8 else "p/old.py"
    return BufferChange(path, old_path, rng.choice([diff] * 19 + [""]), rng.random() < 0.3)


def related_files(rng: random.Random, paths: tuple[str, ...] = PATHS) -> tuple[RelatedFile, ...]:
    """Some files, their excerpts in order."""
    return tuple(_file(rng, rng.choice(paths)) for _ in range(rng.choice([0, 1, 2, 4])))


def _file(rng: random.Random, path: str) -> RelatedFile:
    excerpts, row = [], 0
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        first = row + rng.choice([0, 0, 1, 10])
        row = first + rng.randint(0, 30)
        content = rng.choice([text(rng), "z" * rng.randint(0, 4000), text(rng, 2)])
        excerpts.append(RelatedExcerpt((first, row), content, rng.choice([0, 0, 1, 2, 5, 9])))
    return RelatedFile(path, row + rng.choice([0, 0, 1, 100]), tuple(excerpts))


def diagnostic(rng: random.Random) -> Diagnostic:
    """A diagnostic, its snippet of any length."""
    snippet = text(rng, rng.choice([0, 1, 2, 5, 12, 20]))
    if rng.random() < 0.2:
        lines = ["y" * rng.randint(0, 1000), "w" * rng.randint(0, 1000), rng.choice(["", "foo"])]
        snippet = "\n".join(lines)
    message = rng.choice(["msg", "", "two\nlines", "x" * 300])
    return Diagnostic(message, snippet, (3, 5), (0, 0), rng.choice([None, 1, 2, 4]))


def with_current_file(rng: random.Random, given: PromptInput) -> PromptInput:
    """The input with an excerpt of the cursor's file among the related ones."""
    start_row = given.excerpt_start_row or 0
    rows = given.cursor_excerpt.split("\n")
    cursor_row = given.cursor_excerpt.encode()[: given.cursor_offset_in_excerpt].count(b"\n")
    first = max(0, cursor_row - rng.choice([0, 1, 5, 50, 1000]))
    end = min(len(rows), cursor_row + 1 + rng.choice([0, 1, 5, 50, 1000]))
    content = "\n".join(rows[first:end]) + ("\n" if end < len(rows) else "")
    span = (start_row + first, start_row + end)
    excerpts = [RelatedExcerpt(span, content, rng.choice([0, 0, 1, 3]), "current_file")]
    if rng.random() < 0.3:
        below = start_row + len(rows) + rng.choice([3, 9])
        excerpts.append(RelatedExcerpt((below, below + 4), "e\nf\ng\nhh\n", 2))
    if rng.random() < 0.3 and start_row:
        excerpts.insert(0, RelatedExcerpt((0, 3), "a\nb\nc\n", 2))
    last_row = max(start_row + len(rows), excerpts[-1].row_range[1])
    current = RelatedFile(given.cursor_path, last_row + rng.choice([0, 10]), tuple(excerpts))
    files = list(related_files(rng, PATHS[1:])) + [
        _large_file(rng) for _ in range(rng.choice([0, 4]))
    ]
    files.insert(rng.randint(0, len(files)), current)
    return msgspec.structs.replace(given, related_files=tuple(files))


def _large_file(rng: random.Random) -> RelatedFile:
    content = text(rng, rng.choice([3, 100, 150]))
    excerpt = RelatedExcerpt((0, 9), content, rng.randint(0, 9))
    return RelatedFile(f"p/{rng.randint(0, 9)}.py", 999, (excerpt,))


def rewritten(rng: random.Random, region: str) -> str:
    """The region after some edits of whole lines, characters and unicode neighbours."""
    lines = region.split("\n")
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        row = rng.randrange(len(lines)) if lines else 0
        match rng.choice(["insert", "delete", "append", "append", "replace"]):
            case "insert":
                lines[row:row] = [line(rng) for _ in range(rng.choice([1, 1, 2, 8]))]
            case "delete" if lines:
                del lines[row : row + rng.choice([1, 1, 3])]
            case "append" if lines:
                lines[row] += rng.choice(["x", "é", "  ", "è"])
            case "replace" if lines:
                lines[row] = lines[row].replace("é", "è").replace("名", "吏").replace("😀", "😁")
    return "\n".join(lines)
