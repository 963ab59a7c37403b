"""What `zeta-lsp doctor` finds out, one check at a time."""

import enum
from collections.abc import Sequence

import msgspec


class Status(enum.StrEnum):
    """How a check came out. Only a failure makes predictions impossible."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True):
    """One check: what was found, and what to change if that is not good."""

    name: str
    status: Status
    detail: str
    advice: str = ""


class Latency(msgspec.Struct, frozen=True):
    """How long the endpoint takes, in milliseconds, over `requests` requests.

    `p50_ms` is the median time until a prediction can be shown.
    """

    p50_ms: float
    max_ms: float
    budget_ms: int
    requests: int


class Report(msgspec.Struct, frozen=True):
    """All that was found, as ``--json`` prints it."""

    ok: bool
    summary: str
    kind: str
    url: str
    model: str
    format: str
    checks: tuple[Check, ...]
    latency_ms: Latency | None = None


def failed(checks: Sequence[Check]) -> list[Check]:
    """The checks that make predictions impossible."""
    return [check for check in checks if check.status is Status.FAIL]
