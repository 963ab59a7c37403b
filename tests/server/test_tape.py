"""What a session hands to its recorder: everything of consented projects, in order, and no more."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.fakes import Desk, FakeRecorder, rewriting, silent
from zeta_lsp.core.documents import Document
from zeta_lsp.core.excerpt import cut_excerpt
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.recording import (
    Answered,
    Asked,
    Closed,
    Doubted,
    Edited,
    Happened,
    Level,
    Opened,
    Recordable,
    Remarked,
)
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.params import DidClose, TextDocumentId

ROOT = "/project"
TEXT = "x = 1\ny = \nz = 3\n"


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def recorded_desk(text: str = TEXT, **more: object) -> tuple[Desk, FakeRecorder]:
    """A desk whose project was consented to before the session began."""
    desk = Desk(text, **more)  # type: ignore[arg-type]  # the desk's own keywords
    desk.consents.grant(Path(ROOT), Level.SNAPSHOTS)
    desk.session.capture.look(desk.session.sync.files.values)
    return desk, desk.recorders[-1]


def kinds(events: list[Recordable]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_without_consent_there_is_no_recorder() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [silent]
        desk.type(1, 4, "2")
        await desk.next_edit(1, 5)
        assert desk.recorders == []
        assert (await desk.ask_status())["capture"] == {"on": False}

    run(scenario)


def test_a_prediction_is_recorded_from_the_text_it_saw_to_its_ending() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.predictor.answers = [rewriting(("z = 3", "z = 4"))]
        desk.type(1, 4, "2")
        reply = await desk.next_edit(1, 5)
        desk.change(((2, 4), (2, 5), "4"))
        before, after = kinds(recorder.taken)[:4], kinds(recorder.taken)[4:]
        assert before == ["Opened", "Edited", "Asked", "Answered"]
        assert sorted(after) == ["Edited", "Happened", "Happened"]
        endings = [event for event in recorder.taken if isinstance(event, Happened)]
        assert [event.ending for event in endings] == [State.SHOWN, State.TYPED_THROUGH]
        assert {event.ident for event in endings} == {reply["id"]}

    run(scenario)


def test_a_prediction_that_is_not_shown_is_recorded_with_its_reason() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.predictor.answers = [silent]
        await desk.next_edit(1, 4)
        answered = next(event for event in recorder.taken if isinstance(event, Answered))
        assert (answered.reason, answered.model) == ("no_change", "scripted")

    run(scenario)


def test_an_excluded_file_is_not_recorded() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk(uri="file:///project/.env")
        desk.type(1, 4, "2")
        assert recorder.taken == []

    run(scenario)


def test_a_file_outside_the_project_is_not_recorded() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk(uri="file:///elsewhere/a.py")
        desk.type(1, 4, "2")
        assert recorder.taken == []

    run(scenario)


def test_a_text_in_doubt_is_recorded_again_only_once_it_is_whole() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.change(((90, 0), (90, 0), "?"))
        desk.change(((0, 0), (0, 0), "lost"))
        desk.whole("new\n")
        desk.type(0, 3, "!")
        assert kinds(recorder.taken) == ["Opened", "Doubted", "Opened", "Edited"]
        assert isinstance(recorder.taken[1], Doubted)
        assert isinstance(recorder.taken[2], Opened)
        assert recorder.taken[2].text == "new\n"

    run(scenario)


def test_closing_a_file_is_recorded_after_what_became_of_its_prediction() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.predictor.answers = [rewriting(("z = 3", "z = 4"))]
        await desk.next_edit(1, 4)
        desk.session.sync.did_close(DidClose(TextDocumentId(desk.uri)))
        assert isinstance(recorder.taken[-1], Closed)
        assert isinstance(recorder.taken[-2], Happened)
        assert recorder.taken[-2].ending is State.IGNORED

    run(scenario)


def test_a_rating_is_recorded() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.predictor.answers = [rewriting(("z = 3", "z = 4"))]
        reply = await desk.next_edit(1, 4)
        await desk.command("zeta.rate", reply["id"], "bad")
        remark = recorder.taken[-1]
        assert isinstance(remark, Remarked)
        assert (remark.ident, remark.remark) == (reply["id"], "rated bad")

    run(scenario)


EDITS = st.lists(
    st.tuples(
        st.integers(0, 400), st.integers(0, 30), st.sampled_from(["", "a", "é\n", "𝛼", "\r"])
    ),
    max_size=25,
)


@given(EDITS)
@settings(max_examples=60, deadline=None)
def test_the_text_rebuilt_from_a_recording_is_the_text_that_was_asked_about(
    edits: list[tuple[int, int, str]],
) -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.predictor.answers = [silent]
        for at, size, new in edits:
            text = desk.text()
            start, end = sorted((min(at, len(text)), min(at + size, len(text))))
            document = desk.session.sync.files[desk.uri].document
            rows = [place_of(document, offset) for offset in (start, end)]
            desk.change((rows[0], rows[1], new))
            await desk.next_edit(*rows[0], context={"triggerKind": 1})
        mirror = Document("", "", 0, "", Encoding.UTF16)
        for event in recorder.taken:
            if isinstance(event, Opened):
                mirror = Document(event.uri, "", event.version, event.text, Encoding.UTF16)
            elif isinstance(event, Edited):
                for edit in event.edits:
                    mirror.replay(edit.version, edit.splice)
            elif isinstance(event, Asked):
                cut = cut_excerpt(mirror.lines, event.row, event.col)
                assert event.given.cursor_excerpt == cut.text

    run(scenario)


def place_of(document: Document, offset: int) -> tuple[int, int]:
    """Row and UTF-16 column of an offset in code points, never inside a CRLF."""
    for row, line in enumerate(document.lines):
        if offset < len(line) or row == len(document.lines) - 1:
            body = line.rstrip("\r\n")
            place = document.position(row, min(offset, len(body)))
            return place.line, place.character
        offset -= len(line)
    raise AssertionError("a document has a line")


def test_a_project_that_is_consented_to_elsewhere_is_recorded_from_its_whole_text_on() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.type(1, 4, "2")
        desk.consents.grant(Path(ROOT), Level.SESSIONS)
        desk.session.capture.look(desk.session.sync.files.values)
        opened = desk.recorders[-1].taken
        assert kinds(opened) == ["Opened"]
        assert isinstance(opened[0], Opened)
        assert opened[0].text == desk.text()

    run(scenario)


def test_consent_taken_back_elsewhere_ends_the_recording() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.consents.revoke(Path(ROOT))
        desk.session.capture.look(desk.session.sync.files.values)
        desk.type(1, 4, "2")
        assert kinds(recorder.taken) == ["Opened"]
        await asyncio.to_thread(recorder.closed.wait, 5)

    run(scenario)


def test_capture_is_switched_on_by_the_persons_answer_and_by_nothing_else() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.session.predictions.focus(desk.uri)
        for answer, on in ((None, False), ("Do not record", False), ("Record", True)):
            desk.editor.choice = answer
            assert await desk.command("zeta.captureOn") is on
            desk.session.capture.look(desk.session.sync.files.values)
            assert (desk.session.tape.recorder is not None) is on
        assert desk.editor.asked == [f"Record {ROOT} (snapshots)?"] * 3

    run(scenario)


def test_an_editor_that_cannot_ask_is_told_the_command_line() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.session.predictions.focus(desk.uri)
        desk.editor.can_choose = False
        assert await desk.command("zeta.captureOn", {"level": "sessions"}) is False
        assert desk.editor.messages[-1].endswith(f"zeta-lsp capture on {ROOT} --level sessions")

    run(scenario)


def test_what_cannot_be_consented_to_is_not_asked() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.session.predictions.focus(desk.uri)
        desk.consents.refused = "no open licence was found"
        assert await desk.command("zeta.captureOn") is False
        assert desk.editor.asked == []
        assert "no open licence" in desk.editor.messages[-1]

    run(scenario)


def test_capture_off_is_obeyed_at_once() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.session.predictions.focus(desk.uri)
        assert await desk.command("zeta.captureOff") is True
        desk.type(1, 4, "2")
        assert "Edited" not in kinds(recorder.taken)
        assert desk.session.tape.recorder is None

    run(scenario)


def test_what_is_wrong_with_the_store_is_told_once() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        for trouble in ("", "the disk is full", "the disk is full", "", "the disk is full"):
            recorder.wrong = trouble
            desk.session.capture.look(desk.session.sync.files.values)
        assert desk.editor.messages == ["zeta-lsp capture: the disk is full"]

    run(scenario)


def test_settings_can_forbid_capture() -> None:
    async def scenario() -> None:
        desk, recorder = recorded_desk()
        desk.session.configure({"zeta": {"capture": {"enabled": False}}})
        desk.type(1, 4, "2")
        assert "Edited" not in kinds(recorder.taken)
        assert desk.session.tape.recorder is None

    run(scenario)
