"""Writing to a terminal, or to whatever stands in for one, and asking who sits there.

A terminal gets colour; a pipe gets plain lines that are never wrapped. Nobody is asked who cannot
answer.
"""

import sys

from rich.console import Console
from rich.text import Text

from zeta_lsp.core.errors import UsageError

_YES = frozenset({"y", "yes"})


def say(text: str) -> None:
    """A part of the command's result."""
    sys.stdout.write(f"{text}\n")


def say_styled(*parts: tuple[str, str]) -> None:
    """A line of parts, each with its style, which may be empty."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
    console.print(Text.assemble(*((printable(text), style) for text, style in parts)))


def asked(question: str, *, otherwise: str) -> bool:
    """Whether the person at the terminal says yes; anything else is no.

    Raises:
        UsageError: there is nobody to ask; `otherwise` says what to do instead.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"nobody can be asked here; {otherwise}")
    sys.stdout.flush()
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in _YES


def printable(text: str) -> str:
    """Text that cannot move the cursor: a file's name may hold anything."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
