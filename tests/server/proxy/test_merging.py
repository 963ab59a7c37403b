"""One `initialize` reply out of two."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.text import Encoding
from zeta_lsp.server.capabilities import COMMANDS, initialize_result
from zeta_lsp.server.proxy.merging import merged, offered

OURS = initialize_result({}, Encoding.UTF16)
DOCUMENTS = {"textDocument/didOpen", "textDocument/didClose", "textDocument/didChange"}
SAVE = "textDocument/didSave"
ELSEWHERE = {"workspace/didChangeWorkspaceFolders", "workspace/didRenameFiles"}
INCREMENTAL = {"openClose": True, "change": 2, "save": {"includeText": False}}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "textDocumentSync",
        "executeCommandProvider",
        "workspace",
        "experimental",
        "completionProvider",
        "codeActionProvider",
        "positionEncoding",
        "inlineCompletionProvider",
        "hoverProvider",
    ]
)


def merge(**capabilities: Any) -> tuple[dict[str, Any], set[str]]:
    found = merged({"capabilities": capabilities}, OURS)
    return found.result["capabilities"], set(found.for_us_alone)


@pytest.mark.parametrize(
    ("theirs", "sync", "alone"),
    [
        (1, 1, set()),
        (2, 2, set()),
        (0, INCREMENTAL, DOCUMENTS | {SAVE}),
        (None, INCREMENTAL, DOCUMENTS | {SAVE}),
        ({}, INCREMENTAL, DOCUMENTS | {SAVE}),
        (
            {"openClose": True, "change": 1},
            {"openClose": True, "change": 1, "save": {"includeText": False}},
            {SAVE},
        ),
        (
            {"openClose": True, "change": 2, "save": True, "willSave": True},
            {"openClose": True, "change": 2, "save": True, "willSave": True},
            set(),
        ),
        (
            {"openClose": True, "save": {"includeText": True}},
            {"openClose": True, "change": 2, "save": {"includeText": True}},
            {"textDocument/didChange"},
        ),
    ],
)
def test_the_neighbours_kind_of_synchronisation_stays(
    theirs: Any, sync: Any, alone: set[str]
) -> None:
    capabilities, found = merge(textDocumentSync=theirs)
    assert capabilities["textDocumentSync"] == sync
    assert found - ELSEWHERE == alone


def test_commands_are_united() -> None:
    capabilities, _ = merge(
        executeCommandProvider={"commands": ["a", "zeta.accept"], "workDoneProgress": True}
    )
    commands = capabilities["executeCommandProvider"]["commands"]
    assert commands[:2] == ["a", "zeta.accept"]
    assert sorted(commands) == sorted({"a", *COMMANDS})
    assert capabilities["executeCommandProvider"]["workDoneProgress"] is True


def test_the_neighbours_own_filters_for_renames_stay() -> None:
    filters = {"filters": [{"pattern": {"glob": "**/*.rs"}}]}
    capabilities, alone = merge(workspace={"fileOperations": {"didRename": filters}})
    assert capabilities["workspace"]["fileOperations"] == {"didRename": filters}
    assert "workspace/didRenameFiles" not in alone
    assert "workspace/didChangeWorkspaceFolders" in alone


def test_our_stand_ins_for_ghost_text_are_left_out() -> None:
    capabilities, _ = merge(hoverProvider=True)
    assert "completionProvider" in initialize_result({}, Encoding.UTF16)["capabilities"]
    assert "completionProvider" not in capabilities
    assert "codeActionProvider" not in capabilities
    assert "positionEncoding" not in capabilities


@given(st.dictionaries(NAMES, VALUES))
def test_no_shape_of_capabilities_is_in_the_way_and_what_is_not_ours_stays(
    theirs: dict[str, Any],
) -> None:
    before = copy.deepcopy(theirs)
    result = merged({"capabilities": theirs, "serverInfo": {"name": "n"}}, OURS).result
    assert theirs == before
    assert result["serverInfo"] == {"name": "n"}
    for name in ("completionProvider", "codeActionProvider", "positionEncoding", "hoverProvider"):
        assert (name in result["capabilities"]) == (name in theirs)
        assert result["capabilities"].get(name) == theirs.get(name)
    list(offered(theirs))


@pytest.mark.parametrize(
    ("provider", "there"), [(True, True), ({}, True), (False, False), (None, False)]
)
def test_an_empty_object_is_a_promise(provider: Any, there: bool) -> None:
    assert (list(offered({"definitionProvider": provider})) != []) is there
