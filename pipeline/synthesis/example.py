"""The example that a played commit makes, marked for what it is.

`uncommitted_diff` leads from the parent to the texts at hand, edits of the history included. What
is expected keeps to the rows around the cursor if it lies there; in another file, or far away, its
rows are the file's.
"""

import msgspec
from dulwich.patch import unified_diff as git_diff

from pipeline.doors import SyntaxSpans
from pipeline.example import applied, changed_rows, with_ours
from pipeline.reading.moment import Moment, Origin, example
from pipeline.records import Dropped, Row
from pipeline.synthesis.commits import Read
from pipeline.synthesis.desk import Desk
from pipeline.synthesis.scene import Played
from pipeline.synthesis.typist import VERSION
from zeta_lsp.core.excerpt import Excerpt, cut_excerpt, syntax_ranges_in
from zeta_lsp.core.prompt import ByteRange
from zeta_lsp.core.region_patch import header, rows_of
from zeta_lsp.core.unified import unified_diff

EXPECTED_ROWS_MAX = 15
DIFF_BYTES_MAX = 256 * 1024
SYNTHETIC = "synthetic"


class Making(msgspec.Struct, frozen=True):
    """How an example is made, and of which repository. `told` is what else the mark is to say."""

    seed: str
    method: str = "rules"
    licence: str | None = None
    repository_url: str = ""
    syntax_spans: SyntaxSpans | None = None
    told: Row = {}


def example_of(commit: Read, played: Played, making: Making) -> Row | Dropped:
    """The example, or why the moment makes none."""
    desk = played.desk
    events = desk.events()
    if not events:
        return Dropped("no_history")
    if not played.is_known:
        return Dropped("new_file")
    excerpt = cut_excerpt(desk.document(desk.path).lines, *desk.cursor)
    moment = Moment(
        path=desk.shown_path(desk.path),
        excerpt=excerpt.text,
        cursor=excerpt.cursor_offset,
        first_row=excerpt.start_row,
        events=tuple(event.change for event in events),
        syntax=_syntax(desk, excerpt, making.syntax_spans),
    )
    patch = _patch(played, moment, excerpt)
    if patch is None:
        return Dropped("no_exact_patch")
    diff = uncommitted_diff(commit, played)
    if not 1 <= changed_rows(patch) <= EXPECTED_ROWS_MAX:
        return Dropped("expected_too_large" if changed_rows(patch) else "nothing_expected")
    if len(diff.encode()) > DIFF_BYTES_MAX:
        return Dropped("diff_too_large")
    row = example(moment, _origin(commit, played, making), [patch])
    if isinstance(row, Dropped):
        return row
    row |= {"uncommitted_diff": diff, "uncommitted_diff_contains_edit_history": True}
    sources = [[str(one) for one in event.sources] for event in events]
    mark = _mark(commit, played, making)
    return with_ours(row, synthetic=mark, time=commit.time, edit_sources=sources)


def _syntax(
    desk: Desk, excerpt: Excerpt, spans_of: SyntaxSpans | None
) -> tuple[ByteRange, ...] | None:
    """What encloses the cursor, as a live session would send it."""
    if spans_of is None:
        return None
    lines = desk.document(desk.path).lines
    spans = spans_of(desk.shown_path(desk.path), lines, *desk.cursor)
    return None if spans is None else syntax_ranges_in(excerpt, spans)


def _origin(commit: Read, played: Played, making: Making) -> Origin:
    return Origin(
        source="commit",
        kind="commit",
        name=f"{commit.sha[:12]}-{played.cut.style}",
        repository_url=making.repository_url,
        revision=commit.parent,
        licence=making.licence,
        tags=(SYNTHETIC, f"style:{played.cut.style}", f"synthesis:{making.method}"),
    )


def _mark(commit: Read, played: Played, making: Making) -> Row:
    drafts = {} if played.drafts is None else {"drafts": played.drafts}
    return {
        "from": commit.sha,
        "style": played.cut.style,
        "seed": making.seed,
        "method": making.method,
        "typist": VERSION,
        **drafts,
        **making.told,
    }


def _patch(played: Played, moment: Moment, excerpt: Excerpt) -> str | None:
    """From the text at hand to what comes next; None if no patch says exactly that."""
    desk, after = played.desk, _excerpt_then(played, excerpt)
    if after is not None:
        patch, now = moment.patch_to(after), moment.excerpt
    else:
        now, after = _plain(desk.text(played.path)), _plain(played.expected)
        patch = header(desk.shown_path(played.path)) + unified_diff(rows_of(now), rows_of(after))
    made = applied(patch, now)
    return patch if made is not None and rows_of(made) == rows_of(after) else None


def _excerpt_then(played: Played, excerpt: Excerpt) -> str | None:
    """The excerpt after what is expected; None if something outside of it changes."""
    if played.path != played.desk.path:
        return None
    now = _plain(played.desk.text(played.path)).split("\n")
    then = _plain(played.expected).split("\n")
    end = len(then) - (len(now) - excerpt.end_row)
    start = excerpt.start_row
    if end < start or then[:start] != now[:start] or then[end:] != now[excerpt.end_row :]:
        return None
    return "\n".join(then[start:end])


def _plain(text: str) -> str:
    """Text as excerpts show it."""
    return text.replace("\r\n", "\n")


def uncommitted_diff(commit: Read, played: Played) -> str:
    """From the parent to the texts at hand, as git writes it."""
    parts: list[str] = []
    for file in commit.files:
        text = played.desk.text(file.path)
        if text != file.old:
            parts.append(_file_diff(file.path, None if file.is_new else file.old, text))
    return "".join(parts)


def _file_diff(path: str, old: str | None, new: str) -> str:
    head = f"diff --git a/{path} b/{path}\n" + ("new file mode 100644\n" if old is None else "")
    before, after = ((text or "").encode().splitlines(keepends=True) for text in (old, new))
    names = (b"/dev/null" if old is None else f"a/{path}".encode(), f"b/{path}".encode())
    return head + b"".join(git_diff(before, after, *names)).decode()
