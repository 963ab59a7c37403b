"""The journal says of which other files a prediction saw something, and by which door."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.server.fakes import Desk, rewriting, silent
from zeta_lsp.core.journal import MAX_CONTEXT, JournalEntry, context_of, decode, encode
from zeta_lsp.core.related import Place, Receipt
from zeta_lsp.server.around import REST_S

TEXT = "import shop\n\ntotal = price\n"
ENDPOINT = {"endpoint": {"kind": "openai", "url": "http://127.0.0.1:1/v1/completions"}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


async def desk_at_rest() -> Desk:
    desk = Desk(TEXT, ENDPOINT)
    desk.places["price"] = (Place("/project/shop.py", 3, 4, 3, 9),)
    desk.type(2, 13, " ")
    while desk.session.around.is_busy:  # noqa: ASYNC110 - that nothing comes is no event
        await asyncio.sleep(REST_S / 20)
    return desk


def test_predictions_and_silences_say_what_the_model_saw() -> None:
    async def scenario() -> None:
        desk = await desk_at_rest()
        desk.predictor.answers = [silent, rewriting(("price", "prices"))]
        await desk.next_edit(2, 13)
        await desk.next_edit(2, 14, context={"triggerKind": 1})
        entries = list(desk.session.ledger.recent)
        assert [entry.ending for entry in entries] == ["not_shown", "shown"]
        assert {entry.context for entry in entries} == {("index /project/shop.py:1-1 rank 1",)}
        (latest, *_) = await desk.command("zeta.explain")
        assert list(latest["context"]) == ["index /project/shop.py:1-1 rank 1"]

    run(scenario)


def test_what_was_never_asked_saw_nothing() -> None:
    async def scenario() -> None:
        desk = await desk_at_rest()
        await desk.command("zeta.pause", True)
        await desk.next_edit(2, 13)
        assert [entry.context for entry in desk.session.ledger.recent] == [()]

    run(scenario)


def test_rows_count_from_one_and_only_the_first_excerpts_are_named() -> None:
    receipts = [Receipt(f"project/f{n}.py", (3, 9), "bridge", n, 0.5) for n in range(30)]
    named = context_of(receipts)
    assert len(named) == MAX_CONTEXT
    assert named[1] == "bridge project/f1.py:4-9 rank 1"


def test_an_entry_is_written_and_read_with_its_context() -> None:
    entry = JournalEntry("p1", 1.0, "a.py", "shown", context=("git a\udcff.py:1-2 rank 0",) * 20)
    read = decode(encode(entry))
    assert read is not None
    assert read.context == ("git a\ufffd.py:1-2 rank 0",) * MAX_CONTEXT
    assert decode(b'{"id":"p1","time_s":1.0,"path":"a.py","ending":"shown"}') is not None
