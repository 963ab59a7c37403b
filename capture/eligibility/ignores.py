"""Which files git ignores, told from ``.gitignore`` and ``.git/info/exclude`` without running git.

Git reads the patterns of every folder from the top of the repository down to the file; in one
file the last match wins, a deeper file wins over a higher one, and nothing inside an ignored
folder can be taken back in. That is done here with `core.glob`, whose matching takes linear time:
a repository nobody trusts cannot stall the recorder with its patterns.

Where git and this differ, this ignores more: letters are compared without case, and a file of
patterns that is too large, holds too many or cannot be read ignores all that lies under it.
Patterns of more than 256 characters and POSIX classes (``[[:space:]]``) are not honoured, and the
person's own ``core.excludesFile`` is not read: what it names is not the project's to say.
"""

import os
import re
import stat
from pathlib import Path

import msgspec

from zeta_lsp.core.glob import GlobError, compiled, folded

MAX_FILE_BYTES = 256 * 1024
MAX_PATTERNS = 2000
MAX_POINTER_BYTES = 4096  # of a ``.git`` file, which names a folder
_TRAILING_SPACES = re.compile(r"(?<!\\)[ \t\r]+$")
_MAX_REMEMBERED = 512

Stamp = tuple[int, int, int] | None


class Rule(msgspec.Struct, frozen=True):
    """One pattern, and how it is to be matched."""

    regex: re.Pattern[str]
    negated: bool
    on_name: bool  # has no slash: matched against the last part of a path alone
    on_folders: bool  # ends in a slash
    crosses: bool  # has ``**``: its leftmost match may not be the whole path
    inside: bool  # ends in ``/**``: what is in a folder, not the folder

    def matches(self, path: str, is_folder: bool) -> bool:
        """Whether a folded path, relative to the folder of the file of patterns, does.

        Says yes in doubt for a pattern that ignores and no for one that takes back in.
        """
        if self.on_folders and not is_folder:
            return False
        name = path.rpartition("/")[2] if self.on_name else path
        match = self.regex.match(name)
        if match is None:
            return False
        if self.inside:
            return match.end() < len(name)
        return match.end() == len(name) or (self.crosses and not self.negated)


_EVERYTHING = (Rule(re.compile(""), False, False, False, True, False),)


def parsed(text: str) -> tuple[Rule, ...]:
    """The rules of a file of patterns, in its order. Too many: one that ignores everything."""
    patterns = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    if len(patterns) > MAX_PATTERNS:
        return _EVERYTHING
    return tuple(rule for line in patterns if (rule := _rule(line)) is not None)


def _rule(line: str) -> Rule | None:
    pattern = _TRAILING_SPACES.sub("", line)
    negated = pattern.startswith("!")
    on_folders = pattern.endswith("/")
    pattern = pattern[negated:].rstrip("/")
    if not pattern:
        return None  # git matches nothing with a lone slash
    on_name = "/" not in pattern and pattern != "**"
    literal = re.sub(r"(?<!\\)[{}]", r"\\\g<0>", pattern)  # git knows no braces
    try:
        regex = compiled("/" + literal if on_name else literal)
    except GlobError:
        return None  # git, too, goes on after a pattern that is none
    inside = pattern.endswith("/**")
    return Rule(regex, negated, on_name, on_folders, "**" in pattern, inside)


class Ignores:
    """The ignore rules of the repository that a folder belongs to.

    Files of patterns are read when they are first needed and again when they have changed.
    """

    def __init__(self, root: Path) -> None:
        self._top, git = _repository_above(root)
        self._exclude = git / "info" / "exclude" if git is not None else None
        self._known: dict[Path, tuple[Stamp, tuple[Rule, ...]]] = {}

    def ignores(self, file: Path) -> bool:
        """Whether git would ignore an absolute path without symbolic links."""
        try:
            parts = file.relative_to(self._top).parts
        except ValueError:
            return False
        layers = [("", self._rules(self._exclude))] if self._exclude is not None else []
        folder = self._top
        for depth, part in enumerate(parts, 1):
            prefix = "".join(folded(name) + "/" for name in parts[: depth - 1])
            layers.append((prefix, self._rules(folder / ".gitignore")))
            if _verdict(layers, prefix + folded(part), depth < len(parts)):
                return True
            folder /= part
        return False

    def stamps(self, file: Path) -> tuple[Stamp, ...]:
        """Changes whenever a file of patterns that counts for a path does. One stat for each."""
        exclude = [self._exclude] if self._exclude is not None else []
        folders = [folder for folder in file.parents if folder.is_relative_to(self._top)]
        return tuple(map(_stamp, (*exclude, *(folder / ".gitignore" for folder in folders))))

    def _rules(self, file: Path) -> tuple[Rule, ...]:
        stamp = _stamp(file)
        if stamp is None:
            return ()
        known = self._known.get(file)
        if known is None or known[0] != stamp:
            if len(self._known) >= _MAX_REMEMBERED:
                self._known.clear()
            text = _small_text(file, MAX_FILE_BYTES)
            known = self._known[file] = stamp, _EVERYTHING if text is None else parsed(text)
        return known[1]


def _verdict(layers: list[tuple[str, tuple[Rule, ...]]], path: str, is_folder: bool) -> bool:
    """Of one path whose folders are not ignored: the deepest layer's last match says."""
    for prefix, rules in reversed(layers):
        for rule in reversed(rules):
            if rule.matches(path[len(prefix) :], is_folder):
                return not rule.negated
    return False


def _repository_above(root: Path) -> tuple[Path, Path | None]:
    """The top of the repository that holds a folder, and its git folder; no repository: itself."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return folder, entry
        if (pointer := _small_text(entry, MAX_POINTER_BYTES)) and pointer.startswith("gitdir:"):
            return folder, _common_folder(folder / pointer.removeprefix("gitdir:").strip())
    return root, None


def _common_folder(git: Path) -> Path:
    """Worktrees keep ``info`` in the folder that they share."""
    common = _small_text(git / "commondir", MAX_POINTER_BYTES)
    return git / common.strip() if common else git


def _stamp(file: Path) -> Stamp:
    """None: there is no such regular file. Git does not follow links here either."""
    try:
        found = file.lstat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _small_text(file: Path, max_bytes: int) -> str | None:
    """A small regular file's text. None: there is none, or it is larger, or cannot be read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = stream.read(max_bytes + 1)
    return (
        None
        if len(data) > max_bytes
        else data.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
    )
