"""How often the syntax check would hide what an author really did, and how much it finds.

    python -m tests.bench.soundness GITDIR... [--commits N]

`repeat/README.md` names the histories. Each change of a commit is taken for a prediction: the hunks
of a file at most `NEAR_ROWS` rows apart, made at once in the file as the hunks before left it. An
author's own change that the check objects to is a *false alarm*. The same change cut off after two
thirds, as a model that stops too early would leave it, should be *found*. Many cuts are sound, a
list of calls for one, so that no check finds all of them. Nobody is typing here: in a session, the
row with the cursor is left out on top of this.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

from tests.bench.repeat.figures import percentile
from tests.bench.repeat.histories import FileChange, Hunk, commits, language_of
from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.ports import Syntax

NEAR_ROWS = 12
CUT = 2 / 3


class Seen(NamedTuple):
    """What came of one repository."""

    counts: Counter[tuple[str, str]]
    spent_ms: list[float]


def look(work: tuple[Path, int]) -> Seen:
    """Check all changes of some commits of a repository."""
    seen = Seen(Counter(), [])
    for commit in commits(*work):
        for change in commit.files:
            syntax = syntax_for("", change.path)
            if syntax is not None:
                _look(change, syntax, seen)
    return seen


def _look(change: FileChange, syntax: Syntax, seen: Seen) -> None:
    language, counts = language_of(change.path) or "?", seen.counts
    for lines, edits in _predictions(change):
        started_s = time.thread_time()
        added = syntax.errors_added(lines, edits)
        seen.spent_ms.append((time.thread_time() - started_s) * 1e3)
        counts[language, "changes"] += 1
        counts[language, "no verdict"] += added is None
        counts[language, "false alarms"] += bool(added)
        if added == 0 and len(edits) == 1 and edits[0].new_text:
            counts[language, "cuts"] += 1
            counts[language, "found"] += bool(syntax.errors_added(lines, (_cut(edits[0]),)))


def _predictions(change: FileChange) -> Iterator[tuple[list[str], Cluster]]:
    """The file before each group of hunks, and the group as edits of it."""
    lines, shift = [*change.lines, ""], 0
    for group in _groups(change.hunks):
        yield lines, tuple(_edit(hunk, hunk.start + shift) for hunk in group)
        for hunk in group:
            start = hunk.start + shift
            lines[start : start + len(hunk.old)] = hunk.new
            shift += len(hunk.new) - len(hunk.old)


def _groups(hunks: list[Hunk]) -> list[list[Hunk]]:
    groups: list[list[Hunk]] = []
    for hunk in hunks:
        if groups and hunk.start - groups[-1][-1].start - len(groups[-1][-1].old) <= NEAR_ROWS:
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return groups


def _edit(hunk: Hunk, row: int) -> TextEdit:
    return TextEdit(row, 0, row + len(hunk.old), 0, "".join(hunk.new))


def _cut(edit: TextEdit) -> TextEdit:
    text = edit.new_text[: max(1, int(len(edit.new_text) * CUT))].removesuffix("\n") + "\n"
    return TextEdit(edit.start_row, 0, edit.end_row, 0, text)


def main() -> None:
    """Check the given repositories and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soundness")
    parser.add_argument("git_dirs", nargs="+", type=Path, metavar="GITDIR")
    parser.add_argument("--commits", type=int, default=120, help="per repository, evenly spaced")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    work = [(path, options.commits) for path in options.git_dirs]
    with Pool(options.jobs) as pool:
        seen = pool.map(look, work, chunksize=1)
    counts: Counter[tuple[str, str]] = sum((one.counts for one in seen), Counter())
    for language in sorted({language for language, _ in counts}):
        _print(language, {name: count for (of, name), count in counts.items() if of == language})
    names = {name for _, name in counts}
    _print("all", {name: sum(n for (_, of), n in counts.items() if of == name) for name in names})
    spent_ms = [ms for one in seen for ms in one.spent_ms]
    figures = (f"{percentile(spent_ms, share):.2f}" for share in (0.5, 0.99))
    print("one check: {} ms median, {} ms 99 %".format(*figures))


def _print(name: str, counts: dict[str, int]) -> None:
    changes, cuts = counts["changes"], counts.get("cuts", 0)
    verdicts, alarms = changes - counts.get("no verdict", 0), counts.get("false alarms", 0)
    print(
        f"{name:12}{changes:7} changes{verdicts:7} verdicts{alarms:5} false alarms"
        f" ({alarms / changes:.2%} of changes, {alarms / max(verdicts, 1):.2%} of verdicts)"
        f"{counts.get('found', 0) / max(cuts, 1):6.0%} of{cuts:6} cuts found"
    )


if __name__ == "__main__":
    main()
