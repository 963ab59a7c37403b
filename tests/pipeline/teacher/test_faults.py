"""What goes wrong is told apart: what passes, what fails one question, what fails all."""

import email.utils
import time

import pytest

from pipeline.teacher.faults import fault_of, is_hopeless, passes, retry_after_s, word_for
from zeta_lsp.core.errors import (
    ModelBadReply,
    ModelBusy,
    ModelKeyMissing,
    ModelTimeout,
    ModelUnreachable,
)


@pytest.mark.parametrize(
    ("status", "may_pass", "hopeless"),
    [
        (400, False, False), (401, False, True), (402, False, True), (403, False, True),
        (404, False, True), (408, True, False), (413, False, False), (422, False, False),
        (429, True, False), (500, True, False), (503, True, False), (529, True, False),
    ],
)  # fmt: skip
def test_a_status_says_what_to_do(status: int, may_pass: bool, hopeless: bool) -> None:
    fault = fault_of(status, {})
    assert (passes(fault), is_hopeless(fault)) == (may_pass, hopeless)
    assert str(status) in word_for(fault)


def test_what_happens_on_the_way_passes() -> None:
    faults = (ModelTimeout(), ModelUnreachable(), ModelBadReply(), ModelBusy(503))
    assert all(map(passes, faults))
    assert not passes(ModelKeyMissing())
    assert is_hopeless(ModelKeyMissing())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None), ({"retry-after": "7"}, 7.0), ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25), ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, 0.0), ({"retry-after": "1e9"}, 3600.0),
        ({"retry-after": "nan"}, None),
    ],
)  # fmt: skip
def test_a_wish_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_a_wish_may_be_a_date() -> None:
    date = email.utils.formatdate(time.time() + 100, usegmt=True)
    wish = retry_after_s({"retry-after": date})
    assert wish is not None
    assert 50 < wish <= 100
