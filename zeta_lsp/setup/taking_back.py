"""Undoing with a person: shows what becomes of each file, asks, and does it, newest first."""

from collections.abc import Callable, Sequence

from zeta_lsp.setup.carrying import Execute, carry_back
from zeta_lsp.setup.person import Person
from zeta_lsp.setup.receipts import Receipt, Receipts
from zeta_lsp.setup.undo import Undoing, newest_first, undoing


def take_back_all(
    names: Sequence[str],
    receipts: Receipts,
    execute: Execute,
    person: Person,
    agrees: Callable[[str], bool],
) -> bool:
    """Undo what was set up for these editors, or for all; whether nothing is left by hand."""
    known = newest_first(receipts.all(), names)
    for name in [each for each in names if each not in {r.editor for r in known}]:
        person.say(f"Nothing is on record for {name}.")
    if not known and not names:
        person.say("Nothing is on record.")
    undone = [_take_back(each, receipts, execute, person, agrees) for each in known]
    return all(undone)


def _take_back(
    receipt: Receipt,
    receipts: Receipts,
    execute: Execute,
    person: Person,
    agrees: Callable[[str], bool],
) -> bool:
    step = undoing(receipt, receipts)
    person.say(f"\n{receipt.editor}", "bold")
    _show(step, person)
    if agrees("Undo this?"):
        carry_back(step, receipts, execute)
        person.say("Done." if not step.stuck else "Done, but for what is said above.", "green")
    return not step.stuck


def _show(step: Undoing, person: Person) -> None:
    for change in step.changes:
        person.show_diff(change)
    for command in reversed(step.receipt.commands):
        person.say(f"run: {' '.join(command.undo)}", "cyan")
    for stuck in step.stuck:
        person.say(stuck.advice, "yellow")
    if not (step.changes or step.receipt.commands or step.stuck):
        person.say("Everything is as it was before.")
