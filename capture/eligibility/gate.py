"""The gate: one workspace folder, one answer a file.

What depends on the path alone is remembered until a link on the way or a file of ignore patterns
changes, which costs some dozen `stat` calls to see. What depends on the text is judged each time.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from capture.eligibility.contents import refusal_of_contents
from capture.eligibility.ignores import Ignores, Stamp
from capture.eligibility.origins import Origins
from capture.eligibility.reasons import EXCLUDED_PATH, GIT_IGNORED, OUTSIDE_ROOT
from zeta_lsp.core.exclusion import Exclusions

_REMEMBERED_PATHS = 4096
_MAX_PATH_CHARS = 1024


class Eligibility:
    """Which files of a workspace folder may be recorded. Not thread-safe.

    Args:
        root: the folder, absolute.
        globs: exclusions of the person's own; the built-in ones always hold.
    """

    def __init__(self, root: Path, globs: Sequence[str] = ()) -> None:
        self._root = Path(os.path.normpath(root))
        self._real_root = Path(os.path.realpath(root))
        self._exclusions = Exclusions(globs)
        self._ignores = Ignores(self._real_root)
        self._origins = Origins()
        self._known: dict[tuple[str, str, tuple[Stamp, ...]], str | None] = {}

    def refusal(self, file: Path, lines: Sequence[str]) -> str | None:
        """The word for why a file is not recorded; None: it may be.

        Args:
            file: absolute, as the editor named it. It need not exist yet.
            lines: its text as the editor has it, without line ends.
        """
        return self._refusal_of_file(file) or refusal_of_contents(lines)

    def refusal_of_path(self, relative: str) -> str | None:
        """The same by path alone: what no text is at hand for. `relative` is to the folder.

        A file of which only the path is known may still be refused by its text.
        """
        return self._refusal_of_file(self._root / relative)

    def _refusal_of_file(self, file: Path) -> str | None:
        named = os.path.normpath(file)
        if len(named) > _MAX_PATH_CHARS or "\0" in named or not os.path.isabs(file):  # noqa: PTH117
            return OUTSIDE_ROOT
        real = Path(os.path.realpath(file))
        key = (named, str(real), self._ignores.stamps(real))
        if key not in self._known:
            if len(self._known) >= _REMEMBERED_PATHS:
                self._known.clear()
            self._known[key] = self._judged(Path(named), real)
        return self._known[key]

    def _judged(self, named: Path, real: Path) -> str | None:
        if self._exclusions.rule_for(str(named), str(self._root), str(real), str(self._real_root)):
            return EXCLUDED_PATH
        if not (self._holds(named) and real.is_relative_to(self._real_root)):
            return OUTSIDE_ROOT
        if self._ignores.ignores(real) or self._ignores.ignores(self._as_in_root(named)):
            return GIT_IGNORED
        within = (real.relative_to(self._real_root), self._as_in_root(named))
        return self._origins.refusal(str(within[0])) or self._origins.refusal(
            str(within[1].relative_to(self._real_root))
        )

    def _holds(self, named: Path) -> bool:
        return named.is_relative_to(self._root) or named.is_relative_to(self._real_root)

    def _as_in_root(self, named: Path) -> Path:
        """A name below the folder as the folder really is; links further down are kept."""
        for folder in (self._root, self._real_root):
            if named.is_relative_to(folder):
                return self._real_root / named.relative_to(folder)
        return named
