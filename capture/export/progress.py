"""A progress bar for somebody who watches a terminal."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")


def watched(items: Iterable[_Item], *, is_shown: bool) -> Iterator[_Item]:
    """The same items, with their number and the time on stderr while they go by.

    Nobody knows how many there will be before they were read, so the bar has no end.
    """
    if not is_shown:
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("predictions"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        yield from progress.track(items, total=None)
