"""Repositories made on the spot, and texts that look a little like code."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.repo import Repo
from hypothesis import strategies as st

Files = Mapping[str, str | bytes]


def repository(folder: Path, states: Sequence[Files]) -> str:
    """A bare repository with one commit for each state of its files."""
    folder.mkdir()
    with Repo.init_bare(str(folder)) as repo:
        head: ObjectID | None = None
        for n, files in enumerate(states):
            head = commit(repo, files, [head] if head else [], n)
        assert head is not None
        repo.refs[b"refs/heads/main"] = head
        repo.refs.set_symbolic_ref(b"HEAD", b"refs/heads/main")
        config = repo.get_config()
        config.set((b"remote", b"origin"), b"url", b"https://me:key@example.org/shop.git")
        config.write_to_path()
    return str(folder)


def commit(repo: Repo, files: Files, parents: Sequence[ObjectID], n: int) -> ObjectID:
    """A commit of some files."""
    made = Commit()
    made.tree = tree(repo.object_store, files)
    made.parents = list(parents)
    made.author = made.committer = b"A <a@example.org>"
    made.author_time = made.commit_time = 1_700_000_000 + n * 60
    made.author_timezone = made.commit_timezone = 0
    made.message = b"change %d" % n
    repo.object_store.add_object(made)
    return made.id


def tree(store: BaseObjectStore, files: Files) -> ObjectID:
    made = Tree()
    folders: dict[str, dict[str, str | bytes]] = {}
    for path, content in files.items():
        first, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(first, {})[rest] = content
            continue
        blob = Blob.from_string(content.encode() if isinstance(content, str) else content)
        store.add_object(blob)
        made.add(first.encode(), stat.S_IFREG | 0o644, blob.id)
    for name, inside in folders.items():
        made.add(name.encode(), stat.S_IFDIR, tree(store, inside))
    store.add_object(made)
    return made.id


WORDS = st.sampled_from(
    ["result", "value", "index", "get_name", "total_count", "x", "self", "request", "é", "𝛼"]
)
ROWS = st.one_of(
    st.just(""),
    st.builds(
        "{}{} = {}({}, {})".format,
        st.sampled_from(["", "    ", "        ", "\t"]), WORDS, WORDS, WORDS, WORDS,
    ),
    st.builds("def {}({}):".format, WORDS, WORDS),
    st.builds("    return {}".format, WORDS),
    st.sampled_from(["import os", "from a import b", "}", "  "]),
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """A text before and after some rows of it changed; their ends are one kind."""
    old = draw(st.lists(ROWS, max_size=30))
    new = list(old)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(new)))
        end = draw(st.integers(start, min(len(new), start + 4)))
        new[start:end] = draw(st.lists(ROWS, max_size=16))
    line_end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    before, after = ("".join(row + line_end for row in rows) for rows in (old, new))
    return before, after
