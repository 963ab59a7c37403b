"""`zeta-lsp capture export`: what was recorded as JSONL, to wherever somebody wants it.

The lines are the result; what was left out and why stands on stderr, or with ``--json`` as JSON
(on stdout, unless the lines go there). Lines of closed code are marked, and counted at the end.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from capture.commands.pipes import until_reader_leaves
from capture.commands.projects import project_ids
from capture.export import Dropped, line_of
from capture.export.output import Output, opened
from capture.export.progress import watched
from capture.export.recorded import is_private
from capture.export.selection import Selection
from capture.export.tally import Tally
from capture.store import Reading, StoredPrediction


def run_export(options: argparse.Namespace, folder: Path) -> int:
    """Run the command."""
    try:
        with until_reader_leaves():
            _report(_exported(options, folder), options)
    except KeyboardInterrupt:
        sys.stderr.write("zeta-lsp capture: stopped; no half-written line was left\n")
        return 1
    return 0


def _exported(options: argparse.Namespace, folder: Path) -> Tally:
    tally = Tally()
    with Reading(folder) as reading:
        found = watched(_predictions(options, reading, folder), is_shown=_is_watched(options))
        with opened(options.output, options.format, resume=options.resume) as output:
            _export(found, output, options, tally)
        if reading.damaged:
            tally.dropped["damaged"] = reading.damaged
        tally.problems += map(str, reading.problems)
    return tally


def _predictions(
    options: argparse.Namespace, reading: Reading, folder: Path
) -> Iterator[StoredPrediction]:
    projects = project_ids(options.projects, folder) if options.projects else [None]
    for project in projects:
        yield from reading.predictions(project=project, since=options.since, until=options.until)


def _export(
    found: Iterable[StoredPrediction], output: Output, options: argparse.Namespace, tally: Tally
) -> None:
    selection = Selection(options.licence, options.language, options.outcome)
    for stored in found:
        if stored.snapshot.id in output.ids:
            tally.already += 1
            continue
        refusal = selection.refusal(stored)
        line = Dropped(refusal) if refusal else line_of(stored, options.format, options.horizon)
        if isinstance(line, Dropped):
            tally.dropped[line.reason] += 1
            continue
        output.write(line)
        tally.written += 1
        if is_private(stored):
            tally.private[stored.session.project_name] += 1


def _is_watched(options: argparse.Namespace) -> bool:
    """Progress is for a terminal on which no lines appear."""
    return sys.stderr.isatty() and not (options.output == "-" and sys.stdout.isatty())


def _report(tally: Tally, options: argparse.Namespace) -> None:
    lines_are_here = options.output == "-"
    if options.json:
        text = msgspec.json.encode(tally.as_json(options.output)).decode()
    else:
        text = tally.as_text(options.output)
    stream = sys.stdout if options.json and not lines_are_here else sys.stderr
    stream.write(f"{text}\n")
