"""Requests that wait: for a pause in typing, for the model, for the answer to be delivered."""

import asyncio

from tests.asynchronous import asynchronous
from tests.server.fakes import Desk, rewriting, silent

TEXT = "def area(w, h):\n    return w * h\n\n\n\n\n\nprint(area(1, 2))\n"
FOR_EVER_MS = 60_000
SOON_MS = 20


async def waiting_desk(debounce_ms: int) -> Desk:
    """A desk whose next request has to wait, because there was one just before."""
    desk = Desk(TEXT, {"predict": {"debounce_ms": debounce_ms, "throttle_ms": debounce_ms}})
    desk.predictor.answers = [silent, rewriting(("return w", "return width"))]
    await desk.next_edit(0, 0)
    desk.type(0, 9, "i")
    return desk


@asynchronous
async def test_a_request_that_waits_is_not_sent_once_predictions_are_paused() -> None:
    desk = await waiting_desk(SOON_MS)
    asking = asyncio.ensure_future(desk.next_edit(0, 10))
    await asyncio.sleep(0)
    await desk.command("zeta.pause")
    assert (await asking)["reason"] == "paused"
    assert len(desk.predictor.asked) == 1


@asynchronous
async def test_a_request_that_waits_is_answered_when_the_settings_change() -> None:
    desk = await waiting_desk(FOR_EVER_MS)
    asking = asyncio.ensure_future(desk.next_edit(0, 10))
    await asyncio.sleep(0)
    configure = desk.routes["workspace/didChangeConfiguration"].handle
    configure({"settings": {"zeta": {"predict": {"max_in_flight": 1}}}})
    assert (await asking)["reason"] == "settings_changed"
    assert len(desk.predictor.asked) == 1


@asynchronous
async def test_a_person_who_asks_at_the_same_place_sends_the_request_that_waits() -> None:
    desk = await waiting_desk(FOR_EVER_MS)
    asking = asyncio.ensure_future(desk.next_edit(0, 10))
    await asyncio.sleep(0)
    assert (await desk.next_edit(0, 10, context={"triggerKind": 1}))["edits"]
    assert (await asking)["edits"]
    assert len(desk.predictor.asked) == 2


@asynchronous
async def test_a_model_that_says_nothing_at_all_is_no_reason_to_wait() -> None:
    desk = Desk(TEXT)
    desk.predictor.answers = [lambda given: []]
    assert (await desk.next_edit(0, 0))["reason"] == "no_change"


@asynchronous
async def test_what_is_typed_before_the_answer_is_delivered_counts() -> None:
    desk = Desk(TEXT)
    desk.predictor.answers = [rewriting(("return w", "return width"))]
    asking = asyncio.ensure_future(desk.next_edit(0, 9))
    file = desk.session.sync.files[desk.uri]
    while file.suggestion is None:  # noqa: ASYNC110 - one turn of the loop at a time
        await asyncio.sleep(0)
    assert not asking.done()
    desk.change(((1, 11), (1, 12), "7"))
    assert (await asking)["reason"] == "contradicted"


@asynchronous
async def test_a_second_place_is_offered_after_the_first_was_accepted_and_rejected_alone() -> None:
    desk = Desk(TEXT)
    desk.predictor.answers = [rewriting(("return w", "return width"), ("area(1", "area(w=1"))]
    await desk.next_edit(0, 9)
    desk.change(((1, 11), (1, 12), "width"))  # pasted: an acceptance, not typing
    assert (await desk.next_edit(1, 12))["edits"][0]["newText"] == "w="
    assert await desk.command("zeta.reject")
    assert desk.endings()[-1] == ("accepted", "")
    assert len(desk.predictor.asked) == 1
