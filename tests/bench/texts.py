"""Documents to measure on: real source lines of the standard library, cut to length."""

import sysconfig
from functools import cache
from pathlib import Path


@cache
def source_lines() -> list[str]:
    """The standard library's own lines, in a fixed order."""
    root = Path(sysconfig.get_paths()["stdlib"])
    files = [*sorted(root.glob("*.py")), *sorted((root / "asyncio").glob("*.py"))]
    lines: list[str] = []
    for file in files:
        lines += file.read_text(encoding="utf-8", errors="ignore").split("\n")
    return [line for line in lines if line.isascii() and "\f" not in line]


def document(lines: int, width: int = 0) -> str:
    """`lines` lines of Python, padded with a comment to `width` columns."""
    source = source_lines()
    picked = [source[row % len(source)] for row in range(lines)]
    if width:
        picked = [line + "  # " + "x" * max(0, width - len(line) - 4) for line in picked]
    return "\n".join(picked) + "\n"
