"""How well `repeat` predicts real authors: ``python -m tests.bench.repeat GITDIR... [--json]``.

GITDIR is the git directory of a clone with its history (``project/.git``, or a bare one). README.md
beside this file says which repositories the stated figures come from; `streams` and `judging` say
what is asked and what counts as right.
"""

import argparse
import json
import time
from collections.abc import Iterable
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from tests.bench.repeat.authoring import AuthorEdit
from tests.bench.repeat.figures import Figures, Outcome, by_ability, by_key, figures, percentile
from tests.bench.repeat.histories import commits, language_of
from tests.bench.repeat.judging import Verdict, clusters, judge
from tests.bench.repeat.streams import Asked, Opportunity, ask, opportunities
from zeta_lsp.core.repeat.choice import answer_of, choose

STREAMS = ("paused", "typing", "arrived")
HEADLINE = ("paused", "typing")
"""The streams that count for the stated precision and coverage."""


class Work(NamedTuple):
    """One repository to play."""

    git_dir: Path
    commits: int
    streams: tuple[str, ...]
    examples: int


class Played(NamedTuple):
    """What came of it; some shown answers in words."""

    outcomes: list[Outcome]
    examples: list[str]


def play(work: Work) -> Played:
    """Ask and judge every question of one repository."""
    played = Played([], [])
    for commit in commits(work.git_dir, work.commits):
        for opportunity in opportunities(commit):
            if opportunity.stream in work.streams:
                _play_one(opportunity, name_of(work.git_dir), work.examples, played)
    return played


def name_of(git_dir: Path) -> str:
    """A name for a repository: the last folder that says something."""
    parts = [part for part in git_dir.resolve().parts if part not in (".git", "repo")]
    return parts[-1].removesuffix(".git")


def _play_one(opportunity: Opportunity, repository: str, examples: int, played: Played) -> None:
    asked = ask(opportunity)
    started = time.perf_counter()
    choice = choose(asked.given)
    spent_ms = (time.perf_counter() - started) * 1e3
    verdict, ability = Verdict(exact=False, next=False, whole=False), ""
    if choice is not None:
        answer = answer_of(asked.given, choice.candidate)
        verdict, ability = judge(opportunity, asked, answer), choice.candidate.ability
        if len(played.examples) < examples:
            cluster = clusters(opportunity, asked, answer)[0]
            said = f"{ability} {choice.decibans:+.1f} dB"
            played.examples.append(_example(opportunity, cluster, verdict, said))
    language = language_of(opportunity.path) or "?"
    possible = any(_in_sight(edit, asked) for edit in opportunity.remaining)
    played.outcomes.append(
        Outcome(repository, language, opportunity.stream, possible, ability, *verdict, spent_ms)
    )


def _in_sight(edit: AuthorEdit, asked: Asked) -> bool:
    end = asked.excerpt_start + len(asked.given.cursor_excerpt)
    return asked.excerpt_start <= edit.start and edit.end <= end


def _example(opportunity: Opportunity, cluster: AuthorEdit, verdict: Verdict, said: str) -> str:
    text = opportunity.text
    first = text.rfind("\n", 0, cluster.start) + 1
    last = text.find("\n", cluster.end)
    before = text[first:last]
    after = text[first : cluster.start] + cluster.text + text[cluster.end : last]
    rows = [
        f"{'right' if verdict.exact else 'WRONG'} {opportunity.stream} {opportunity.where} {said}"
    ]
    rows += [f"  - {row}" for row in before.split("\n")] + [
        f"  + {row}" for row in after.split("\n")
    ]
    return "\n".join(rows)


def report(outcomes: list[Outcome]) -> dict[str, dict[str, Figures]]:
    """All tables."""
    headline = [outcome for outcome in outcomes if outcome.stream in HEADLINE]
    tables = {"stream": by_key(outcomes, lambda outcome: outcome.stream)}
    if headline:
        tables["all"] = {" + ".join(HEADLINE): figures(headline)}
        tables["language"] = by_key(headline, lambda outcome: outcome.language)
        tables["repository"] = by_key(headline, lambda outcome: outcome.repository)
        tables["ability"] = by_ability(headline)
        for stream in HEADLINE:
            part = [outcome for outcome in headline if outcome.stream == stream]
            tables[f"ability, {stream}"] = by_ability(part)
    return tables


def shown_as_table(title: str, rows: dict[str, Figures]) -> Table:
    """One table for people."""
    table = Table(title=title, title_justify="left")
    table.add_column(title)
    for heading in ("questions", "shown", "exact", "precision", "coverage", "next", "whole line"):
        table.add_column(heading, justify="right")
    for name, row in rows.items():
        table.add_row(
            name, f"{row.questions}", f"{row.shown}", f"{row.exact}",
            f"{row.precision:.1%} ({row.precision_low:.0%}-{row.precision_high:.0%})",
            f"{row.coverage:.1%} ({row.coverage_low:.0%}-{row.coverage_high:.0%})",
            f"{row.next:.0%}", f"{row.whole:.0%}",
        )  # fmt: skip
    return table


def main() -> None:
    """Play the given repositories and print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.repeat", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("git_dirs", nargs="+", type=Path, metavar="GITDIR")
    parser.add_argument("--commits", type=int, default=250, help="per repository, evenly spaced")
    parser.add_argument("--streams", default=",".join(HEADLINE), help=", ".join(STREAMS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--examples", type=int, default=0, help="shown answers per repository")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    streams = tuple(options.streams.split(","))
    if unknown := set(streams) - set(STREAMS):
        parser.error(f"no such stream: {', '.join(sorted(unknown))}")
    work = [Work(path, options.commits, streams, options.examples) for path in options.git_dirs]
    with Pool(options.jobs) as pool:
        played = pool.map(play, work, chunksize=1)
    outcomes = [outcome for one in played for outcome in one.outcomes]
    examples = [example for one in played for example in one.examples]
    _print(outcomes, examples, as_json=options.json)


def _print(outcomes: list[Outcome], examples: Iterable[str], *, as_json: bool) -> None:
    spent = [outcome.spent_ms for outcome in outcomes] or [0.0]
    latency = {name: percentile(spent, share) for name, share in (("p50", 0.5), ("p99", 0.99))}
    tables = report(outcomes)
    if as_json:
        named = {
            title: {name: row._asdict() for name, row in rows.items()}
            for title, rows in tables.items()
        }
        print(json.dumps({**named, "latency_ms": latency, "examples": list(examples)}))
        return
    console = Console()
    for example in examples:
        console.print(example, markup=False, highlight=False)
    for title, rows in tables.items():
        console.print(shown_as_table(title, rows))
    console.print(f"one answer: {latency['p50']:.2f} ms median, {latency['p99']:.2f} ms 99 %")


if __name__ == "__main__":
    main()
