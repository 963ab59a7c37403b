"""Commits as texts before and after, read from a repository with a library; git is never run.

A commit that nobody typed in one sitting is refused with a word: merges, first commits, renamings,
and whatever has no fit file. Files that are unfit by themselves only leave their commit, with a
note; what of a commit is left is what somebody is imagined to have typed.
"""

import stat
from collections import Counter
from collections.abc import Iterator

import msgspec
from dulwich.diff_tree import RenameDetector, TreeChange, tree_changes
from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID, TreeEntry

from pipeline.records import Dropped
from pipeline.synthesis.fitness import FILE_BYTES_MAX, refusal_of_path, refusal_of_text

FILES_MAX = 30
"""More files at once are a tool's work, or several people's."""


class File(msgspec.Struct, frozen=True):
    """A file before and after a commit; `old` is empty where the file is new."""

    path: str
    old: str
    new: str
    is_new: bool = False


class Read(msgspec.Struct, frozen=True):
    """A commit that was read. `left_out` are words for the files of it that are not here."""

    sha: str
    parent: str
    time: int
    message: str
    files: tuple[File, ...]
    left_out: tuple[str, ...] = ()


def read_commit(store: BaseObjectStore, sha: str) -> Read | Dropped:
    """A commit, or why it is refused."""
    try:
        commit = store[ObjectID(sha.encode())]
        assert isinstance(commit, Commit)
        return _read(store, sha, commit)
    except KeyError:
        return Dropped("object_missing", "the copy of the repository is not whole")


def _read(store: BaseObjectStore, sha: str, commit: Commit) -> Read | Dropped:
    if len(commit.parents) > 1:
        return Dropped("merge")
    if not commit.parents:
        return Dropped("first_commit")
    parent = store[commit.parents[0]]
    assert isinstance(parent, Commit)
    changes = list(tree_changes(store, parent.tree, commit.tree))
    if len(changes) > FILES_MAX:
        return Dropped("too_many_files")
    if _renames(store, parent, commit, changes):
        return Dropped("renames")
    files: list[File] = []
    left_out: Counter[str] = Counter()
    for found in _files(store, changes):
        if isinstance(found, File):
            files.append(found)
        else:
            left_out[found] += 1
    if not files:
        word = left_out.most_common(1)[0][0] if left_out else "empty"
        return Dropped(word)
    return Read(
        sha=sha,
        parent=commit.parents[0].decode(),
        time=commit.commit_time,
        message=commit.message.decode("utf-8", "replace"),
        files=tuple(sorted(files, key=lambda file: file.path)),
        left_out=tuple(left_out.elements()),
    )


def _renames(
    store: BaseObjectStore, parent: Commit, commit: Commit, changes: list[TreeChange]
) -> bool:
    kinds = {change.type for change in changes}
    if not {"add", "delete"} <= kinds:
        return False
    detector = RenameDetector(store)
    found = tree_changes(store, parent.tree, commit.tree, rename_detector=detector)
    return any(change.type in {"rename", "copy"} for change in found)


def _files(store: BaseObjectStore, changes: list[TreeChange]) -> Iterator[File | str]:
    """The fit files of a commit, and a word for each other."""
    for change in changes:
        old, new = change.old, change.new
        if new is None or new.path is None:
            yield "file_removed"
            continue
        mode = new.mode or 0
        if stat.S_IFMT(mode) == 0o160000:
            yield "submodule"
        elif not stat.S_ISREG(mode) or (old is not None and not stat.S_ISREG(old.mode or 0)):
            yield "no_file"
        elif old is not None and old.sha == new.sha:
            yield "mode_only"
        else:
            yield _file(store, old, new)


def _file(store: BaseObjectStore, old: TreeEntry | None, new: TreeEntry) -> File | str:
    assert new.path is not None
    path = new.path.decode("utf-8", "replace")
    refusal = refusal_of_path(path)
    if refusal is not None:
        return refusal
    texts: list[str] = []
    for entry in (old, new):
        text = "" if entry is None else _text(store, entry)
        if text is None:
            return "binary"
        if len(text) > FILE_BYTES_MAX:
            return "file_too_large"
        refusal = refusal_of_text(text)
        if refusal is not None:
            return refusal
        texts.append(text)
    if len({"\r" in text for text in texts if text}) > 1:
        return "mixed_line_ends"  # a converter did that
    return File(path, texts[0], texts[1], is_new=old is None)


def _text(store: BaseObjectStore, entry: TreeEntry) -> str | None:
    assert entry.sha is not None
    blob = store[entry.sha]
    assert isinstance(blob, Blob)
    try:
        return blob.data.decode()
    except UnicodeDecodeError:
        return None
