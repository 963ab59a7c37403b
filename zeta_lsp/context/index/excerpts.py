"""Makes excerpts of files for places that somebody found: an open buffer's text before the disk's.

Behind them come glimpses of other files: where the person was lately, and what changes together
with the file at hand. Each of the two has a budget of `GLIMPSED_MAX` files.

Only files that may be read are: a language server may well point at the standard library or at a
file that git ignores, and nothing of those may stand in a prompt.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from zeta_lsp.context.index.admission import Admission, language_of
from zeta_lsp.context.index.messages import Show
from zeta_lsp.context.index.view import View
from zeta_lsp.context.outline import outline
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import (
    FileOutline,
    Glimpse,
    Receipt,
    glimpse_around,
    glimpse_of_heads,
    joined,
    related_files,
)

OUTLINES_KEPT = 64
MAX_ROWS = 20_000
"""Files of more rows are not parsed for an excerpt."""
GLIMPSED_MAX = 3


class Excerpts:
    """Excerpts of one workspace. `names` are what prompts call its folders.

    `files_with` names the files that change together with a file, closest first.
    """

    def __init__(
        self,
        admission: Admission,
        view_now: Callable[[], View],
        names: Mapping[str, str],
        files_with: Callable[[str], Iterable[str]],
    ) -> None:
        self._admission = admission
        self._view_now = view_now
        self._names = names
        self._files_with = files_with
        self._outlines: OrderedDict[str, FileOutline] = OrderedDict()

    def of(self, show: Show) -> tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]:
        """The related files, and a receipt for each excerpt."""
        related = related_files(show.found, self._outline_of)
        related = joined(related, self._visited(show), GLIMPSED_MAX)
        shown = {file.path for file in related[0]}
        return joined(related, self._together(show, shown), GLIMPSED_MAX)

    def _visited(self, show: Show) -> Iterator[Glimpse]:
        for visit in show.visits:
            if visit.path != show.path and (file := self._outline_of(visit.path)) is not None:
                yield glimpse_around(file, visit.row, "recent", visit.age_s)

    def _together(self, show: Show, shown: set[str]) -> Iterator[Glimpse]:
        """What is shown anyway is left as it is."""
        for path in self._files_with(show.path):
            file = self._outline_of(path)
            if file is not None and file.prompt_path not in shown:
                yield glimpse_of_heads(file, "git")

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
