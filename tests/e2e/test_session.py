"""A whole session of a real server: the handshake, what each kind of client gets, the workspace."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import converters, types

from tests.asynchronous import asynchronous
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json

INLINE = "textDocument/inlineCompletion"
NEXT = "textDocument/copilotInlineEdit"
GHOST_TEXT: Json = {"textDocument": {"inlineCompletion": {}}}
ROWS = "".join(f"row {number}\n" for number in range(24))
COMMANDS = """zeta.accept zeta.acceptWord zeta.acceptLine zeta.reject zeta.nextEdit zeta.jump
    zeta.explain zeta.pause zeta.rate zeta.captureOn zeta.captureOff"""


@asynchronous
async def test_initialize_answers_in_the_protocols_own_types(tmp_path: Path) -> None:
    async with editor(tmp_path) as ed:
        result = await ed.initialize(capabilities=GHOST_TEXT)
        typed = converters.get_converter().structure(result, types.InitializeResult)
        assert typed.server_info is not None
        assert typed.server_info.name == "zeta-lsp"
        capabilities = result["capabilities"]
        assert capabilities["textDocumentSync"]["change"] == types.TextDocumentSyncKind.Incremental
        assert capabilities["executeCommandProvider"]["commands"] == COMMANDS.split()
        # An empty object reads as "absent" in one client.
        assert capabilities["inlineCompletionProvider"] == {"workDoneProgress": False}
        assert await ed.client.shut_down() == 0


@pytest.mark.parametrize(
    ("client", "capabilities", "stands_in"),
    [
        ("Helix", {}, True),
        ("Neovim", GHOST_TEXT, False),
        ("emacs", {}, False),  # lsp-mode shows ghost text and does not say so
    ],
)
@asynchronous
async def test_completion_stands_in_where_a_client_shows_no_ghost_text(
    client: str, capabilities: Json, stands_in: bool, tmp_path: Path
) -> None:
    async with (
        Model(rewriting(("y = \n", "y = x + 1\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        name = {"clientInfo": {"name": client}, "capabilities": capabilities}
        result = await ed.initialize(**name)
        assert ("completionProvider" in result["capabilities"]) is stands_in
        uri = ed.open("a.py", "x = 1\ny = \n")
        (item,) = (await ed.ask("textDocument/completion", uri, "y = "))["items"]
        ed.apply(uri, [item["textEdit"]])
        assert ed.texts[uri] == "x = 1\ny = x + 1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@asynchronous
async def test_columns_are_counted_as_agreed_and_line_ends_stay(
    encoding: str, tmp_path: Path
) -> None:
    text = 's = "𝔘é𝔘"; t = s\r\n\r\nprint("𝔘", s)\r\n' + "\r\n" * 3 + "# row\r\n"
    async with (
        Model(rewriting(('"𝔘", s', '"𝔘", s, t'), ("# row\n", "# row 𝔘\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        general = {"general": {"positionEncodings": [encoding]}}
        await ed.initialize(capabilities=general, clientInfo={"name": "zeta-lsp test"})
        assert ed.encoding == encoding
        uri = ed.open("a.py", text)
        ed.type(uri, "é𝔘", "𝔘é")  # behind astral characters, in units of the client
        ed.apply(uri, (await ed.next_edit(uri, '("𝔘"'))["edits"])
        inline = await ed.ask(INLINE, uri, "# row")
        ed.apply(uri, inline["items"])
        after = text.replace("é𝔘", "é𝔘𝔘é").replace('𝔘", s', '𝔘", s, t')
        assert ed.texts[uri] == after.replace("# row\r\n", "# row 𝔘\r\n", 1)
        assert "é𝔘𝔘é" in model.asked[0]
        assert "\r" not in model.asked[0]


@asynchronous
async def test_a_client_that_sends_whole_texts_is_followed_key_by_key(tmp_path: Path) -> None:
    async with (
        Model(rewriting(("y = \n", "y = x + 1\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", "x = 1\n", version=1)
        for typed in ("y", "y ", "y =", "y = "):
            ed.send_whole(uri, f"x = 1\n{typed}\n")
        ed.versions[uri] += 7  # versions may jump
        ed.send_whole(uri, "x = 1\n\ny = \n", rangeLength=None)
        (edit,) = (await ed.ask(NEXT, uri, "y = "))["edits"]
        assert edit["textDocument"] == {"uri": uri, "version": 13}
        ed.apply(uri, [edit])
        assert ed.texts[uri] == "x = 1\n\ny = x + 1\n"
        assert "+y = " in model.asked[0]


@asynchronous
async def test_next_edits_are_whole_lines_several_only_where_the_client_sends_a_context(
    tmp_path: Path,
) -> None:
    pairs = (("row 2\n", "row two\n"), ("row 12\n", "row twelve\n"), ("row 20\n", "row 20\nx\n"))
    async with Model(rewriting(*pairs)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        assert await ed.next_edit(uri, "row 1")  # the answer has arrived in whole
        (first,) = (await ed.ask(NEXT, uri, "row 1"))["edits"]
        assert first["text"] == "row two\n"
        assert first["command"]["command"] == "zeta.accept"
        edits = (await ed.ask(NEXT, uri, "row 1", context={"triggerKind": 2}))["edits"]
        assert [edit["text"] for edit in edits] == ["row two\n", "row twelve\n", "x\n"]
        ed.apply(uri, edits)
        assert ed.texts[uri] == rows_with(*pairs)
        model.behave = rewriting()
        assert await ed.ask(NEXT, uri, "row 1") == {"edits": []}
        assert await ed.client.request(NEXT, unopened()) == {"edits": []}
        assert await ed.client.request(INLINE, unopened()) is None


@asynchronous
async def test_ghost_text_continues_the_selected_entry_of_the_menu_or_stays_away(
    tmp_path: Path,
) -> None:
    async with (
        Model(rewriting(("value = pri\n", "value = price * 2\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        await ed.initialize(capabilities=GHOST_TEXT)
        uri = ed.open("a.py", "value = pri\n")
        word = ed.range(uri, 8, 11)
        chosen = {"range": word, "text": "price"}
        (item,) = (await selecting(ed, uri, chosen))["items"]
        assert (item["insertText"], item["range"]) == ("price * 2", word)
        assert await selecting(ed, uri, {"range": word, "text": "print"}) is None
        assert await selecting(ed, uri, {"range": word, "text": "price * 2"}) is None
        past_the_end = {"start": word["start"], "end": {"line": 9, "character": 0}}
        assert await selecting(ed, uri, {"range": past_the_end, "text": "price"}) is None


@asynchronous
async def test_clients_made_for_copilot_find_all_they_look_for(tmp_path: Path) -> None:
    async with (
        Model(rewriting(("row 2\n", "row two\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        info = {"name": "Emacs", "version": "30.1"}
        await ed.initialize(initializationOptions={"editorInfo": info, "editorPluginInfo": info})
        client = ed.client
        client.notify("workspace/didChangeConfiguration", {"settings": {"github": {}}})
        assert (await client.request("checkStatus", {}))["status"] == "OK"
        assert (await client.request("signIn", {}))["status"] == "AlreadySignedIn"
        assert await client.request("setEditorInfo", {"editorInfo": info}) == "OK"
        uri = ed.open("a.py", ROWS)
        for focus in ({"textDocument": {"uri": uri}}, {"uri": uri}, {}):
            client.notify("textDocument/didFocus", focus)
        (edit,) = (await ed.ask(NEXT, uri, "row 1"))["edits"]
        command = edit["command"]
        shown = {"item": {"command": {"arguments": command["arguments"]}}}
        client.notify("textDocument/didShowInlineEdit", shown)
        ed.apply(uri, [edit])
        client.notify("workspace/executeCommand", command)  # copilot.el expects no answer
        assert ("accepted", "") in await ed.reasons()
        assert not [one for one in client.notifications if "settings" in str(one)]
        assert not client.strays


@asynchronous
async def test_prompts_name_files_by_the_folder_they_are_in_as_folders_come_and_go(
    tmp_path: Path,
) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        result = await ed.initialize()
        assert result["capabilities"]["workspace"]["workspaceFolders"]["supported"]
        other = tmp_path / "other"
        uri = ed.open((other / "b.py").as_uri(), ROWS)
        ed.type(uri, "row 3", "!")
        await ed.next_edit(uri, "row 1")
        assert "<filename>b.py\n" in model.asked[-1]
        folder = {"uri": other.as_uri(), "name": "other"}
        change_folders(ed, added=[folder], removed=[])
        ed.type(uri, "row 3!", "!")
        await ed.next_edit(uri, "row 1")
        assert "<filename>other/b.py\n" in model.asked[-1]
        change_folders(ed, added=["nonsense"], removed=[folder])
        ed.type(uri, "row 3!!", "!")
        await ed.next_edit(uri, "row 1")
        assert "<filename>b.py\n" in model.asked[-1]
        assert "other/" not in model.asked[-1]


@asynchronous
async def test_a_renamed_file_is_told_by_both_names(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        old = ed.open("old.py", ROWS)
        ed.type(old, "row 3", "!")
        ed.close(old)
        new = (ed.root / "new.py").as_uri()
        files = {"files": [{"oldUri": old, "newUri": new}]}
        ed.client.notify("workspace/didRenameFiles", files)
        ed.open("new.py", ed.texts[old])
        ed.type(new, "row 5", "!")
        await ed.next_edit(new, "row 1")
        assert "--- a/project/old.py" in model.asked[-1]
        assert "+++ b/project/new.py" in model.asked[-1]


def rows_with(*pairs: tuple[str, str]) -> str:
    text = ROWS
    for old, new in pairs:
        text = text.replace(old, new, 1)
    return text


async def selecting(ed: Editor, uri: str, entry: Json) -> Any:
    context = {"triggerKind": 2, "selectedCompletionInfo": entry}
    return await ed.ask(INLINE, uri, "value = pri", context=context)


def change_folders(ed: Editor, **event: Any) -> None:
    ed.client.notify("workspace/didChangeWorkspaceFolders", {"event": event})


def unopened() -> Json:
    document = {"uri": "file:///nowhere.py", "version": 0}
    return {"textDocument": document, "position": {"line": 0, "character": 0}}
