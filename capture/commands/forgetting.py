"""`zeta-lsp capture forget`: delete what was recorded, after asking.

Consent is another matter: what is switched on stays on, and the answer says so.
"""

import argparse
import sys
import time
from pathlib import Path

from capture.commands.screen import asked, say
from capture.consent import Consents
from capture.store import forget


def run_forget(options: argparse.Namespace, folder: Path) -> int:
    """Run the command."""
    about = _about(options)
    project = None
    if options.project is not None:
        project = Consents(folder, time.time).project(options.project)
        if not project:
            say(f"nothing is held about {options.project}")
            return 0
    if not options.yes and not asked(
        f"Delete {about}? It cannot be brought back.", otherwise="add --yes to delete it"
    ):
        say("nothing was deleted")
        return 0
    gone = forget(
        folder, project=project, path=options.path, since=options.since, until=options.until
    )
    say(f"deleted {about}: {_counted(gone.rows, 'row')}{_copies(gone.files)}")
    for file, reason in gone.held:
        sys.stderr.write(f"zeta-lsp capture: {file} may still hold some of it: {reason}\n")
    for root in _still_on(options, folder):
        say(f"capture is still on for {root}; `zeta-lsp capture off {root}` ends it")
    return 1 if gone.held else 0


def _about(options: argparse.Namespace) -> str:
    whose = f"of {options.project}" if options.project else "of every project"
    parts = ["what is recorded", whose]
    if options.path:
        parts.append(f"about {options.path}")
    for word, moment in (("since", options.since), ("before", options.until)):
        if moment is not None:
            parts.append(f"{word} {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(moment))}")
    return " ".join(parts)


def _still_on(options: argparse.Namespace, folder: Path) -> list[str]:
    """The folders of live receipts among those that were forgotten."""
    consents = Consents(folder, time.time)
    live = {receipt.root for receipt in consents.receipts() if receipt.revoked_at is None}
    return sorted(live if options.project is None else live & {str(options.project)})


def _copies(count: int) -> str:
    return f", and {_counted(count, 'backup or damaged file')}" if count else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
