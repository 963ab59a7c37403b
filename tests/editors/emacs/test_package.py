"""The Emacs package by itself: it compiles without a warning, reads as packages do, and is right.

Every Emacs that is here takes part, so that the oldest one that is supported does too.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.editors.emacs import parts

PACKAGE = Path(__file__).resolve().parents[3] / "editors" / "emacs"
SOURCES = tuple(sorted(PACKAGE.glob("zeta*.el")))
TESTS = tuple(sorted((PACKAGE / "test").glob("*-test.el")))
UNPACKED = "(setq native-comp-enable-subr-trampolines nil native-comp-jit-compilation nil)"
COMPILE = """
(setq byte-compile-error-on-warn t
      byte-compile-dest-file-function
      (lambda (file) (expand-file-name (concat (file-name-nondirectory file) "c") "{target}")))
"""
CHECK = """
(progn
  (require 'checkdoc)
  (setq checkdoc-verb-check-experimental-flag nil)
  (mapc #'checkdoc-file command-line-args-left)
  (setq command-line-args-left nil))
"""

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module", params=range(2))
def emacs(request: pytest.FixtureRequest) -> str:
    """One Emacs after the other."""
    here = parts.emacs_everywhere()
    if request.param >= len(here):
        pytest.skip("there is no second Emacs here: apt-get install emacs-nox")
    return here[request.param]


def batch(emacs: str, home: Path, *arguments: str | Path) -> str:
    """Run an Emacs that reads nobody's configuration; what it said. It has to end well."""
    argv = [emacs, "-Q", "--batch", "--eval", UNPACKED, *map(str, arguments)]
    env = {**os.environ, "HOME": str(home)}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-5000:]
    return said


def compiled(emacs: str, folder: Path) -> Path:
    """The package, compiled into a folder of its own."""
    target = folder / "compiled"
    target.mkdir()
    setting = COMPILE.format(target=target)
    batch(emacs, folder, "-L", PACKAGE, "--eval", setting, "-f", "batch-byte-compile", *SOURCES)
    return target


def test_it_compiles_without_a_warning_and_does_what_its_own_tests_say(
    emacs: str, tmp_path: Path
) -> None:
    target = compiled(emacs, tmp_path)
    assert len(list(target.glob("*.elc"))) == len(SOURCES)
    tests = [word for test in TESTS for word in ("-l", test)]
    paths = ["-L", PACKAGE, "-L", PACKAGE / "test", "-L", target]
    said = batch(emacs, tmp_path, *paths, *tests, "-f", "ert-run-tests-batch-and-exit")
    assert "0 unexpected" in said


def test_its_documentation_is_as_emacs_wants_it(tmp_path: Path) -> None:
    tests = (PACKAGE / "test").glob("*.el")
    assert batch(parts.emacs(), tmp_path, "--eval", CHECK, *SOURCES, *tests) == ""


def test_it_is_a_package_as_archives_want_them(tmp_path: Path) -> None:
    paths = [word for name in ("package-lint", "compat") for word in ("-L", parts.package(name))]
    published = tmp_path / "published"
    published.mkdir()
    for source in SOURCES:  # where it is published is for the publisher to say
        text = source.read_text().replace(
            "\n;; Version:", "\n;; URL: https://example.org\n;; Version:"
        )
        (published / source.name).write_text(text)
    setting = f'(setq package-lint-main-file "{published}/zeta.el" package-archives nil)'
    lint = ["-l", "package-lint", "--eval", setting, "-f", "package-lint-batch-and-exit"]
    batch(parts.emacs(), tmp_path, *paths, *lint, *sorted(published.iterdir()))
