"""Rows to store, alike enough to real ones: a file of some hundred lines that changes by a word."""

import sqlite3
from pathlib import Path

import msgspec

from capture.rows import Count, Licence, Outcome, Row, Session, Settled, Snapshot, Stream
from capture.store import blobs
from zeta_lsp.core.events import BufferChange, HistoryEvent, Source
from zeta_lsp.core.kept import Kept
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, RelatedFile, Replacement

MIT = Licence("MIT", "demo/LICENSE")
PROJECT = "p" * 32
START = 1_700_000_000.0


def clock(now: float = START) -> "Clock":
    return Clock(now)


class Clock(msgspec.Struct):
    """A clock of the wall that moves when it is told to."""

    now: float

    def __call__(self) -> float:
        return self.now


def session(name: str = "s1", *, project: str = PROJECT, time: float = START) -> Session:
    return Session(
        session=name,
        seq=1,
        time=time,
        project=project,
        project_name="demo",
        consent="c1",
        level="sessions",
        private=False,
        licence=MIT,
    )


def excerpt(n: int, lines: int = 120) -> str:
    body = [
        f"    total_{row} = compute(row={row}, factor={row * 7919 % 1009})" for row in range(lines)
    ]
    body[n % lines] += f"  # edited {n}"
    return "def everything():\n" + "\n".join(body) + "\n"


def snapshot(
    n: int,
    *,
    session: str = "s1",
    path: str = "demo/main.py",
    history: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
    project: str = PROJECT,
    time: float | None = None,
    note: str = "",
) -> Snapshot:
    text = excerpt(n) + note
    changes = [
        BufferChange(name, name, f"@@ -1 +1 @@\n-x{n}\n+y{n}\n") for name in (path, *history)
    ]
    files = tuple(
        RelatedFile(name, 90, (RelatedExcerpt((0, 2), "import os\n"),)) for name in related
    )
    given = PromptInput(path, text, len(text) // 2, 0, tuple(changes), files)
    return Snapshot(
        id=f"{session}-{n}",
        session=session,
        seq=10 * n + 5,
        time=START + n if time is None else time,
        project=project,
        path=path,
        language="python",
        cursor=(n % 100, 4),
        trigger="typed",
        given=given,
        sources=((Source.TYPED.value,),) * len(changes),
        editable=(0, 200),
        context=(0, len(text)),
        format="zeta2.1",
        prompt=f"<[fim-suffix]>{text}<[fim-prefix]><filename>{path}\n",
        model="zeta-2.1",
        sampling={"temperature": 0.0},
        output="def nothing():",
        answer=Answer((Replacement(0, 17, "def nothing():"),)),
        finish="stop",
        licence=MIT,
        total_ms=123.5,
    )


def outcome(n: int, *, session: str = "s1", ending: str = "accepted", seq: int = 7) -> Outcome:
    return Outcome(f"{session}-{n}", session, 10 * n + seq, START + n + 0.5, ending, after_ms=500.0)


def settled(
    n: int, *, session: str = "s1", text: str = "", future: tuple[str, ...] = ()
) -> Settled:
    events = tuple(
        HistoryEvent("", BufferChange(name, name, "@@ -1 +1 @@\n"), (Source.TYPED,), 1.0)
        for name in future
    )
    kept = Kept(1, 2, 3, 4, 5, 6, 7, 8, 0.75, 0.5)
    return Settled(
        id=f"{session}-{n}",
        session=session,
        seq=10 * n + 8,
        time=START + n + 10,
        horizon="quiet",
        text=text or excerpt(n)[:400],
        kept=kept,
        after_ms=10_000.0,
        future_events=events,
    )


def stream(n: int, *, session: str = "s1", path: str = "demo/main.py", text: str = "") -> Stream:
    events = msgspec.json.encode(
        [[10 * n, START + n, {"type": "Edited", "text": text or f"key {n}"}]]
    )
    return Stream(session, 10 * n + 4, 10 * n, START + n, PROJECT, path, events)


def count(n: int, *, session: str = "s1") -> Count:
    return Count(session, 10 * n + 9, START + n, PROJECT, "2023-11-14", {"shown": n, "asked": 3})


def one_of_each(n: int = 0, name: str = "s1") -> list[Row]:
    return [
        session(name),
        snapshot(n, session=name),
        outcome(n, session=name),
        settled(n, session=name),
        stream(n, session=name),
        count(n, session=name),
    ]


def bytes_in(folder: Path) -> bytes:
    """Every byte in every file of a folder, and every name."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\0".join(str(path).encode() + b"\0" + path.read_bytes() for path in files)


def texts_with(path: Path, secret: str) -> int:
    """Stored texts that hold a secret; compression would hide it from a look at the bytes."""
    connection = sqlite3.connect(path)
    numbers = [n for (n,) in connection.execute("SELECT n FROM blobs")]
    texts = [blobs.fetch(connection, n) or b"" for n in numbers]
    connection.close()
    return sum(secret.encode() in text for text in texts)
