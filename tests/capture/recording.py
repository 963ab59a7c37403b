"""A made-up outside for the recorder, and a scripted person whose edits it follows."""

from pathlib import Path

import msgspec

from capture.bookkeeper import Bookkeeper
from capture.books import Books
from capture.consent.receipt import Receipt, Refusal
from capture.doors import Doors
from capture.rows import Licence, Snapshot, Stream
from capture.snapshots import paths_in
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Edit, Source
from zeta_lsp.core.excerpt import cut_excerpt
from zeta_lsp.core.history import History
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.ports import Finish
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement
from zeta_lsp.core.ranges import editable_and_context
from zeta_lsp.core.recording import (
    Answered,
    Asked,
    Capturing,
    Closed,
    Edited,
    Happened,
    Level,
    Opened,
    Saved,
)
from zeta_lsp.core.text import Encoding

ROOT = Path("/projects/shop")
MIT = Licence("MIT", "LICENSE")


class Clock:
    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


class Consents:
    """Consents that a test changes."""

    def __init__(self, wall, level=Level.SESSIONS, **more):
        self.number = 1
        self.licence = MIT
        self.wall = wall
        self.receipts = {str(ROOT): receipt(level, **more)}

    def live(self, root):
        found = self.receipts.get(str(root))
        if found is None:
            return Refusal("no_consent", "")
        return found if found.expires_at > self.wall() else Refusal("expired", "")

    def refusal_of(self, receipt, file):
        if receipt.private or self.licence == MIT:
            return None
        return Refusal("licence_not_open" if self.licence else "licence_unknown", "")

    def stamp(self):
        return self.number

    def revoke(self):
        self.receipts.clear()
        self.number += 1


def receipt(level, *, private=False, expires_at=1e12, ident="receipt"):
    return Receipt(
        id=ident,
        root=str(ROOT),
        device=1,
        inode=1,
        born_ns=1,
        project="project",
        project_name="shop",
        level=level,
        private=private,
        text="",
        text_version=1,
        granted_at=0.0,
        expires_at=expires_at,
        by_version="1",
        licence=None if private else MIT,
    )


class Eligibility:
    def __init__(self, root, globs):
        self.refused = set()

    def refusal(self, file, lines):
        return self.refusal_of_path(file.name)

    def refusal_of_path(self, relative):
        return "excluded_path" if Path(relative).name.startswith(".env") else None


class Finding(msgspec.Struct, frozen=True):
    row: int
    start: int
    end: int


class Scanner:
    """Knows secrets by their first characters: ``KEY_`` and at least 16 more of the word."""

    def find(self, lines, first_row=0):
        return [
            Finding(first_row + row, start, end)
            for row, line in enumerate(lines)
            for start, end in self.spans(line)
        ]

    def is_clean(self, text):
        return not self.find(text.split("\n"))

    def spans(self, line):
        start = line.find("KEY_")
        while start >= 0:
            end = start
            while end < len(line) and (line[end].isalnum() or line[end] == "_"):
                end += 1
            if end - start >= 20:
                yield start, end
            start = line.find("KEY_", end)


class Repository:
    def __init__(self):
        self.url = "https://example.com/shop/shop"
        self.head = "a" * 40

    def revision(self):
        return self.head

    def uncommitted_diff(self, paths, texts):
        return "".join(f"--- a/{path}\n+++ b/{path}\n" for path in paths)


class Forgetting(msgspec.Struct, frozen=True):
    project: str | None = None


class Segment:
    """Rows in memory; `failures` are raised one a commit."""

    notice = ""

    def __init__(self, number):
        self.path = Path(f"{number}.db")
        self.rows = []
        self.failures = []
        self.wanted = None
        self.closed = False

    def commit(self, rows):
        if self.failures:
            raise self.failures.pop(0)
        self.rows += rows

    def purge(self, session, path, from_seq):
        before = len(self.rows)
        gone = {
            row.id for row in self.rows if isinstance(row, Snapshot) and path in paths_in(row.given)
        }
        self.rows = [
            row
            for row in self.rows
            if row.session != session
            or row.seq < from_seq
            or not (
                getattr(row, "path", None) == path
                or getattr(row, "id", None) in gone
                or path in {event.change.path for event in getattr(row, "future_events", ())}
            )
        ]
        return before - len(self.rows)

    def asked_to_yield(self):
        wanted, self.wanted = self.wanted, None
        return wanted

    def idle(self):
        pass

    def close(self):
        self.closed = True


