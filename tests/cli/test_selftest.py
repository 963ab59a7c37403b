import asyncio
from collections.abc import AsyncIterator

import pytest

from zeta_lsp.cli.advice import address_advice, fault_advice
from zeta_lsp.cli.checks import Latency, Status
from zeta_lsp.cli.doctor import speed_check
from zeta_lsp.cli.selftest import SELF_TESTS, SelfTest, attempt, judged, prompt_input
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import (
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    PromptTooLong,
    UnparsableAnswer,
)
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement

RENAME, COMPLETE, NOTHING = SELF_TESTS


class FakePredictor:
    """Rewrites the whole excerpt as it is told, or fails as it is told."""

    name = "fake"
    needs_current_file = False

    def __init__(self, after: str | Exception | None) -> None:
        self.after = after

    async def predict(self, given: PromptInput) -> AsyncIterator[Reply]:
        if isinstance(self.after, Exception):
            raise self.after
        if self.after is not None:
            whole = Replacement(0, len(given.cursor_excerpt.encode()), self.after)
            yield Reply(Answer(), None, Finish.UNKNOWN, "fake", partial=True)
            yield Reply(Answer((whole,)), None, Finish.STOP, "fake")

    async def aclose(self) -> None:
        """Nothing is open."""


def text_of(test: SelfTest) -> str:
    return prompt_input(test).cursor_excerpt


@pytest.mark.parametrize("test", SELF_TESTS, ids=lambda test: test.name)
def test_the_cursor_stands_where_it_is_marked(test: SelfTest) -> None:
    given = prompt_input(test)
    assert "‸" not in given.cursor_excerpt
    head = given.cursor_excerpt.encode()[: given.cursor_offset_in_excerpt].decode()
    assert test.before.startswith(head + "‸")


@pytest.mark.parametrize("test", SELF_TESTS, ids=lambda test: test.name)
def test_the_recent_edit_led_to_the_text(test: SelfTest) -> None:
    after = [line[1:] for line in test.diff.splitlines()[1:] if line[0] in " +"]
    assert "\n".join(after) in text_of(test)


@pytest.mark.parametrize(
    ("test", "after", "status"),
    [
        (RENAME, text_of(RENAME).replace("return length", "return width"), Status.OK),
        (RENAME, text_of(RENAME), Status.WARN),
        (RENAME, text_of(RENAME) + "print(area(4, 5))\n", Status.WARN),
        (RENAME, "", Status.WARN),
        (COMPLETE, text_of(COMPLETE).replace("self.y =", "self.y = y"), Status.OK),
        (COMPLETE, text_of(COMPLETE), Status.WARN),
        (NOTHING, text_of(NOTHING), Status.OK),
        (NOTHING, text_of(NOTHING).rstrip("\n"), Status.OK),
        (NOTHING, text_of(NOTHING).replace("2 *", "3 *"), Status.WARN),
    ],
)
def test_an_answer_is_judged_by_what_it_does_to_the_text(
    test: SelfTest, after: str, status: Status
) -> None:
    check = judged(test, after)
    assert check.status is status
    assert bool(check.advice) == (status is not Status.OK)
    trial = asyncio.run(attempt(test, FakePredictor(after)))
    assert trial.check == check
    assert trial.shown_ms is not None


@pytest.mark.parametrize(
    "fault", [UnparsableAnswer("no_end"), UnparsableAnswer("answer_cut_short"), PromptTooLong()]
)
def test_an_answer_that_cannot_be_read_is_a_failure(fault: Exception) -> None:
    check = asyncio.run(attempt(RENAME, FakePredictor(fault))).check
    assert check.status is Status.FAIL
    assert check.advice


def test_no_answer_at_all_is_a_failure() -> None:
    trial = asyncio.run(attempt(RENAME, FakePredictor(None)))
    assert trial.check.status is Status.FAIL
    assert trial.shown_ms is None


def test_faults_of_the_endpoint_are_left_to_the_caller() -> None:
    with pytest.raises(ModelTimeout):
        asyncio.run(attempt(RENAME, FakePredictor(ModelTimeout())))


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("http://h:1/v1/completions", ""),
        ("http://h:1", ""),
        ("http://h:1/v1/chat/completions", "/v1/completions"),
        ("http://h:11434/v1/completions", 'kind = "ollama"'),
        ("http://h:1/api/generate", 'kind = "ollama"'),
        ("http://h:1/completion", 'kind = "llamacpp"'),
        ("http://h:1/v1/embeddings", "/v1/completions"),
    ],
)
def test_a_wrong_address_is_recognised_by_its_looks(url: str, hint: str) -> None:
    advice = address_advice(Endpoint(kind="openai", url=url))
    assert hint in advice
    assert bool(advice) == bool(hint)


@pytest.mark.parametrize(
    "fault",
    [
        *(kind() for kind in ModelError.__subclasses__() if kind is not ModelRefused),
        *(ModelRefused(status) for status in (400, 401, 404, 413)),
        ModelBusy(429),
    ],
    ids=lambda fault: f"{type(fault).__name__} {fault}",
)
def test_every_fault_of_an_endpoint_has_an_advice_of_its_own(fault: ModelError) -> None:
    advice = fault_advice(fault, Endpoint(kind="openai", url="http://h/v1/completions"))
    assert advice != "look into the server's log"


@pytest.mark.parametrize(
    ("p50_ms", "status"),
    [(120.0, Status.OK), (300.0, Status.OK), (301.0, Status.WARN), (2500.0, Status.FAIL)],
)
def test_speed_is_judged_by_the_budget_and_the_timeout(p50_ms: float, status: Status) -> None:
    check = speed_check(Latency(p50_ms, p50_ms, 300, 5), timeout_ms=2000)
    assert check.status is status
    assert bool(check.advice) == (status is not Status.OK)
