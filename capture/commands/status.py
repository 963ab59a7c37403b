"""`zeta-lsp capture status`: what is on, where, how much is held, and why something is not on.

Looking changes nothing and makes nothing. As JSON ``{enabled, folder, problem, projects}``, each
project with `root`, `state` (``on`` or ``off``), `reason` (the stable word for why it is off),
`advice`, its consent and what is `held` of it.
"""

import argparse
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from capture.commands.screen import say, say_styled
from capture.consent import Consents, Receipt, Refusal
from capture.rows import Licence
from capture.store.usage import Usage
from zeta_lsp.core.errors import ZetaError


class Line(msgspec.Struct, frozen=True):
    """What there is to say about one project. `receipt` is the latest one, in force or not."""

    root: str
    name: str
    state: str
    reason: str
    advice: str
    receipt: Receipt | None
    held: Usage | None


def run_status(
    options: argparse.Namespace,
    folder: Path,
    *,
    enabled: bool,
    wall_clock: Callable[[], float] = time.time,
) -> int:
    """Run the command."""
    consents = Consents(folder, wall_clock, enabled=enabled)
    held, problem = _held(folder)
    lines = _lines(consents, options.project, held)
    if options.json:
        document = {
            "enabled": enabled,
            "folder": _text(str(folder)),
            "problem": problem,
            "projects": [_document(line) for line in lines],
        }
        say(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
        return 0
    for line in lines:
        _tell(line)
    _tell_store(folder, held, problem)
    return 0


def _lines(consents: Consents, project: Path | None, held: Mapping[str, Usage]) -> list[Line]:
    """About one project; or about all that were ever consented to, and the current folder."""
    latest = {receipt.root: receipt for receipt in consents.receipts()}
    if project is not None:
        return [_line(consents, os.path.realpath(project), latest, held)]
    roots = dict.fromkeys([*latest, *_here()])
    lines = [_line(consents, root, latest, held) for root in roots]
    known = {receipt.project for receipt in latest.values()}
    return [*lines, *(_stray(usage) for usage in held.values() if usage.project not in known)]


def _here() -> list[str]:
    try:
        return [str(Path.cwd())]
    except OSError:  # somebody removed it
        return []


def _line(
    consents: Consents, root: str, latest: Mapping[str, Receipt], held: Mapping[str, Usage]
) -> Line:
    live = consents.live(Path(root))
    off = isinstance(live, Refusal)
    return Line(
        root=root,
        name=Path(root).name,
        state="off" if off else "on",
        reason=live.reason if isinstance(live, Refusal) else "",
        advice=live.advice if isinstance(live, Refusal) else "",
        receipt=latest.get(root) if isinstance(live, Refusal) else live,
        held=held.get(consents.project(Path(root))),
    )


def _stray(held: Usage) -> Line:
    """Rows of a project whose receipt is gone."""
    advice = "its receipt is gone; `zeta-lsp capture forget --all` deletes these rows too"
    return Line("", held.project_name, "off", "receipt_gone", advice, None, held)


def _held(folder: Path) -> tuple[dict[str, Usage], str]:
    """What is held by project, and what is wrong with the store, if anything is."""
    if not folder.is_dir():
        return {}, ""
    from capture.store import Reading

    try:
        with Reading(folder) as reading:
            found = {usage.project: usage for usage in reading.usage()}
            return found, "; ".join(map(str, reading.problems))
    except ZetaError as fault:
        return {}, str(fault)


def _tell(line: Line) -> None:
    say_styled((line.root or f"project {line.name}", "bold"))
    receipt = line.receipt
    if line.state == "on" and receipt is not None:
        private = ", private" if receipt.private else ""
        say_styled(
            ("  on       ", "green"),
            (f"{receipt.level}{private}; since {_day(receipt.granted_at)}, ", ""),
            (f"until {_day(receipt.expires_at)}", ""),
        )
    else:
        say_styled(("  off      ", "yellow"), (line.advice, ""))
    if receipt is not None:
        say_styled(("  licence  ", "dim"), (_licence(receipt.licence), ""))
    say_styled(("  held     ", "dim"), (_amount(line.held), ""))
    say("")


def _tell_store(folder: Path, held: Mapping[str, Usage], problem: str) -> None:
    total = sum(each.bytes for each in held.values())
    say_styled(("store: ", "dim"), (str(folder), ""), (f", {_size(total)}", "dim"))
    if problem:
        say_styled(("store: ", "dim"), (problem, "red"))


def _document(line: Line) -> dict[str, Any]:
    receipt = line.receipt
    consent = receipt and {
        "id": receipt.id,
        "level": receipt.level,
        "private": receipt.private,
        "licence": receipt.licence,
        "granted_at": _iso(receipt.granted_at),
        "expires_at": _iso(receipt.expires_at),
        "revoked_at": _iso(receipt.revoked_at) if receipt.revoked_at is not None else None,
    }
    held = line.held and {
        "rows": line.held.rows,
        "bytes": line.held.bytes,
        "oldest": _iso(line.held.oldest),
        "newest": _iso(line.held.newest),
    }
    fields = ("root", "name", "state", "reason", "advice")
    said = {name: _text(getattr(line, name)) for name in fields}
    return said | {"consent": consent, "held": held}


def _text(text: str) -> str:
    """On Linux a name may be any bytes; JSON is text."""
    return text.encode("utf-8", "replace").decode()


def _licence(licence: Licence | None) -> str:
    return f"{licence.spdx} ({licence.evidence})" if licence else "none that is recognised"


def _amount(held: Usage | None) -> str:
    if held is None or not held.rows:
        return "nothing"
    times = f"{_day(held.oldest)} to {_day(held.newest)}"
    return f"{held.rows:,} rows, {_size(held.bytes)}, {times}"


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:,.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


def _day(time_s: float) -> str:
    return datetime.fromtimestamp(time_s).astimezone().strftime("%Y-%m-%d")


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="seconds")
