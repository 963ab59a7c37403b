"""How far a run is, on a terminal: bytes of the input, as the rows of it are taken."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.jsonl import Line


@contextmanager
def shown(
    what: str, sources: Sequence[str], *, is_wanted: bool
) -> Iterator[Callable[[Line], None]]:
    """A bar on standard error while the context lasts; nothing where that is no terminal."""
    if not is_wanted or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=_size_bytes(sources))
        yield lambda line: bar.advance(task, len(line.data))


def _size_bytes(sources: Sequence[str]) -> int | None:
    """The size of the input, None where nobody can know."""
    paths = [Path(source) for source in sources]
    if any(path.suffix in {".gz", ".zst"} or not path.is_file() for path in paths):
        return None
    return sum(path.stat().st_size for path in paths)
