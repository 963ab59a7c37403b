"""Beside the packages that people have: popups, snippets, Eglot and lsp-mode with a real server."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.editors.driver import until
from tests.editors.drivers.emacs import Editor, adapted, readme
from tests.editors.emacs import parts
from tests.editors.scenes import BEFORE, GHOST_COL, GHOST_ROW, REST, RULE, TYPED, line, proposed
from tests.editors.stage import Stage

STOCK = "class Basket:\n    def put(self, name):\n        self.name = name\n"
SHOP = "import stock\n\n\ndef make():\n    return stock.Basket()\n"
MAIN = "import shop\n\nfilled = shop.make()\nprint(filled)\n"
COMPANY = """
(require 'company)
(defun test-names (command &optional arg &rest _)
  (pcase command
    ('prefix (company-grab-symbol))
    ('candidates (list (concat arg "out")))))
(setq company-idle-delay nil company-backends '(test-names))
(global-company-mode)
(global-set-key (kbd "C-c k") #'company-manual-begin)
"""
YASNIPPET = """
(require 'yasnippet)
(yas-global-mode)
(global-set-key (kbd "C-c y")
                (lambda () (interactive) (yas-expand-snippet "fn(${1:a}, ${2:b})")))
"""
EGLOT = """
(require 'eglot)
(add-to-list 'eglot-server-programs '(python-mode . ("{jedi}")))
(add-hook 'python-mode-hook #'eglot-ensure)
"""
LSP = """
(require 'lsp-mode)
(dolist (one '(lsp-lens lsp-modeline lsp-headerline lsp-semantic-tokens lsp-completion
               lsp-diagnostics lsp-inline-completion))
  (require one))
(setq lsp-auto-guess-root t lsp-warn-no-matched-clients nil lsp-enable-file-watchers nil
      lsp-headerline-breadcrumb-enable nil lsp-restart 'ignore lsp-session-file "{session}")
(add-hook 'python-mode-hook #'lsp)
"""
JEDI = """
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection '("{jedi}"))
                  :activation-fn (lsp-activate-on "python")
                  :server-id 'jedi))
"""
DIAGNOSTICS = """
(let (said)
  (zeta-bridge--diagnostics (list :textDocument (zeta-sync-identifier))
                            (lambda (reply) (setq said reply)))
  said)
"""

pytestmark = pytest.mark.editor


def paths(*names: str) -> str:
    """Lisp that makes fetched packages known."""
    return "".join(f'(add-to-list \'load-path "{parts.package(name)}")\n' for name in names)


def jedi() -> str:
    """The language server that runs beside ours."""
    program = Path(sys.executable).with_name("jedi-language-server")
    if not program.exists():
        pytest.skip("jedi-language-server is not here: pip install jedi-language-server")
    return str(program)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as made:
        yield made


@contextmanager
def editor(stage: Stage, settings: str) -> Iterator[Editor]:
    with Editor(stage, settings=settings) as made:
        try:
            yield made
        except BaseException:
            print(made.messages())
            raise


def test_a_company_popup_keeps_its_keys_while_ghost_text_is_shown(stage: Stage) -> None:
    with editor(stage, paths("company") + COMPANY) as emacs:
        proposed(emacs, stage, "popup.py")
        emacs.emacs.press("\x03k")
        until(lambda: emacs.emacs.eval("(if company-candidates t :false)"), "the popup")
        assert emacs.ghost() == REST
        emacs.accept()
        until(lambda: line(emacs) == f"    {TYPED}out", "what the popup had")


def test_ghost_text_is_taken_once_the_popup_is_gone(stage: Stage) -> None:
    with editor(stage, paths("company") + COMPANY) as emacs:
        proposed(emacs, stage, "popup.py")
        emacs.emacs.press("\x03k")
        until(lambda: emacs.emacs.eval("(if company-candidates t :false)"), "the popup")
        emacs.emacs.press("\x1b\x1b\x1b")  # C-g would stop our own looking, too
        until(lambda: emacs.emacs.eval("(if company-candidates :false t)"), "no popup")
        assert emacs.ghost() == REST  # the key was the popup's
        emacs.accept()
        until(lambda: line(emacs) == f"    {TYPED}{REST}", "the accepted text")


def test_a_snippet_keeps_tab_while_ghost_text_is_shown(stage: Stage) -> None:
    with editor(stage, paths("yasnippet") + YASNIPPET) as emacs:
        stage.answers(("fn(check, b)", "fn(check + 1, b)"))
        emacs.open(stage.file("snippet.py", BEFORE))
        emacs.place(GHOST_ROW, GHOST_COL)
        emacs.emacs.press("\x03y")
        until(lambda: line(emacs) == "    fn(a, b)", "the snippet")
        emacs.type("check")
        until(lambda: emacs.ghost() == " + 1", "ghost text in its first field")
        emacs.accept()
        until(lambda: emacs.cursor() == (GHOST_ROW, len("    fn(check, ")), "the second field")
        assert line(emacs) == "    fn(check, b)"


def test_tab_indents_where_nothing_is_shown(stage: Stage) -> None:
    with editor(stage, "") as emacs:
        emacs.open(stage.file("tab.py", "if x:\npass\n"))
        emacs.place(1, 0)
        emacs.accept()
        until(lambda: line(emacs, 1) == "    pass", "an indented line")


def test_eglots_server_answers_for_what_names_mean(stage: Stage) -> None:
    with editor(stage, EGLOT.format(jedi=jedi())) as emacs:
        _open_basket(emacs, stage, "(if (eglot-current-server) t :false)")
        emacs.type("x = (\n\n")  # jedi tells of what is no Python
        until(lambda: _told(emacs), "a diagnostic from Flymake")
        found = _told(emacs)[0]
        assert found["severity"] == 1
        assert found["range"]["start"]["line"] >= 4


def test_lsp_modes_server_answers_for_what_names_mean(stage: Stage) -> None:
    settings = LSP.format(session=stage.folder / "session") + JEDI.format(jedi=jedi())
    packages = ("lsp-mode", "dash", "f", "ht", "s", "lv", "spinner", "markdown-mode", "compat")
    with editor(stage, paths(*packages) + settings) as emacs:
        _open_basket(emacs, stage, "(if (lsp-workspaces) t :false)")


def test_lsp_mode_shows_ghost_text_by_itself_as_the_readme_configures_it(stage: Stage) -> None:
    own = adapted(readme("lsp-mode by itself", 0) + readme("lsp-mode by itself", 1), stage)
    settings = LSP.format(session=stage.folder / "session") + own
    packages = ("lsp-mode", "dash", "f", "ht", "s", "lv", "spinner", "markdown-mode", "compat")
    with Editor(stage, settings=paths(*packages) + settings, alone=True) as emacs:
        stage.answers(RULE)
        emacs.emacs.press(f"\x18\x06\x01\x0b{stage.file('alone.py', BEFORE)}\r")
        ready = "(if (bound-and-true-p lsp-inline-completion-mode) t :false)"
        until(lambda: emacs.emacs.eval(ready), "a server that can do it")
        emacs.place(GHOST_ROW, GHOST_COL)
        emacs.type(TYPED)
        drawn = "(if (lsp-inline-completion--active-p) t :false)"
        until(lambda: emacs.emacs.eval(drawn), "its overlay")
        emacs.accept()
        until(lambda: line(emacs) == f"    {TYPED}{REST}", "the accepted text")


def _open_basket(emacs: Editor, stage: Stage, attached: str) -> None:
    """Type a name whose meaning only a language server knows, until a prompt saw it from there."""
    for name, text in (("stock.py", STOCK), ("shop.py", SHOP)):
        stage.file(name, text)
    emacs.open(stage.file("main.py", MAIN))
    until(lambda: emacs.emacs.eval(attached), "the other server")

    def seen() -> bool:
        emacs.place(4, 0)
        emacs.type("filled.x")
        time.sleep(0.5)  # what is asked of servers is asked while nobody types
        emacs.ask()
        time.sleep(0.3)
        emacs.emacs.press("\x01\x0b")  # C-a C-k
        context = [one for entry in stage.journal() for one in entry.get("context", ())]
        return any(one.startswith("bridge project/stock.py:1-") for one in context)

    until(seen, "a definition from the bridge", timeout_s=40)


def _told(emacs: Editor) -> list[Any]:
    return list(emacs.emacs.eval(DIAGNOSTICS)["items"])
