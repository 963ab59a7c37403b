"""Which files git ignores, told from ``.gitignore`` files and ``.git/info/exclude``.

`pathspec` reads the patterns; here they are layered as git does it: from the top of the repository
down to the file, a deeper file of patterns wins over a higher one, and nothing inside an ignored
folder can be taken back in.

Where git and this differ, this ignores more: a file of patterns that is too large or cannot be read
ignores all that lies under it, a pattern with many wildcards is cut short (regexes would need
minutes for it), and a file that git follows in spite of a pattern stays out. A person's own
``core.excludesFile`` is not read: what it names is not the project's to say.
"""

import functools
from pathlib import Path

from pathspec import GitIgnoreSpec

from zeta_lsp.context.index.reading import Stamp, small_text, stamp

MAX_FILE_BYTES = 256 << 10
MAX_PATTERNS = 2000
MAX_STARS = 3
"""More of them in one part of a pattern, or ``**`` in a pattern, and it is cut short."""
LAYERS_KEPT = 256
FILE_NAME = ".gitignore"
_EVERYTHING = ("*",)


class Layer:
    """The patterns that one folder's file of patterns holds, for paths below that folder."""

    __slots__ = ("_prefix", "_spec")

    def __init__(self, folder: str, lines: tuple[str, ...]) -> None:
        self._prefix = len(folder.rstrip("/")) + 1
        self._spec = GitIgnoreSpec.from_lines(lines, backend="simple")

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Whether a path below the folder is ignored; None if no pattern speaks of it."""
        name = path[self._prefix :] + ("/" if is_folder else "")
        return self._spec.check_file(name).include


Layers = tuple[Layer, ...]


def ignored(layers: Layers, path: str, is_folder: bool) -> bool:
    """Whether a path, whose folders are not ignored, is."""
    for layer in reversed(layers):
        verdict = layer.verdict(path, is_folder)
        if verdict is not None:
            return verdict
    return False


def layers_above(root: str) -> Layers | None:
    """The layers that hold for a root before its own; None if the root itself is ignored."""
    top, exclude = _repository(Path(root))
    if top is None:
        return ()
    layers: Layers = () if exclude is None else _layer(str(top), exclude)
    inside = Path(root).relative_to(top).parts
    folder = top
    for part in inside:
        layers += layer_of(str(folder))
        folder /= part
        if ignored(layers, str(folder), is_folder=True):
            return None
    return layers


def layer_of(folder: str) -> Layers:
    """The layer of a folder's own file of patterns, if it has one."""
    return _layer(folder, Path(folder, FILE_NAME))


def _layer(folder: str, file: Path) -> Layers:
    found = stamp(str(file))  # git does not follow links here either
    return () if found is None else _layer_as_of(found, folder, file)


@functools.lru_cache(maxsize=LAYERS_KEPT)
def _layer_as_of(_: Stamp, folder: str, file: Path) -> Layers:
    """Compiling patterns takes milliseconds, and every file that is asked about needs them."""
    text = small_text(file, MAX_FILE_BYTES)
    lines = _EVERYTHING if text is None else _lines(text)
    return (Layer(folder, lines),) if lines else ()


def _lines(text: str) -> tuple[str, ...]:
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    if len(lines) > MAX_PATTERNS:
        return _EVERYTHING
    return tuple(tame for line in lines if (tame := _tame(line.rstrip("\r"))))


def _tame(line: str) -> str:
    """A pattern that matches in good time; it ignores as much as the line does, or more."""
    parts: list[str] = []
    doubles = 0
    for part in line.split("/"):
        doubles += part == "**"
        if part != "**" and part.count("*") > MAX_STARS:
            head = "*".join(part.split("*")[:MAX_STARS]) + "*"
            return "" if line.startswith("!") else "/".join([*parts, head])
        if doubles > MAX_STARS:
            return "" if line.startswith("!") else "/".join(parts)
        parts.append(part)
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return ""  # git, too, goes on after a pattern that is none
    return line


def _repository(root: Path) -> tuple[Path | None, Path | None]:
    """The top of the repository around a folder, and its file of private patterns."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return folder, entry / "info" / "exclude"
        pointer = small_text(entry, 4096)
        if pointer and pointer.startswith("gitdir:"):
            return folder, _shared(folder / pointer.removeprefix("gitdir:").strip())
    return None, None


def _shared(git: Path) -> Path:
    """Worktrees keep ``info`` in the folder that they share."""
    common = small_text(git / "commondir", 4096)
    return (git / common.strip() if common else git) / "info" / "exclude"
