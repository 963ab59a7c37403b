"""Makes excerpts of files for places that somebody found: an open buffer's text before the disk's.

Only files that may be read are: a language server may well point at the standard library or at a
file that git ignores, and nothing of those may stand in a prompt.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from zeta_lsp.context.index.admission import Admission, language_of
from zeta_lsp.context.index.view import View
from zeta_lsp.context.outline import outline
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import FileOutline, Found, Receipt, related_files

OUTLINES_KEPT = 64
MAX_ROWS = 20_000
"""Files of more rows are not parsed for an excerpt."""


class Excerpts:
    """Excerpts of one workspace. `names` are what prompts call its folders."""

    def __init__(
        self, admission: Admission, view_now: Callable[[], View], names: Mapping[str, str]
    ) -> None:
        self._admission = admission
        self._view_now = view_now
        self._names = names
        self._outlines: OrderedDict[str, FileOutline] = OrderedDict()

    def of(self, found: Sequence[Found]) -> tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]:
        """The related files, and a receipt for each excerpt."""
        return related_files(found, self._outline_of)

    def _name_of(self, root: str) -> str:
        return self._names.get(root) or PurePosixPath(root).name

    def _outline_of(self, path: str) -> FileOutline | None:
        root = self._admission.root_of(path)
        if root is None or not self._admission.admits(path):
            return None
        lines = tuple(self._view_now().lines(path))
        if not lines or len(lines) > MAX_ROWS:
            return None
        known = self._outlines.get(path)
        if known is None or known.lines != lines:
            within = path[len(root) :].lstrip("/")
            items = outline(language_of(path) or "", "".join(lines))
            known = FileOutline(f"{self._name_of(root)}/{within}", lines, items)
        self._outlines[path] = known
        self._outlines.move_to_end(path)
        while len(self._outlines) > OUTLINES_KEPT:
            self._outlines.popitem(last=False)
        return known
