"""`zeta-lsp capture on` and `off`: a person consents to being recorded, or withdraws that.

The whole text is shown before anybody is asked, and again to whoever answers with ``--yes``, so
that a script's log says what was agreed to.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from capture.commands.screen import asked, printable, say
from capture.consent import Consents, Receipt, Refusal
from zeta_lsp.core.errors import ZetaError

Found = TypeVar("Found", str, Receipt)


def run_on(
    options: argparse.Namespace,
    folder: Path,
    *,
    enabled: bool,
    excluded: Sequence[str],
    version: str,
    wall_clock: Callable[[], float] = time.time,
) -> int:
    """Run ``on``. `excluded` are the patterns of the settings, `version` that of this program."""
    consents = Consents(folder, wall_clock, enabled=enabled)
    text = _made(consents.proposal(options.project, options.level, private=options.private))
    say(_readable(text))
    if excluded:
        say(f"\nThe settings exclude {len(excluded)} patterns: `zeta-lsp config` lists them.")
    if not (options.yes or asked("\nDo you consent?", otherwise="add --yes to consent")):
        raise ZetaError("nothing was switched on")
    receipt = _made(
        consents.grant(
            options.project,
            options.level,
            private=options.private,
            version=version,
            agreed_to=text,
        )
    )
    say(f"\nOn until {_day(receipt)}: {receipt.level} of {printable(receipt.root)}")
    return 0


def run_off(
    options: argparse.Namespace, folder: Path, *, wall_clock: Callable[[], float] = time.time
) -> int:
    """Run ``off``. That nothing was on is no failure: it is off now."""
    was_on = Consents(folder, wall_clock).revoke(options.project)
    where = printable(str(options.project))
    if was_on:
        say(f"Off: nothing more of {where} is recorded. `zeta-lsp capture forget` deletes the rest")
    else:
        say(f"Nothing was on for {where}")
    return 0


def _made(found: Found | Refusal) -> Found:
    if isinstance(found, Refusal):
        raise ZetaError(printable(found.advice))
    return found


def _readable(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _day(receipt: Receipt) -> str:
    return datetime.fromtimestamp(receipt.expires_at).astimezone().strftime("%Y-%m-%d")
