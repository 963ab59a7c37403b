"""Walking a workspace: every file that may be indexed, every folder worth watching.

Depth first, without following any link. The walk is a generator so that the helper can answer
questions in between; it yields a folder before what is in it. What cannot be listed is passed over.
"""

import os
from collections.abc import Iterator

import msgspec

from zeta_lsp.context.index.admission import MARKS_OF_TOOLS, Admission
from zeta_lsp.context.index.ignores import FILE_NAME, Layers, layer_of
from zeta_lsp.context.index.reading import Stamp

MAX_DEPTH = 64


class Folder(msgspec.Struct, frozen=True):
    """A folder that was entered; `cut` if it was not, being too deep."""

    path: str
    cut: bool = False


class File(msgspec.Struct, frozen=True, gc=False):
    """A file that may be opened."""

    path: str
    stamp: Stamp


def walk(admission: Admission, folder: str, root: str) -> Iterator[Folder | File]:
    """Everything in a folder of a root, itself included."""
    layers = admission.layers_below(folder, root)
    if layers is None:
        return
    pending: list[tuple[str, Layers, int]] = [(folder, layers, 0)]
    while pending:
        path, layers, depth = pending.pop()
        if depth > MAX_DEPTH:
            yield Folder(path, cut=True)
            continue
        entries = _entries(path)
        names = {entry.name for entry in entries}
        if depth and names & set(MARKS_OF_TOOLS):
            continue
        if depth and FILE_NAME in names:
            layers += layer_of(admission.real(path, root))
        yield Folder(path)
        for entry in entries:
            below = f"{path.rstrip('/')}/{entry.name}"
            if _is_folder(entry):
                if admission.takes_folder(below, root, layers) and below not in admission.roots:
                    pending.append((below, layers, depth + 1))
            elif admission.takes_file(below, root, layers):
                stamp = _stamp(entry)
                if stamp is not None:
                    yield File(below, stamp)


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return sorted((e for e in found if _is_text(e.name)), key=lambda entry: entry.name)
    except OSError:
        return []


def _is_text(name: str) -> bool:
    """Names that are no UTF-8 fit neither into messages nor into the cache."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)
