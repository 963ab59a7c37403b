"""``read``: examples from whatever there is.

Capture stores, exported JSONL, Zed's Markdown evals, and the data sets of Zeta 1, Instinct, NEP and
CommitPackFT. What an example lacks is made of what its record says, and a record that lacks what
every stage needs is dropped with its reason. A record that a newer version of this program wrote is
taken as it is, and counted.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.jsonl import Line
from pipeline.reading.inputs import found_in
from pipeline.reading.kinds import KINDS, kind_of
from pipeline.reading.zed import NEWER, is_newer
from pipeline.records import Dropped, Noted, Row

AUTO = "auto"


class Read(msgspec.Struct, frozen=True):
    """The stage: records of one kind, or of the kind that each looks like."""

    kind: str = AUTO

    name = "read"
    version = 2

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The example of a record."""
        kind = kind_of(row) if self.kind == AUTO else KINDS[self.kind]
        if kind is None:
            return [Dropped("unknown_format")]
        made = kind.example_of(row)
        if isinstance(made, Dropped) or not is_newer(made):
            return [made]
        return [made, NEWER]


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="kind",
        choices=[AUTO, *KINDS],
        default=AUTO,
        help="what the records are (auto: by the fields of each)",
    )


def _make(options: argparse.Namespace, _: Doors) -> Read:
    return Read(options.kind)


def _reading(doors: Doors) -> Callable[[Sequence[str]], Iterator[Line]]:
    return partial(found_in, captured=doors.captured)


COMMAND = Command(
    help="Read capture stores, exports, Markdown evals and public data sets as examples."
    " A folder is a capture store, or is searched for .md, .json and .jsonl files.",
    example="zeta-pipeline read ~/.local/share/zeta-lsp/capture evals/ -o examples.jsonl",
    configure=_configure,
    make=_make,
    reading=_reading,
)
