"""``context``: what other files showed around the cursor, found again in checkouts.

Servers and index are those of a session, and the steps are the same, so that a prompt made of a row
is the prompt that would have been sent; see `pipeline.gathering`.
"""

import argparse
from pathlib import Path

from pipeline.command import Command, existing
from pipeline.doors import Doors, Wanted
from pipeline.gathering.gathering import Gather
from pipeline.gathering.sources import Sources
from zeta_lsp.core.errors import UsageError


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project",
        nargs="+",
        action="extend",
        default=[],
        metavar="FOLDER",
        help="a git repository of yours; a single one is that of all examples",
    )
    parser.add_argument(
        "--repos",
        nargs="+",
        action="extend",
        default=[],
        metavar="FOLDER|URL",
        help="git repositories, for the examples that name their address or folder",
    )
    parser.add_argument(
        "--again", action="store_true", help="gather also what an example has already"
    )
    _switch(parser, "definitions", "related files")
    _switch(parser, "diagnostics", "what is wrong around the cursor")
    parser.add_argument(
        "--servers",
        nargs="*",
        metavar="NAME",
        help="language servers that may be started; none: the index alone (those that are here)",
    )
    parser.add_argument(
        "--with-current-file",
        action="store_true",
        help="the excerpt among the related files too: the format zeta-v0615 wants it",
    )
    parser.add_argument(
        "--checkout-mb", type=int, default=1024, metavar="MB", help="of one revision (1024)"
    )
    parser.add_argument(
        "--folder", type=existing, metavar="FOLDER", help="for checkouts (temporary files)"
    )


def _switch(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    parser.add_argument(
        f"--{name}",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=f"gather {what}",
    )


def _make(options: argparse.Namespace, doors: Doors) -> Gather:
    if doors.surroundings is None:
        raise UsageError("there is nobody here who could look around")
    if options.checkout_mb < 1:
        raise UsageError("--checkout-mb is at least 1")
    servers = None if options.servers is None else tuple(options.servers)
    wanted = Wanted(options.definitions, options.diagnostics, servers)
    doors.surroundings(Path.cwd(), wanted)  # names a server that nobody knows before all the work
    return Gather(
        Sources(options.project, options.repos),
        doors.surroundings,
        wanted,
        spans_of=doors.syntax_spans,
        current_file=options.with_current_file,
        again=options.again,
        checkout_bytes=options.checkout_mb << 20,
        folder=options.folder,
    )


COMMAND = Command(
    help="Fill in what other files showed around the cursor: definitions, and what is wrong there."
    "\nEach example's repository is laid out at its revision, with its changes, and language\n"
    "servers and the index are asked as in a session. Nothing of a repository is run; language\n"
    "servers are programs of yours, which read its configuration.",
    example="zeta-pipeline context edits.jsonl -o full.jsonl --project ~/code/click\n"
    "  zeta-pipeline context synthetic.jsonl -o full.jsonl --repos https://example.org/shop.git",
    configure=_configure,
    make=_make,
)
