"""From start to end: crashes, reloads, questions, and buffers that are left alone."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line
from tests.editors.stage import Stage
from tests.editors.vim.conftest import Open

pytestmark = pytest.mark.editor

JOB = "filter(job_info(), {_, j -> job_info(j).cmd[0] =~ 'zeta-lsp'})"


def proposed(vim: Editor) -> None:
    """Ghost text in the file that is open."""
    vim.stage.answers(RULE)
    vim.place(GHOST_ROW, GHOST_COL)
    vim.type(TYPED)
    until(lambda: vim.ghost() == REST, "the ghost text")


def test_a_server_that_dies_is_started_again_and_knows_the_text(
    start: Callable[..., Editor], stage: Stage
) -> None:
    vim = start()
    vim.open(stage.file("crash.py", BEFORE))
    vim.place(0, 0)
    vim.type("# more\n")
    os.kill(vim.evaluate(f"job_info({JOB}[-1]).process"), signal.SIGKILL)
    until(lambda: "failed" in vim.statusline(), "the state in the status line")
    until(lambda: vim.evaluate("zeta#IsFollowed()"), "a new server")
    vim.undo()
    proposed(vim)
    vim.accept()
    until(lambda: line(vim) == f"    {TYPED}{REST}", "the accepted text")


def test_a_program_that_is_not_there_is_named_and_tried_again_on_demand(
    start: Callable[..., Editor], stage: Stage
) -> None:
    vim = start(settings="let g:zeta_command = ['no-such-program']")
    vim.command(f"edit {stage.file('missing.py', BEFORE)}")
    assert "zeta failed" in vim.statusline()
    assert "no-such-program is not on $PATH" in vim.reason()
    vim.evaluate("execute('let g:zeta_command = [''zeta-lsp'']')")
    vim.command("Zeta restart")
    until(lambda: vim.evaluate("zeta#IsFollowed()"), "the server")


def test_a_text_that_is_read_again_is_known(vim: Editor, opened: Open) -> None:
    path = opened("nothing\n")
    path.write_text(BEFORE)
    vim.command("edit!")
    proposed(vim)


def test_a_buffer_with_another_name_is_followed_under_it(vim: Editor, opened: Open) -> None:
    path = opened("one = 1\n")
    other = path.with_name("other_name.py")
    vim.command(f"saveas {other}")
    uri = vim.evaluate("execute('echo zeta#documents#Uri(bufnr())')")
    assert str(uri).strip() == other.as_uri()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("one\rtwo\n", "control character"), ("zero\0\n", "control character")],
    ids=["a carriage return inside a line", "a NUL"],
)
def test_a_text_that_cannot_be_said_is_left_alone(
    vim: Editor, stage: Stage, text: str, reason: str
) -> None:
    vim.command(f"hide edit {stage.file('odd.txt', text)}")
    assert not vim.evaluate("zeta#IsFollowed()")
    assert reason in vim.reason()
    vim.command("%s/[[:cntrl:]]//g")
    vim.command("write")
    until(lambda: vim.evaluate("zeta#IsFollowed()"), "followed once it is mended")


def test_a_buffer_can_be_left_out(vim: Editor, stage: Stage) -> None:
    vim.command("autocmd FileType conf let b:zeta_enabled = 0")
    vim.command(f"hide edit {stage.file('left.conf', 'x = 1')}")
    assert not vim.evaluate("zeta#IsFollowed()")
    assert "switched off" in vim.reason()


def test_a_question_waits_until_nobody_types_and_takes_no_letters_for_an_answer(
    vim: Editor, stage: Stage, opened: Open
) -> None:
    opened(BEFORE)
    vim.place(GHOST_ROW, GHOST_COL)
    vim.press("C-o")
    vim.terminal.write(":Zeta capture on\n")
    vim.type("yes")
    vim.rest(0.5)
    assert not vim.terminal.has("zeta-lsp asks")
    vim.press("Escape")
    until(lambda: vim.terminal.has("zeta-lsp asks"), "the question")
    vim.press("y", "Enter", "Escape")
    until(lambda: not vim.terminal.has("zeta-lsp asks"), "no question")
    assert not vim.recording()
    assert line(vim) == "    yes"


def test_explain_lists_what_happened_with_reasons(vim: Editor, opened: Open) -> None:
    opened(BEFORE, RULE)
    proposed(vim)
    vim.command("Zeta explain")
    until(lambda: vim.evaluate("expand('%:t')") == "zeta-explain", "the list")
    assert ".py: " in vim.text()
    vim.command("quit")


def test_pause_stops_and_resumes(vim: Editor, stage: Stage, opened: Open) -> None:
    opened(BEFORE, RULE)
    vim.command("Zeta pause")
    until(lambda: "paused" in vim.statusline(), "the pause in the status line")
    vim.place(GHOST_ROW, GHOST_COL)
    vim.type(TYPED)
    vim.rest(0.5)
    assert vim.ghost() == ""
    vim.command("Zeta pause")
    until(lambda: "paused" not in vim.statusline(), "no pause any more")
    vim.ask()
    until(lambda: vim.ghost() or vim.diff(), "a prediction")


def test_a_macro_is_followed_but_asks_nothing(vim: Editor, stage: Stage, opened: Open) -> None:
    opened("a\n" * 50)
    vim.evaluate("setreg('q', 'Ab')")
    asked = stage.asked
    vim.press("Escape")
    vim.command("normal 40@q")
    assert line(vim, 0).startswith("ab")
    vim.rest(0.3)
    assert stage.asked <= asked + 2