class Outside:
    """Everything that a recorder needs, within a test's reach."""

    def __init__(self, level=Level.SESSIONS, scanner=None, claim=None, **more):
        self.clock = Clock()
        self.wall = Clock(1.7e9)
        self.consents = Consents(self.wall, level, **more)
        self.repository = Repository()
        self.segments = []
        self.home = 0
        self.acknowledged = []
        self.scanner = scanner or Scanner
        self.claimed = claim or self.claim

    def doors(self):
        return Doors(
            consents=self.consents,
            licence_of=lambda root, file: self.consents.licence,
            eligibility_of=Eligibility,
            scanner=self.scanner,
            repository_of=lambda root: self.repository,
            claim=self.claimed,
            monotonic=self.clock,
            wall_clock=self.wall,
            acknowledged=self._acknowledge,
        )

    def _acknowledge(self, rows):
        self.acknowledged.extend(rows)

    def claim(self):
        self.segments.append(Segment(self.home))
        return self.segments[-1]

    @property
    def rows(self):
        return [row for segment in self.segments for row in segment.rows]

    def of(self, kind):
        return [row for row in self.rows if isinstance(row, kind)]

    def pass_time(self, seconds):
        self.clock.now += seconds
        self.wall.now += seconds


class Person:
    """Edits a file of the project; what happens is handed to `take`."""

    def __init__(self, outside, take, text="", name="basket.py", root=ROOT):
        self.outside, self.take, self.root = outside, take, root
        self.path = f"{root.name}/{name}"
        self.file = str(root / name)
        self.uri = f"file://{self.file}"
        self.document = Document(self.uri, "python", 1, text, Encoding.UTF32)
        self.history = History(in_open_source_repo=True)
        self.asks = 0

    @property
    def now(self):
        return self.outside.clock.now

    def open(self):
        self.take(
            Opened(
                self.uri,
                self.path,
                "python",
                self.document.version,
                self.document.text(),
                self.now,
                self.file,
                str(self.root),
            )
        )
        return self

    def edit(self, start, end, text, source=Source.TYPED):
        changes = [Change(text, Range(Position(*start), Position(*end)))]
        return self.change(changes, source)

    def change(self, changes, source=Source.TYPED):
        version = self.document.version + 1
        splices = self.document.apply(version, changes)
        assert self.document.unsynced is None
        edits = tuple(Edit(self.uri, version, one, source, self.now) for one in splices)
        if edits:
            self.history.record_all(self.document, edits, self.path)
            self.take(Edited(edits))
        return edits

    def type(self, row, col, text, pause_s=0.05):
        """Type key by key; returns where the cursor is then."""
        for key in text:
            self.edit((row, col), (row, col), key)
            row, col = (row + 1, 0) if key == "\n" else (row, col + 1)
            self.outside.pass_time(pause_s)
        return row, col

    def ask(self, row, col, **more):
        self.asks += 1
        excerpt = cut_excerpt(self.document.lines, row, col)
        events = self.history.events()
        given = PromptInput(
            cursor_path=self.path,
            cursor_excerpt=excerpt.text,
            cursor_offset_in_excerpt=excerpt.cursor_offset,
            excerpt_start_row=excerpt.start_row,
            events=tuple(event.change for event in events),
            syntax_ranges=(),
        )
        given = msgspec.structs.replace(given, **more)
        sources = tuple(event.sources for event in events)
        ident = f"{Path(self.path).stem}-{self.asks}"
        self.take(Asked(ident, self.uri, row, col, "typing", given, sources, self.now))
        return ident, given

    def answer(self, asked, old="", new="", **more):
        """Answer: `old` in the excerpt becomes `new`."""
        ident, given = asked
        editable, context = editable_and_context(
            given.cursor_excerpt, given.cursor_offset_in_excerpt, given.syntax_ranges, 350, 150
        )
        replacements = ()
        if old != new:
            start = given.cursor_excerpt.encode().index(old.encode())
            replacements = (Replacement(start, start + len(old.encode()), new),)
        said = {
            "model": "toy",
            "format": "zeta2.1",
            "editable": editable,
            "context": context,
            "prompt": "prompt",
            "output": new,
            "answer": Answer(replacements),
            "finish": Finish.STOP,
        }
        self.take(Answered(ident, self.now, **{**said, **more}))
        return ident

    def happened(self, ident, ending=State.SHOWN, reason=""):
        self.take(Happened(ident, ending, self.now, reason))

    def save(self):
        self.take(Saved(self.uri, self.now))

    def close(self):
        self.take(Closed(self.uri, self.now))


class Sitting:
    """A bookkeeper over a made-up outside."""

    def __init__(self, level=Level.SESSIONS, wish=None, **more):
        self.outside = Outside(level, **more)
        self.wish = wish or Capturing(editor="test", editor_version="1")
        self.books = Books("s", "0.1", self.wish, self.outside.doors())
        self.take = Bookkeeper(self.books).take

    def person(self, text="", name="basket.py"):
        return Person(self.outside, self.take, text, name).open()

    def write(self, after_s=0.0):
        self.outside.pass_time(after_s)
        self.books.tick(self.outside.clock.now)
        self.books.write(self.outside.clock.now)

    def close(self):
        self.books.close(self.outside.clock.now)

    def of(self, kind):
        return self.outside.of(kind)

    def streams(self, path=None):
        return [row for row in self.of(Stream) if path in (None, row.path)]
