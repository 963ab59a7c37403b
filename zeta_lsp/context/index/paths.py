"""The paths of a workspace, to be looked up as imports name them: by what they end with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence


class Paths:
    """Every path of an indexed file and of a folder that holds one.

    `version` changes with every path that comes or goes.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._by_name: dict[str, dict[str, None]] = defaultdict(dict)
        self._in_folder: dict[str, dict[str, None]] = defaultdict(dict)
        self.version = 0
        for path in paths:
            self.add(path)

    def __contains__(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self._in_folder.get(folder, ())

    def add(self, path: str) -> None:
        """Know a file."""
        folder, _, name = path.rpartition("/")
        self.version += name not in self._in_folder.get(folder, ())
        self._by_name[name][folder] = None
        self._in_folder[folder][name] = None

    def remove(self, path: str) -> None:
        """Know a file no more."""
        folder, _, name = path.rpartition("/")
        self.version += path in self
        for table, key, value in (
            (self._by_name, name, folder),
            (self._in_folder, folder, name),
        ):
            if key in table:
                table[key].pop(value, None)
                if not table[key]:
                    del table[key]

    def files_in(self, folder: str) -> Iterator[str]:
        """The files of a folder, not those of folders below it."""
        return (f"{folder}/{name}" for name in self._in_folder.get(folder, ()))

    def ending_with(self, parts: Sequence[str]) -> Iterator[str]:
        """The files whose path ends with these parts, the last being the file's whole name."""
        tail = "/".join(("", *parts[:-1]))
        for folder in self._by_name.get(parts[-1], ()):
            if len(parts) == 1 or folder.endswith(tail):
                yield f"{folder}/{parts[-1]}"

    def folders_ending_with(self, parts: Sequence[str]) -> Iterator[str]:
        """The folders with indexed files whose path ends with these parts."""
        tail = "/".join(("", *parts))
        return (folder for folder in self._in_folder if folder.endswith(tail))


def nearest_first(paths: Iterable[str], to: str) -> list[str]:
    """Paths in order of how many folders one has to go to reach them from another path."""
    return sorted(paths, key=lambda path: (steps(path, to), path))


def steps(path: str, other: str) -> int:
    """Folders to leave and to enter between two files; 0 in one folder."""
    here, there = path.split("/")[:-1], other.split("/")[:-1]
    shared = 0
    for left, right in zip(here, there, strict=False):
        if left != right:
            break
        shared += 1
    return len(here) + len(there) - 2 * shared
