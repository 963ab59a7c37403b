"""`zeta-lsp setup`: the conversation.

Editors first, then the endpoint, then `doctor`. With a person at the terminal every change is shown
and asked about. Without one, or with ``--dry-run``, changes are shown and nothing is written;
``--yes`` writes without asking. Exit status: 0; 1 if something asked for could not be done or no
prediction can be had; 2 after wrong use.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.arguments import parse
from zeta_lsp.setup.asking import Identify, ask_endpoint, listens_here
from zeta_lsp.setup.carrying import Execute, carry_out
from zeta_lsp.setup.change import Plan, Refused
from zeta_lsp.setup.endpoint import Choice, change_to, chosen, current
from zeta_lsp.setup.jobs import ALL, ENDPOINT, Job, check_names, jobs
from zeta_lsp.setup.person import Person
from zeta_lsp.setup.receipts import Receipts
from zeta_lsp.setup.report import print_report
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.taking_back import take_back_all

NOTHING_WRITTEN = "Nothing was written."


class Doors(msgspec.Struct, frozen=True):
    """What setup needs of the rest of the program.

    `doctor` prints its verdict and says whether predictions can be had; `identify` asks an endpoint
    what it is; `execute` runs a program that changes something.
    """

    config_file: Path
    receipts: Receipts
    identify: Identify
    doctor: Callable[[], bool]
    execute: Execute


def run_setup(
    arguments: Sequence[str], here: Surroundings, doors: Doors, person: Person | None = None
) -> int:
    """Run the command.

    Raises:
        UsageError: wrong use.
        ZetaError: something could not be done; what was begun has been taken back.
    """
    options = parse(arguments)
    check_names(options.editors)
    conversation = _Conversation(options, here, doors, person or Person())
    if options.json:
        return print_report(
            options, here, doors.receipts, doors.execute, _endpoint_plan(options, doors)
        )
    return conversation.undo() if options.undo else conversation.set_up()


class _Conversation:
    """One run with a person, or with nobody there."""

    def __init__(
        self, options: argparse.Namespace, here: Surroundings, doors: Doors, person: Person
    ) -> None:
        self._options = options
        self._here = here
        self._doors = doors
        self._person = person
        self._asks = person.can_answer and not options.dry_run and not options.yes
        self._failed = False
        self._wrote = False

    def set_up(self) -> int:
        chosen_jobs = self._chosen_jobs()
        for job in chosen_jobs:
            self._set_up(job)
        self._endpoint(bool(chosen_jobs))
        if self._options.dry_run or not (self._asks or self._options.yes):
            self._person.say(f"{NOTHING_WRITTEN} To write it: the same with --yes.")
            return 0
        if self._wrote or ENDPOINT in self._options.editors:
            self._person.say("\nzeta-lsp doctor", "bold")
            self._failed |= not self._doors.doctor()
        return int(self._failed)

    def undo(self) -> int:
        names = [each for each in self._options.editors if each != ALL]
        agrees = self._agrees if self._asks or self._options.yes else lambda _: False
        done = take_back_all(names, self._doors.receipts, self._doors.execute, self._person, agrees)
        if not (self._asks or self._options.yes):
            self._person.say(f"{NOTHING_WRITTEN} To do it: the same with --yes.")
        return 0 if done else 1

    def _chosen_jobs(self) -> list[Job]:
        names = self._options.editors
        if names and set(names) == {ENDPOINT}:
            return []
        if not names and self._endpoint_given() is not None:
            return []
        found = jobs(self._here, names)
        if names:
            return found
        self._list(found)
        return self._picked(found) if found and self._asks else []

    def _list(self, found: list[Job]) -> None:
        if not found:
            self._person.say("No editor was found, on $PATH or where they usually lie.")
            return
        self._person.say("Editors on this machine:", "bold")
        width = max(len(f"{job.found.title} {job.found.version}") for job in found)
        for number, job in enumerate(found, 1):
            title = f"{job.found.title} {job.found.version}".ljust(width)
            state = job.plan.refusal or ("set up already" if job.plan.is_done else "")
            row = f"  {number:2}  {title}  {job.found.name:12}  {job.found.program}  {state}"
            self._person.say(row.rstrip(), "" if job.state == "ready" else "dim")
        if not self._asks:
            self._person.say("To see what would change: zeta-lsp setup NAME")

    def _picked(self, found: list[Job]) -> list[Job]:
        while True:
            answer = self._person.ask("Which ones? Numbers or names, `all` [Enter: none]:")
            words = answer.replace(",", " ").lower().split()
            if words == [ALL]:
                return found
            known = {key: job for n, job in enumerate(found, 1) for key in (str(n), job.found.name)}
            if all(word in known for word in words):
                return [known[word] for word in dict.fromkeys(words)]
            self._person.say("Please name some of the list.", "yellow")

    def _set_up(self, job: Job) -> None:
        title = f"{job.found.title} {job.found.version}".strip()
        self._person.say(f"\n{title}", "bold")
        if job.plan.is_done:
            self._person.say("It is set up already.")
            return
        self._person.show_plan(job.plan)
        if job.plan.refusal:
            self._failed |= ALL not in self._options.editors
        else:
            self._carry_out(job.found.name, job.plan)

    def _endpoint(self, has_editors: bool) -> None:
        choice = self._endpoint_given()
        if choice is None and self._asks and (has_editors or ENDPOINT in self._options.editors):
            known = current(self._doors.config_file)
            if known is None or ENDPOINT in self._options.editors:
                choice = ask_endpoint(self._person, self._doors.identify, listens_here)
        if choice is None:
            return
        change = change_to(self._doors.config_file, choice)
        if change.before == change.after:
            self._person.say("\nThe endpoint is set already.")
            return
        self._person.say("\nEndpoint", "bold")
        plan = Plan((change,))
        self._person.show_plan(plan)
        self._carry_out(ENDPOINT, plan)

    def _endpoint_given(self) -> Choice | None:
        return chosen(vars(self._options))

    def _carry_out(self, name: str, plan: Plan) -> None:
        if not (self._asks or self._options.yes) or not self._agrees("Write this?"):
            return
        try:
            carry_out(name, plan, self._doors.receipts, self._doors.execute)
        except Refused as fault:
            self._person.say(str(fault), "yellow")
            self._failed = True
            return
        self._wrote = True
        self._person.say(f"Done. `zeta-lsp setup {name} --undo` takes it back.", "green")

    def _agrees(self, question: str) -> bool:
        return self._options.yes or self._person.agrees(question)


def _endpoint_plan(options: argparse.Namespace, doors: Doors) -> Plan | None:
    choice = chosen(vars(options))
    if choice is None:
        return None
    try:
        return Plan((change_to(doors.config_file, choice),)).without_idle()
    except ZetaError as fault:
        return Plan(refusal=str(fault))
