"""`zeta-lsp doctor`: can predictions be had from the endpoint, and what to change if not.

From the outside in: settings, address, key, connection, models, format, three self-tests, latency.
A failed check ends the examination where the later ones could only repeat it. What talks to
endpoints is handed in (`Doors`), because commands know no other room.
"""

import argparse
import asyncio
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Protocol

import msgspec
from msgspec.structs import replace

from zeta_lsp.cli.advice import fault_advice
from zeta_lsp.cli.checks import Check, Latency, Report, Status, failed
from zeta_lsp.cli.configured import endpoint_check, key_check, settings_check
from zeta_lsp.cli.overrides import overrides
from zeta_lsp.cli.reach import reach
from zeta_lsp.cli.screen import Row, console_for, say, show_rows
from zeta_lsp.cli.selftest import SELF_TESTS, attempt
from zeta_lsp.cli.served import Served, format_check, listing_check, model_check
from zeta_lsp.cli.sources import Sources, gather
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelError, UsageError, ZetaError
from zeta_lsp.core.ports import Predictor
from zeta_lsp.core.settings import endpoint_of

BUDGET_MS = 300
_LOADING_MS = 30_000  # a first request may have to wait until the model is loaded
_TIMED_REQUESTS = 5
_TIMED_MS = 5000.0
_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


class Doors(Protocol):
    """What talks to endpoints."""

    async def identify(self, endpoint: Endpoint) -> Served:
        """What an endpoint is and has. Raises ModelError and UsageError."""

    def predictor_for(self, endpoint: Endpoint) -> Predictor:
        """What answers predictions for an endpoint. Raises UsageError."""

    def url_of(self, endpoint: Endpoint) -> str:
        """The endpoint's address, also where the settings leave it to the kind."""


