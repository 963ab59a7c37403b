"""What is tried again, and how long the pause before it is."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from zeta_lsp.core.errors import (
    ModelBadReply,
    ModelBusy,
    ModelError,
    ModelKeyMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from zeta_lsp.models.retry import PAUSE_S_MAX, pause_s, retry_after_s

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (ModelUnreachable(), True),
        (ModelBusy(429), True),
        (ModelBusy(503), True),
        (ModelRefused(502), True),
        (ModelRefused(504), True),
        (ModelRefused(500), False),
        (ModelRefused(400), False),
        (ModelRefused(401), False),
        (ModelTimeout(), False),
        (ModelBadReply(), False),
        (ModelPaused(), False),
        (ModelKeyMissing(), False),
    ],
    ids=lambda value: f"{value!r}",
)
def test_only_what_a_second_try_can_mend_is_tried_again(fault: ModelError, again: bool) -> None:
    assert (pause_s(fault, 0, 10.0, 0.5) is not None) is again
    assert pause_s(fault, 1, 10.0, 0.5) is None


def test_the_pause_is_random_between_nothing_and_its_limit() -> None:
    assert pause_s(ModelUnreachable(), 0, 10.0, 0.0) == 0.0
    assert pause_s(ModelUnreachable(), 0, 10.0, 0.5) == PAUSE_S_MAX / 2


def test_the_pause_that_the_endpoint_asks_for_counts_if_there_is_time_for_it() -> None:
    assert pause_s(ModelBusy(503, retry_after_s=1.0), 0, 1.5, 0.9) == 1.0
    assert pause_s(ModelBusy(503, retry_after_s=2.0), 0, 1.5, 0.9) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("12", 12.0),
        ("86400", 60.0),
        ("9" * 400, 60.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        (format_datetime(NOW.replace(second=20), usegmt=True), 20.0),
        (format_datetime(NOW.replace(year=2020), usegmt=True), 0.0),
        (format_datetime(NOW.replace(year=2030), usegmt=True), 60.0),
        ("Mon, 99 Foo 9999 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW.timestamp()) == seconds
