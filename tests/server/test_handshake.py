"""`initialize`, whatever a client says in it."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.server.fakes import Desk, Json, silent

NAMES = [
    "capabilities",
    "general",
    "positionEncodings",
    "textDocument",
    "inlineCompletion",
    "workspace",
    "workspaceFolders",
    "rootUri",
    "rootPath",
    "uri",
    "name",
    "clientInfo",
    "initializationOptions",
    "zeta",
    "predict",
    "mode",
    "endpoint",
    "disabled_globs",
    "processId",
]
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["utf-8", "utf-16", "file:///project", "file:///%00", "\ud800", "\0", "off"])
)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8))
def test_any_parameters_are_answered_and_the_session_starts(params: Json) -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\n")
        desk.predictor.answers = [silent]
        result = desk.session.initialize(params)
        assert result["capabilities"]["positionEncoding"] in ("utf-8", "utf-16", "utf-32")
        desk.session.start()
        assert await desk.next_edit(0, 0) is not None
        await desk.session.aclose()

    asyncio.run(scenario())


@given(ANYTHING)
def test_any_configuration_leaves_a_session_that_answers(settings: Any) -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\n")
        desk.predictor.answers = [silent]
        desk.routes["workspace/didChangeConfiguration"].handle({"settings": settings})
        assert await desk.next_edit(0, 0) is not None
        await desk.session.aclose()

    asyncio.run(scenario())
