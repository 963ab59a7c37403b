"""An edit that the model proposes in another file is offered as a jump, and waits there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from tests.server.fakes import Desk, silent
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, RelatedFile, Replacement
from zeta_lsp.core.surroundings import Surroundings
from zeta_lsp.server.elsewhere import KEPT_S
from zeta_lsp.server.params import DidOpen

CART = "total = vat(net, rate, country)\n"
TAX = "def vat(net, rate):\n    return net * rate\n"
OTHER = "file:///project/tax.py"
HERE = (0, len("total = vat(net, rate, country"))
ASKED = {"triggerKind": 1}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def in_tax(given: PromptInput) -> Sequence[Reply]:
    at = TAX.index("):")
    replaced = Replacement(at, at, ", country", (0, 0))
    return [Reply(Answer((replaced,)), None, Finish.STOP, "scripted")]


def in_both(given: PromptInput) -> Sequence[Reply]:
    at = CART.index("total")
    here = Replacement(at, at + 5, "sum")
    return [Reply(Answer((here, *in_tax(given)[0].answer.replacements)), None, Finish.STOP, "s")]


def desk_beside(text: str = TAX, answer: Callable[..., Sequence[Reply]] = in_tax) -> Desk:
    desk = Desk(CART)
    seen = RelatedFile("project/tax.py", 2, (RelatedExcerpt((0, 2), text),))
    desk.session.sync.files[desk.uri].surroundings = Surroundings(files=(seen,))
    desk.predictor.answers = [answer]
    return desk


def open_other(desk: Desk, text: str = TAX) -> None:
    item = {"uri": OTHER, "languageId": "python", "version": 3, "text": text}
    desk.session.did_open(msgspec.convert({"textDocument": item}, DidOpen))


async def ask_other(desk: Desk, **more: Any) -> dict[str, Any]:
    desk.uri, before = OTHER, desk.uri
    try:
        return await desk.next_edit(0, 0, context=ASKED, **more)
    finally:
        desk.uri = before


def endings(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.path, one.ending, one.reason) for one in desk.session.ledger.recent]


def test_the_next_edit_in_a_closed_file_is_a_jump_to_it() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        reply = await desk.next_edit(*HERE)
        assert (reply["edits"], reply["reason"], reply["model"]) == ([], None, "scripted")
        place = {"line": 0, "character": TAX.index("):")}
        document = {"uri": OTHER, "version": None}
        assert reply["jump"] == {"textDocument": document, "position": place}
        assert endings(desk) == [
            ("project/a.py", "not_shown", "elsewhere"),
            ("project/tax.py", "shown", ""),
        ]

    run(scenario)


def test_who_goes_there_finds_the_edit() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        await desk.next_edit(*HERE)
        open_other(desk)
        reply = await ask_other(desk)
        (edit,) = reply["edits"]
        assert (edit["newText"], edit["textDocument"]) == (
            ", country",
            {"uri": OTHER, "version": 3},
        )
        assert reply["jump"] is None
        assert len(desk.predictor.asked) == 1  # nobody was asked again
        assert ("project/tax.py", "accepted", "") in endings(desk)  # the jump was taken up

    run(scenario)


def test_a_file_that_reads_otherwise_by_now_is_asked_about_anew() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        await desk.next_edit(*HERE)
        open_other(desk, TAX.replace("net * rate", "net"))
        await ask_other(desk)
        assert len(desk.predictor.asked) == 2

    run(scenario)


def test_an_edit_that_was_never_offered_ends_without_a_word() -> None:
    async def scenario() -> None:
        desk = desk_beside(answer=in_both)
        await desk.next_edit(*HERE)
        open_other(desk, TAX.replace("net * rate", "net"))
        desk.predictor.answers = [silent]
        await ask_other(desk)
        told = [(ending, reason) for path, ending, reason in endings(desk) if "tax" in path]
        assert told == [("not_shown", "no_change")]

    run(scenario)


def test_asking_again_at_the_same_text_costs_no_question_and_leads_there_too() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        first = await desk.next_edit(*HERE)
        assert (await desk.next_edit(*HERE))["jump"] == first["jump"]
        assert len(desk.predictor.asked) == 1

    run(scenario)


def test_what_is_proposed_here_comes_first() -> None:
    async def scenario() -> None:
        desk = desk_beside(answer=in_both)
        reply = await desk.next_edit(*HERE)
        assert [edit["newText"] for edit in reply["edits"]] == ["sum"]
        assert reply["jump"] is None

    run(scenario)


def test_an_edit_that_nobody_went_to_ends() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        await desk.next_edit(*HERE)
        desk.now_s += KEPT_S + 1
        desk.session.elsewhere.expire()
        assert endings(desk)[-1] == ("project/tax.py", "ignored", "")
        open_other(desk)
        await ask_other(desk)
        assert len(desk.predictor.asked) == 2

    run(scenario)


def test_the_next_answer_replaces_what_the_last_one_proposed() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        first = await desk.next_edit(*HERE)
        desk.type(*HERE, "x")
        second = await desk.next_edit(0, HERE[1] + 1)
        assert first["id"] != second["id"]
        assert ("project/tax.py", "superseded", "") in endings(desk)

    run(scenario)


def test_an_answer_there_that_a_guard_refuses_leads_nowhere() -> None:
    def invisible(given: PromptInput) -> Sequence[Reply]:
        replaced = Replacement(4, 4, "\u202e", (0, 0))
        return [Reply(Answer((replaced,)), None, Finish.STOP, "scripted")]

    async def scenario() -> None:
        reply = await desk_beside(answer=invisible).next_edit(*HERE)
        assert (reply["jump"], reply["reason"]) == (None, "no_change")

    run(scenario)


def test_a_path_that_leaves_the_folder_leads_nowhere() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        seen = RelatedFile("project/../tax.py", 2, (RelatedExcerpt((0, 2), TAX),))
        desk.session.sync.files[desk.uri].surroundings = Surroundings(files=(seen,))
        assert (await desk.next_edit(*HERE))["jump"] is None

    run(scenario)


def test_the_jump_command_shows_the_other_file() -> None:
    async def scenario() -> None:
        desk = desk_beside()
        await desk.next_edit(*HERE)
        assert await desk.command("zeta.jump")
        ((uri, selection),) = desk.editor.visited
        assert (uri, selection["start"]["line"]) == (OTHER, 0)

    run(scenario)
