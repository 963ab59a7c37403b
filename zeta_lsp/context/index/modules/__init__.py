"""Which files an import names, for each language as it writes them.

Every finder takes the module as it is written, the file that imports it and the paths that are
indexed, and gives the files in the order of how likely they are meant. It looks only among indexed
files: what no finder finds is outside the workspace.
"""

from collections.abc import Callable

from zeta_lsp.context.index.modules import c, dotted, go, lua, python, rust, script
from zeta_lsp.context.index.paths import Paths

Finder = Callable[[str, str, Paths], list[str]]


def finder_for(language: str) -> Finder | None:
    """The finder of a language; None if its imports name no files."""
    return _FINDERS.get(language)


_FINDERS: dict[str, Finder] = {
    "python": python.files_of,
    "javascript": script.files_of,
    "typescript": script.files_of,
    "tsx": script.files_of,
    "go": go.files_of,
    "rust": rust.files_of,
    "c": c.files_of,
    "cpp": c.files_of,
    "java": dotted.files_of,
    "kotlin": dotted.files_of,
    "scala": dotted.files_of,
    "php": dotted.files_of,
    "ruby": lua.files_of,
    "lua": lua.files_of,
    "bash": c.files_of,
}
