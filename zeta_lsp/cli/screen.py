"""Writing to a terminal, or to whatever stands in for one.

A terminal gets colour and progress; a pipe gets plain lines, one fact each, never wrapped.
"""

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Sequence[tuple[str, str]]
"""Cells: text and its style, which may be empty."""


def console_for(stream: TextIO) -> Console:
    """A console that adds nothing of its own: no guesses at numbers, no markup in what is shown."""
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    """One line of the command's result."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """One line that is not the result."""
    sys.stderr.write(f"{text}\n")


def show_rows(rows: Sequence[Row], stream: TextIO) -> None:
    """Rows in columns: wrapped into the window of a terminal, or padded and unwrapped."""
    if not stream.isatty():
        stream.writelines(_padded([[text for text, _ in row] for row in rows]))
        return
    table = Table.grid(padding=(0, 2), pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(text), style=style) for text, style in row))
    console_for(stream).print(table)


def printable(text: str) -> str:
    """Text that cannot move the cursor: a file's name may hold anything."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _padded(rows: list[list[str]]) -> list[str]:
    rows = [[printable(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in rows), default=0)
    widths = [max((len(row[i]) for row in rows if len(row) > i), default=0) for i in range(columns)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows]
