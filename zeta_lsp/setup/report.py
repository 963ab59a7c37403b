"""What ``--json`` prints: the same plans, for programs.

    {"editors": [{"name", "title", "program", "version", "state", "changes": [{"path", "target",
      "diff"}], "commands": [[...]], "undo_commands", "notes", "refusal", "snippet", "written"}],
     "endpoint": null or {"state", "changes", ..., "written"}}

`state` is ``set up``, ``ready`` or ``by hand``, as it was before anything was written.
"""

import argparse
import sys
from typing import Any

import msgspec

from zeta_lsp.setup.carrying import Execute, carry_out
from zeta_lsp.setup.change import Change, Plan
from zeta_lsp.setup.jobs import ALL, ENDPOINT, jobs
from zeta_lsp.setup.receipts import Receipts
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.undo import newest_first, undoing


def print_report(
    options: argparse.Namespace,
    here: Surroundings,
    receipts: Receipts,
    execute: Execute,
    endpoint: Plan | None,
) -> int:
    """Print what would be done, having done it if that was wanted; the exit status."""
    document: dict[str, Any]
    if options.undo:
        document = {"undone": _undone(options, receipts, execute)}
        left = [each for each in document["undone"] if each["by_hand"]]
    else:
        names = [] if set(options.editors) == {ENDPOINT} else jobs(here, options.editors)
        document = {
            "editors": [_editor(job, options, receipts, execute) for job in names],
            "endpoint": endpoint and _done(ENDPOINT, endpoint, options, receipts, execute),
        }
        left = [
            each
            for each in (*document["editors"], endpoint and document["endpoint"])
            if each and each["refusal"] and options.editors and ALL not in options.editors
        ]
    encoded = msgspec.json.format(msgspec.json.encode(document), indent=2)
    sys.stdout.write(encoded.decode() + "\n")
    return int(bool(left))


def _editor(job: Any, options: Any, receipts: Receipts, execute: Execute) -> dict[str, Any]:
    found = job.found
    about = {
        "name": found.name,
        "title": found.title,
        "program": found.program,
        "version": found.version,
        "state": job.state,
    }
    return about | _done(found.name, job.plan, options, receipts, execute)


def _done(
    name: str, plan: Plan, options: argparse.Namespace, receipts: Receipts, execute: Execute
) -> dict[str, Any]:
    writes = options.yes and not plan.is_done and not plan.refusal
    if writes:
        carry_out(name, plan, receipts, execute)
    return {
        "changes": [_change(change) for change in plan.changes],
        "commands": [list(command.argv) for command in plan.commands],
        "notes": list(plan.notes),
        "refusal": plan.refusal,
        "snippet": plan.snippet,
        "written": writes,
    }


def _change(change: Change) -> dict[str, str]:
    return {"path": str(change.path), "target": str(change.target), "diff": change.diff()}


def _undone(
    options: argparse.Namespace, receipts: Receipts, execute: Execute
) -> list[dict[str, Any]]:
    from zeta_lsp.setup.carrying import carry_back

    names = [each for each in options.editors if each != ALL]
    undone = []
    for receipt in newest_first(receipts.all(), names):
        step = undoing(receipt, receipts)
        if options.yes:
            carry_back(step, receipts, execute)
        undone.append(
            {
                "name": receipt.editor,
                "changes": [_change(change) for change in step.changes],
                "commands": [list(command.undo) for command in receipt.commands],
                "by_hand": [stuck.advice for stuck in step.stuck],
                "written": options.yes,
            }
        )
    return undone