def run_doctor(options: argparse.Namespace, variables: Mapping[str, str], doors: Doors) -> int:
    """Run the command.

    Raises:
        ZetaError: no predictions can be had, after the report has said why.
    """
    sources = gather(variables, overrides(options))
    console = console_for(sys.stderr)
    with console.status("looking at the settings") as progress:
        if options.json or not console.is_terminal:
            progress.stop()
        examination = Examination(sources, variables, doors, progress.update)
        report = asyncio.run(examination.report())
    if options.json:
        say(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _show(report)
    if not report.ok:
        raise ZetaError(report.summary)
    return 0


class Examination:
    """One look at one endpoint. `endpoint` becomes complete as more is found out about it."""

    def __init__(
        self,
        sources: Sources,
        variables: Mapping[str, str],
        doors: Doors,
        progress: Callable[[str], None],
    ) -> None:
        self._sources = sources
        self._resolved = sources.resolved()
        self._variables = variables
        self._doors = doors
        self._progress = progress
        self._latency: Latency | None = None
        self.endpoint = endpoint_of(self._resolved.settings.active_endpoint)

    async def report(self) -> Report:
        """Everything that can be found out."""
        checks: list[Check] = []
        for part in (self._configured, self._outside, self._inside):
            async for check in part():
                checks.append(check)
                if check.status is Status.FAIL and not check.name.startswith("self-test"):
                    break
            if failed(checks):
                break
        return self._reported(tuple(checks))

    async def _configured(self) -> AsyncIterator[Check]:
        problems = self._resolved.problems
        yield settings_check(self._sources, problems)
        url = self._doors.url_of(self.endpoint)
        yield endpoint_check(self.endpoint, url, self._sources, problems)
        if self.endpoint.kind != "repeat":
            yield key_check(self.endpoint, url, self._variables)

    async def _outside(self) -> AsyncIterator[Check]:
        """Is there a way to it, what does it have, and which of that is meant."""
        if self.endpoint.kind == "repeat":
            return
        self._progress("connecting to the endpoint")
        if not self.endpoint.proxy:
            for check in await reach(self._doors.url_of(self.endpoint)):
                yield check
        try:
            served = await self._doors.identify(self.endpoint)
        except (UsageError, ModelError) as fault:
            yield self._failed("models", fault)
            return
        yield listing_check(served, self.endpoint)
        check, self.endpoint = model_check(served, self.endpoint)
        yield check
        check, self.endpoint = format_check(self.endpoint)
        yield check

    async def _inside(self) -> AsyncIterator[Check]:
        """Does it predict, and how fast."""
        patient = replace(self.endpoint, timeout_ms=max(self.endpoint.timeout_ms, _LOADING_MS))
        try:
            predictor = self._doors.predictor_for(patient)
        except UsageError as fault:
            yield self._failed("request", fault)
            return
        try:
            async for check in self._asked(predictor):
                yield check
        except ModelError as fault:
            yield self._failed("request", fault)
        finally:
            await predictor.aclose()

    async def _asked(self, predictor: Predictor) -> AsyncIterator[Check]:
        for test in SELF_TESTS:
            self._progress(f"self-test: {test.name}")
            yield (await attempt(test, predictor)).check
        self._progress("measuring the latency")
        times_ms = await _times_ms(predictor)
        if not times_ms:
            detail = "cannot be measured without readable answers"
            yield Check("latency", Status.WARN, detail, "see the self-tests")
            return
        self._latency = Latency(
            p50_ms=round(statistics.median(times_ms), 1),
            max_ms=round(max(times_ms), 1),
            budget_ms=BUDGET_MS,
            requests=len(times_ms),
        )
        yield speed_check(self._latency, self.endpoint.timeout_ms)

    def _failed(self, name: str, fault: UsageError | ModelError) -> Check:
        advice = "correct the endpoint"
        if isinstance(fault, ModelError):
            advice = fault_advice(fault, self.endpoint)
        return Check(name, Status.FAIL, str(fault), advice)

    def _reported(self, checks: tuple[Check, ...]) -> Report:
        faults = failed(checks)
        return Report(
            ok=not faults,
            summary=self._summary(faults),
            kind=self.endpoint.kind,
            url=self.endpoint.url.partition("?")[0],
            model=self.endpoint.model,
            format=self.endpoint.format,
            checks=checks,
            latency_ms=self._latency,
        )

    def _summary(self, faults: list[Check]) -> str:
        if faults:
            names = ", ".join(dict.fromkeys(check.name for check in faults))
            return f"not usable yet: {names}"
        if self.endpoint.kind == "repeat":
            return "ready: the embedded model answers, nothing leaves this machine"
        speed = f", {self._latency.p50_ms:.0f} ms to a prediction" if self._latency else ""
        return f"ready: {self.endpoint.model or 'the endpoint'} as {self.endpoint.format}{speed}"


async def _times_ms(predictor: Predictor) -> list[float]:
    """Times to a prediction, now that the connection stands and the model is loaded."""
    times_ms: list[float] = []
    while len(times_ms) < _TIMED_REQUESTS and sum(times_ms) < _TIMED_MS:
        trial = await attempt(SELF_TESTS[0], predictor)
        if trial.shown_ms is None:
            break
        times_ms.append(trial.shown_ms)
    return times_ms


def speed_check(latency: Latency, timeout_ms: int) -> Check:
    """Whether predictions come soon enough to be of use."""
    detail = f"{latency.p50_ms:.0f} ms to a prediction (median of {latency.requests})"
    if latency.p50_ms <= BUDGET_MS:
        return Check("latency", Status.OK, f"{detail}, within {BUDGET_MS} ms")
    advice = "use a GPU, a smaller or quantised model, or a server that is nearer"
    if latency.p50_ms >= timeout_ms:
        detail = f"{detail}, but predictions are given up after timeout_ms = {timeout_ms}"
        return Check("latency", Status.FAIL, detail, advice)
    return Check("latency", Status.WARN, f"{detail}, over {BUDGET_MS} ms", advice)


def _show(report: Report) -> None:
    rows: list[Row] = []
    for check in report.checks:
        style = _STYLES[check.status]
        rows.append([(check.status.value, style), (check.name, "bold"), (check.detail, "")])
        if check.advice:
            rows.append([("", ""), ("", ""), (f"→ {check.advice}", style)])
    show_rows(rows, sys.stdout)
    if report.ok:
        say(report.summary)
