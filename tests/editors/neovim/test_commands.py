"""`:Zeta` and its subcommands, and what `:checkhealth zeta` says."""

from collections.abc import Callable

import pytest

from tests.editors.driver import until
from tests.editors.drivers.neovim import Editor
from tests.editors.neovim.conftest import Open
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line
from tests.editors.stage import Stage

pytestmark = pytest.mark.editor


def health(editor: Editor) -> str:
    """What `:checkhealth zeta` writes."""
    editor.nvim.command("silent checkhealth zeta")
    text = "\n".join(editor.nvim.current.buffer[:])
    editor.nvim.command("silent! close | silent! tabclose")
    return text


def test_explain_lists_what_became_of_predictions(editor: Editor, opened: Open) -> None:
    path = opened(BEFORE, RULE, name="explained.py")
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    editor.accept()
    until(lambda: line(editor) == f"    {TYPED}{REST}", "the accepted text")
    told = editor.told("explain")
    assert "explained.py" in told
    assert "accepted" in told
    assert editor.path() == path, "q goes back"


def test_status_says_model_recording_and_why_nothing_is_shown(
    editor: Editor, stage: Stage, opened: Open
) -> None:
    opened("nothing = 1\n", name="secret.pem")
    editor.ask()
    until(lambda: "excluded" in editor.messages(), "the reason is told at once")
    told = editor.told("status")
    assert "zeta-2.1" in told
    assert "recorded: no" in told
    assert "nothing is shown: " in told
    assert "excluded" in told


def test_pause_stops_predictions_and_shows_in_the_status_line(editor: Editor, opened: Open) -> None:
    opened(BEFORE, RULE)
    editor.keys(":Zeta pause<CR>")
    until(lambda: "paused" in editor.statusline(), "the sign")
    editor.keys(":Zeta pause<CR>")
    until(lambda: "paused" not in editor.statusline(), "no such sign")


def test_the_status_line_names_model_and_latency(editor: Editor, opened: Open) -> None:
    opened(BEFORE, RULE)
    editor.place(GHOST_ROW, GHOST_COL)
    editor.type(TYPED)
    editor.wait(lambda: editor.ghost() == REST, "the ghost text")
    until(lambda: " ms" in editor.statusline(), "the latency")
    assert "zeta-2.1" in editor.statusline()


def test_subcommands_are_completed(editor: Editor) -> None:
    complete = editor.nvim.funcs.getcompletion
    assert complete("Zeta ca", "cmdline") == ["capture"]
    assert complete("Zeta capture ", "cmdline") == ["off", "on"]
    assert "explain" in complete("Zeta ", "cmdline")


def test_a_subcommand_that_does_not_exist_is_an_error(editor: Editor, opened: Open) -> None:
    opened("a = 1\n")
    editor.keys(":Zeta nonsense<CR>")
    until(lambda: "There is no :Zeta nonsense." in editor.messages(), "the error")


def test_health_of_a_working_set_up(start: Callable[..., Editor], stage: Stage) -> None:
    """With the embedded model, since the stage's knows no list of models, and so no doctor."""
    argv = ", ".join(f"'{word}'" for word in stage.command)
    nowhere = f"{{ ZETA_LSP_CONFIG = '{stage.folder / 'none.toml'}' }}"
    editor = start(
        settings=f"vim.lsp.config('zeta', {{ cmd = {{ {argv} }}, cmd_env = {nowhere} }})"
    )
    editor.open(stage.file("healthy.py", BEFORE))
    told = health(editor)
    assert "ERROR" not in told
    assert "zeta-lsp 0." in told
    assert "client zeta: " in told
    assert "accept       <Tab> in Insert mode" in told
    assert "the embedded model answers" in told


def test_health_says_what_to_do_when_the_server_is_missing(
    start: Callable[..., Editor], stage: Stage
) -> None:
    editor = start(settings="vim.lsp.config('zeta', { cmd = { 'no-such-zeta-lsp' } })")
    told = health(editor)
    assert "ERROR 'no-such-zeta-lsp' is not on the path" in told
    assert "pipx install zeta-lsp" in told


def test_health_names_options_that_do_not_exist(start: Callable[..., Editor]) -> None:
    wrong = "{ gost = 'own', keys = { accept = 1 } }"
    editor = start(settings=f"vim.schedule(function() require('zeta').setup({wrong}) end)")
    until(lambda: "there is no option gost" in editor.messages(), "the error")
    told = health(editor)
    assert "there is no option gost" in told
    assert "keys.accept is a key, false, or a table of them by mode" in told


def test_a_long_message_never_waits_for_a_key(editor: Editor, opened: Open) -> None:
    opened("a = 1\n")
    text = "word " * 60 + "\nend"
    editor.lua("require('zeta.notice').say(...)", text)
    assert editor.mode() == "n"
    assert not editor.nvim.api.get_mode()["blocking"]
    assert "word word" in editor.screen()
    assert "end" in editor.messages()
