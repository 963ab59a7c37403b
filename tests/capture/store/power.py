"""A file system under SQLite that remembers every write, to play power cuts with.

`Recording` is a VFS that passes everything on and keeps a log. `cut` makes the files as a disk may
hold them if the power went at one point of the log: what was synced is there, and of what was not,
any part: each write may be missing, whole, or torn at a sector.
"""

import random
from pathlib import Path

import apsw
import msgspec

SECTOR_BYTES = 512


class Step(msgspec.Struct, frozen=True):
    """Something that happened to a file; `kind` is write, truncate, sync, delete or ack."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


class Recording(apsw.VFS):
    def __init__(self, log: list[Step]) -> None:
        self.log = log
        super().__init__("recording", base="")

    def xOpen(self, name: object, flags: list[int]) -> "RecordingFile":  # noqa: N802 - apsw's name
        return RecordingFile(self.log, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.log.append(Step("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class RecordingFile(apsw.VFSFile):
    def __init__(self, log: list[Step], name: object, flags: list[int]) -> None:
        self.log = log
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.name = Path(str(path)).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.log.append(Step("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.log.append(Step("truncate", self.name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.log.append(Step("sync", self.name))
        super().xSync(flags)


def cut(start: dict[str, bytes], log: list[Step], at: int, dice: random.Random) -> dict[str, bytes]:
    """The files after a power cut before step `at`, from those before the first step."""
    files = {name: bytearray(content) for name, content in start.items()}
    synced = {step.name: n for n, step in enumerate(log[:at]) if step.kind == "sync"}
    likely = dice.choice((0.0, 0.3, 0.7, 1.0))
    for n, step in enumerate(log[:at]):
        if n < synced.get(step.name, -1):
            _apply(files, step)
        elif dice.random() < likely:
            _apply(files, _torn(step, dice))
    return {name: bytes(content) for name, content in files.items()}


def _torn(step: Step, dice: random.Random) -> Step:
    if step.kind != "write" or dice.random() < 0.8:
        return step
    kept = dice.randrange(len(step.data) // SECTOR_BYTES + 1) * SECTOR_BYTES
    return msgspec.structs.replace(step, data=step.data[:kept])


def _apply(files: dict[str, bytearray], step: Step) -> None:
    if step.kind == "delete":
        files.pop(step.name, None)
    elif step.kind == "truncate":
        _sized(files.setdefault(step.name, bytearray()), step.offset)
    elif step.kind == "write":
        content = files.setdefault(step.name, bytearray())
        end = step.offset + len(step.data)
        if len(content) < end:
            _sized(content, end)
        content[step.offset : end] = step.data


def _sized(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
