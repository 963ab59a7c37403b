"""Carrying out a plan: everything in it or nothing, and on record before it begins."""

from collections.abc import Callable, Sequence

from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.change import Command, Plan
from zeta_lsp.setup.receipts import Receipts
from zeta_lsp.setup.undo import Undoing, folders_made
from zeta_lsp.setup.writing import check, missing_folders, remove_empty, take_back, write

Execute = Callable[[Sequence[str]], None]
"""Runs a program that changes something. Raises ZetaError if it fails."""


def carry_out(editor: str, plan: Plan, receipts: Receipts, execute: Execute) -> None:
    """Do what a plan says.

    Raises:
        ZetaError: it cannot be done; what was begun is taken back. Likewise after Ctrl-C.
    """
    for change in plan.changes:
        check(change)
    folders = [each for change in plan.changes for each in missing_folders(change.target)]
    receipt = receipts.add(editor, plan.changes, plan.commands)
    done: list[Command] = []
    try:
        for change in plan.changes:
            write(change)
        for command in plan.commands:
            execute(command.argv)
            done.append(command)
    except BaseException:
        take_back(plan.changes)
        remove_empty(folders)
        for command in reversed(done):
            execute(command.undo)
        receipts.drop(receipt)
        raise


def carry_back(undoing: Undoing, receipts: Receipts, execute: Execute) -> None:
    """Undo a receipt, and forget it unless something of it has to be undone by hand.

    Raises:
        ZetaError: it cannot be done; the receipt stays, and trying again goes on from there.
    """
    for change in undoing.changes:
        check(change)
    for change in undoing.changes:
        write(change)
    for command in reversed(undoing.receipt.commands):
        execute(command.undo)
    remove_empty(folders_made(undoing.receipt))
    if undoing.stuck:
        receipts.leave(undoing.receipt, [stuck.written for stuck in undoing.stuck])
    else:
        receipts.drop(undoing.receipt)


def execute_program(argv: Sequence[str]) -> None:
    """Run a program to its end, quietly.

    Raises:
        ZetaError: it failed; the message has its last line.
    """
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - an editor that the person chose
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise ZetaError(f"{argv[0]} cannot be run: {fault}") from None
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        raise ZetaError(f"`{' '.join(argv)}` failed: {lines[-1] if lines else done.returncode}")
