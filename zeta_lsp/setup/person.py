"""The person at the terminal: what is said to them, and what they answer.

Colour only on a terminal. Questions only where both ends are one; elsewhere nobody is asked and
nothing is taken for granted.
"""

import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from zeta_lsp.setup.change import Change, Plan

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class Person:
    """Speaks on `out` and listens on `source`."""

    def __init__(self, out: TextIO | None = None, source: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._source = source or sys.stdin
        self._console = Console(file=self._out, highlight=False, markup=False, emoji=False)

    @property
    def can_answer(self) -> bool:
        """Whether somebody sits there."""
        return self._out.isatty() and self._source.isatty()

    def say(self, text: str = "", style: str = "") -> None:
        """A line, or several."""
        for line in text.split("\n"):
            if self._out.isatty():
                self._console.print(Text(_printable(line), style=style), soft_wrap=True)
            else:
                self._out.write(f"{_printable(line)}\n")

    def ask(self, question: str) -> str:
        """An answer without blanks around it; empty if the input has ended."""
        self._out.write(f"{question} ")
        self._out.flush()
        answer = self._source.readline()
        if not answer:
            self._out.write("\n")
        return answer.strip()

    def agrees(self, question: str) -> bool:
        """Whether the person says yes; silence is a no."""
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")

    def show_diff(self, change: Change) -> None:
        """A change as a unified diff, with what is worth knowing about the file."""
        if change.is_linked:
            self.say(f"{change.path} leads to {change.target}: written there", "yellow")
        for line in change.diff().splitlines():
            self.say(line, "bold" if line[:3] in ("---", "+++") else _STYLES.get(line[:1], ""))

    def show_plan(self, plan: Plan) -> None:
        """All that a plan would do."""
        for change in plan.changes:
            self.show_diff(change)
        for command in plan.commands:
            self.say(f"run: {' '.join(command.argv)}", "cyan")
        for note in plan.notes:
            self.say(note, "italic")
        if plan.refusal:
            self.say(plan.refusal, "yellow")
        if plan.snippet:
            self.say(f"\n{plan.snippet}\n")


def _printable(text: str) -> str:
    """Text that cannot move the cursor: a settings file may hold anything."""
    return "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in text)
