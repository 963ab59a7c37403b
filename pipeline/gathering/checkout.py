"""The files of a revision in a folder of their own, as long as they are needed.

Git is never run, so no hook or filter is. What could make a language server run something is left
out (`LEFT_OUT`), and so are links, submodules and files too large to be code. The folder is called
what prompts call the repository; it is removed at the end, however that comes.
"""

import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dulwich.index import validate_path_element_default
from dulwich.objects import Blob, ObjectID, Tree
from dulwich.repo import Repo

from pipeline.records import Dropped

FILE_BYTES_MAX = 4 << 20
LEFT_OUT = frozenset(
    {
        b".git", b".hg", b".cargo", b".venv", b"venv", b"node_modules", b".yarn", b".pnp.cjs",
        b".pnp.loader.mjs", b"rust-toolchain", b"rust-toolchain.toml", b"go.env", b".jedi",
        b".vscode", b".envrc",
    }
)  # fmt: skip
"""Names of what programs take their orders or their programs from, wherever they lie."""


class TooLarge(Exception):
    """A revision needs more room than there may be."""


@contextmanager
def checked_out(
    repo: Repo, tree: Tree, name: str, bytes_max: int, folder: Path | None = None
) -> Iterator[Path | Dropped]:
    """The folder with the files of a revision, which is called `name`."""
    if Path(name).name != name or name in {"", ".", ".."}:
        raise ValueError("a checkout's name is that of a folder")
    with tempfile.TemporaryDirectory(prefix="zeta-context-", dir=folder) as made:
        # an absolute path without links, as servers name files; git's folder ends every look upward
        root = Path(made).resolve() / name
        (root / ".git").mkdir(parents=True)
        try:
            _write(repo, tree, root, bytes_max)
        except TooLarge:
            yield Dropped("checkout_too_large", "give it more room with --checkout-mb")
        except KeyError:
            yield Dropped("no_revision", "the copy of the repository is not whole")
        else:
            yield root


def _write(repo: Repo, tree: Tree, root: Path, bytes_left: int) -> None:
    todo = [(root, tree)]
    while todo:
        folder, inside = todo.pop()
        for entry in inside.iteritems():
            assert entry.path is not None
            assert entry.sha is not None
            if entry.path.lower() in LEFT_OUT or not _is_safe(entry.path):
                continue
            path = folder / entry.path.decode()
            made = repo.object_store[ObjectID(entry.sha)] if _is_ours(entry.mode or 0) else None
            if isinstance(made, Tree):
                path.mkdir()
                todo.append((path, made))
            elif isinstance(made, Blob) and made.raw_length() <= FILE_BYTES_MAX:
                bytes_left -= made.raw_length()
                if bytes_left < 0:
                    raise TooLarge
                path.write_bytes(made.data)


def _is_ours(mode: int) -> bool:
    return stat.S_ISDIR(mode) or stat.S_ISREG(mode)


def _is_safe(name: bytes) -> bool:
    """Whether a name is one of a file in a folder, and text."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return validate_path_element_default(name) and b"/" not in name and b"\\" not in name
