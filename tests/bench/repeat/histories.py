"""Reads real commits out of a git directory, as old texts with hunks.

Only commits with one parent that modify existing source files are read, evenly spaced over the
whole history. What no person typed is left out: generated and vendored files by their paths, huge
or minified files by their size, bulk commits by their count of hunks. The git directory may be
bare; nothing is written to it and no work tree is needed.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

LANGUAGES = {
    ".py": "Python", ".pyi": "Python",
    ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript",
    ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript",
    ".go": "Go", ".rs": "Rust", ".java": "Java",
    ".c": "C", ".h": "C", ".cc": "C++", ".cpp": "C++", ".hpp": "C++", ".cxx": "C++",
    ".rb": "Ruby", ".cs": "C#", ".lua": "Lua", ".php": "PHP",
    ".kt": "Kotlin", ".kts": "Kotlin", ".swift": "Swift",
}  # fmt: skip
NOT_TYPED = re.compile(
    r"(^|/)(vendor|node_modules|third_party|third-party|dist|build|deps|single_include|generated"
    r"|bundled|docs?)/|\.min\.|[._]pb[._]|_generated|-gh\.cpp$|\.d\.ts$"
)
MAX_FILE_BYTES = 300_000
MAX_LINE = 1_000
MAX_HUNKS = 200

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")


class Hunk(NamedTuple):
    """Lines ``[start, start + len(old))`` of the old file, counted from 0, become `new`."""

    start: int
    old: list[str]
    new: list[str]


class FileChange(NamedTuple):
    """One modified file of a commit. `lines` is the text before, with terminators."""

    path: str
    lines: list[str]
    hunks: list[Hunk]


class Commit(NamedTuple):
    """What one author changed at once."""

    sha: str
    files: list[FileChange]


def language_of(path: str) -> str | None:
    """The language of a path that a person may have typed, None for everything else."""
    if NOT_TYPED.search(path):
        return None
    return LANGUAGES.get(PurePosixPath(path).suffix.lower())


def commits(git_dir: Path, count: int) -> Iterator[Commit]:
    """At most `count` commits with usable changes looked for, evenly spaced, oldest first."""
    shas = _git(git_dir, "rev-list", "--no-merges", "--reverse", "HEAD").decode().split()
    step = max(1, len(shas) // count)
    chosen = "\n".join(shas[::step][:count]) + "\n"
    patches = _git(
        git_dir, "log", "--no-walk=unsorted", "--stdin", "--format=commit %H", "-p", "-U0",
        "--histogram", "--full-index", "--no-renames", "--diff-filter=M", "--no-color",
        "--no-ext-diff", "--no-textconv", "--", *(f"*{suffix}" for suffix in LANGUAGES),
        stdin=chosen.encode(),
    )  # fmt: skip
    with Blobs(git_dir) as blobs:
        for sha, patch in _per_commit(patches):
            files = _files(patch, blobs)
            if files and sum(len(file.hunks) for file in files) <= MAX_HUNKS:
                yield Commit(sha, files)


class Blobs:
    """Texts by object id, through one running ``git cat-file --batch``."""

    def __init__(self, git_dir: Path) -> None:
        self._git = subprocess.Popen(
            ["git", "--git-dir", git_dir, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> "Blobs":
        return self

    def __exit__(self, *_: object) -> None:
        self._git.communicate()

    def lines(self, blob: str) -> list[str] | None:
        """The lines of a text that a person can have typed, else None."""
        assert self._git.stdin
        assert self._git.stdout
        self._git.stdin.write(blob.encode() + b"\n")
        self._git.stdin.flush()
        size = int(self._git.stdout.readline().split()[2])
        data = self._git.stdout.read(size + 1)[:-1]
        if size > MAX_FILE_BYTES or not data.endswith(b"\n"):
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return None
        lines = [line + "\n" for line in text[:-1].split("\n")]
        return lines if max(map(len, lines)) <= MAX_LINE else None


def _git(git_dir: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["git", "--git-dir", git_dir, "-c", "core.fsmonitor=false", *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def _per_commit(patches: bytes) -> Iterator[tuple[str, bytes]]:
    for part in re.split(rb"^commit (?=[0-9a-f]{40}$)", patches, flags=re.MULTILINE)[1:]:
        yield part[:40].decode(), part[40:]


def _files(patch: bytes, blobs: Blobs) -> list[FileChange]:
    changes = []
    for part in re.split(rb"^diff --git ", patch, flags=re.MULTILINE)[1:]:
        index = re.search(rb"^index ([0-9a-f]{40})\.\.", part, flags=re.MULTILINE)
        path = re.search(rb"^\+\+\+ b/(.+?)\t?$", part, flags=re.MULTILINE)
        if not index or not path or b"\n\\ No newline" in part:
            continue
        name = path[1].decode("utf-8", "replace")
        lines = blobs.lines(index[1].decode()) if language_of(name) else None
        hunks = _hunks(part) if lines is not None else None
        if lines is not None and hunks:
            changes.append(FileChange(name, lines, hunks))
    return changes


def _hunks(patch: bytes) -> list[Hunk] | None:
    hunks: list[Hunk] = []
    rows = patch.split(b"\n")
    for at, row in enumerate(rows):
        if head := _HUNK.match(row):
            removed, added = (int(head[group] or b"1") for group in (2, 3))
            start = int(head[1]) - (1 if removed else 0)
            body = rows[at + 1 : at + 1 + removed + added]
            try:
                texts = [line[1:].decode("utf-8") + "\n" for line in body]
            except UnicodeDecodeError:
                return None
            if any(len(text) > MAX_LINE for text in texts):
                return None
            hunks.append(Hunk(start, texts[:removed], texts[removed:]))
    return hunks
