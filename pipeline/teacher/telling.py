"""What a person is told while models are asked: estimate, progress, and what it came to."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from pipeline.teacher.spend import Spend

LINE_EVERY = 100
"""Questions between two lines, where there is no terminal for a bar, and at most ten lines."""


class Teller:
    """Writes lines, and a bar where the stream is a terminal.

    Args:
        name: what the lines begin with.
        stream: where they go.
        is_quiet: whether nothing is said.
        as_json: whether the end is told as JSON, for programs.
    """

    def __init__(self, name: str, stream: TextIO, is_quiet: bool, as_json: bool) -> None:
        self._name = name
        self._stream = stream
        self._is_quiet = is_quiet
        self._as_json = as_json

    def say(self, line: str) -> None:
        """A line for a person."""
        if not self._is_quiet:
            self._stream.write(f"{self._name}: {line}\n")
            self._stream.flush()

    def done(self, wanted: int, spend: Spend) -> None:
        """How many questions there were, how many of them were asked, and what that cost."""
        if self._as_json:
            counts = {
                "questions": wanted,
                "asked": spend.calls,
                "input_tokens": spend.input_tokens,
                "output_tokens": spend.output_tokens,
                "usd": spend.usd,
            }
            self._stream.write(json.dumps(counts) + "\n")
            return
        asked = f"; {spend.line()}" if spend.calls else ""
        self.say(f"{wanted:,} questions, {spend.calls:,} of them asked now{asked}")

    @contextmanager
    def progress(self, calls: int) -> Iterator[Callable[[Spend], None]]:
        """A bar with the running total, while the context lasts."""
        if self._is_quiet:
            yield lambda _: None
            return
        if not self._stream.isatty():
            yield self._in_tenths(calls)
            return
        from rich.console import Console
        from rich.progress import Progress, TextColumn

        columns = (*Progress.get_default_columns(), TextColumn("{task.fields[spent]}"))
        with Progress(*columns, console=Console(file=self._stream), transient=True) as bar:
            task = bar.add_task(self._name, total=calls, spent="")
            yield lambda spend: bar.update(task, advance=1, spent=spend.line())

    def _in_tenths(self, calls: int) -> Callable[[Spend], None]:
        """A line now and then, for logs of long runs."""
        step, heard = max(calls // 10, LINE_EVERY), itertools.count(1)

        def progress(spend: Spend) -> None:
            done = next(heard)
            if done % step == 0 and done < calls:
                self.say(f"{done:,} of {calls:,}; {spend.line()}")

        return progress
