"""copilot.el, as it is, with zeta-lsp behind it: request, show, accept, next edit, accept.

It is not among the packages that Debian has. Point $ZETA_COPILOT_EL to a checkout of
copilot-emacs/copilot.el; nothing of it is changed, and nothing of it is kept here.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from time import sleep as pause

import pytest

from tests.editors.driver import until
from tests.editors.drivers.emacs import Editor, readme
from tests.editors.emacs import parts
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, TYPED, ending, line
from tests.editors.stage import Stage

RULES = ("    check\n", f"    check{REST}\n"), ("net + tax\n", "net + tax + check\n")
GHOST = '(or (and (copilot--overlay-visible) (overlay-get copilot--overlay \'completion)) "")'
NEXT = '(or (plist-get copilot-nes--edit :text) "")'

pytestmark = pytest.mark.editor


def settings(stage: Stage) -> str:
    """What the README says, for a checkout and a server that are somewhere else."""
    checkout = os.environ.get("ZETA_COPILOT_EL")
    if not checkout:
        # Nobody can require what no registry has.
        pytest.skip("copilot.el is not here: set ZETA_COPILOT_EL to a checkout of it")
    program, *arguments = stage.command
    paths = "".join(
        f'(add-to-list \'load-path "{one}")\n' for one in (checkout, parts.package("compat"))
    )
    quoted = " ".join(f'"{one}"' for one in (*arguments, "--stdio"))
    started = f"(setq copilot-server-args '({quoted}) copilot-lsp-server-version nil)\n"
    lisp = readme("copilot.el instead").replace('(executable-find "zeta-lsp")', f'"{program}"')
    return paths + lisp + started


def shown(emacs: Editor) -> bool:
    """Whether its ghost text is there; asked for again if not, as it asks after keys alone."""
    if emacs.emacs.eval(GHOST) != REST:
        emacs.emacs.press("\x1bxcopilot-complete\r")
        pause(0.5)
    return bool(emacs.emacs.eval(GHOST) == REST)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as made:
        yield made


def test_copilot_el_shows_and_accepts_what_zeta_lsp_predicts(stage: Stage) -> None:
    with Editor(stage, settings=settings(stage), alone=True) as emacs:
        path = stage.file("copilot.py", BEFORE)
        emacs.emacs.press(f"\x18\x06\x01\x0b{path}\r")
        until(lambda: emacs.emacs.eval("(if (copilot--connection-alivep) t :false)"), "a server")
        emacs.place(GHOST_ROW, GHOST_COL)
        stage.answers(RULES[0])
        emacs.type(TYPED)
        until(lambda: shown(emacs), "its ghost text")
        emacs.accept()
        until(lambda: line(emacs) == f"    {TYPED}{REST}", "the accepted text")
        ending(stage, path, "accepted")
        stage.answers(RULES[1])
        emacs.type("\n    y = 1")
        until(lambda: "net + tax + check" in emacs.emacs.eval(NEXT), "its next edit")
        emacs.accept()
        until(lambda: "return net + tax + check\n" in emacs.text(), "the accepted edit")
        assert emacs.text().count("+ check") == 1
