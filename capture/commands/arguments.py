"""The command line of `zeta-lsp capture`, read but not acted upon.

`parse` turns arguments into a namespace with `verb` and that command's options:

    on       project: Path, level: Level, private, yes: bool
    off      project: Path
    status   project: Path | None, json: bool
    path
    show     project: Path, json, sessions: bool
    forget   project: Path | None (None: all of them), since, until: float | None,
             path: str | None, all, yes: bool
    export   output: str (``-`` is stdout), projects: list[Path] (empty: all), since, until,
             licence, language, outcome: list[str] (empty: any), horizon, format: str,
             resume, json: bool

Folders are absolute; they may be gone, and still be forgotten. Times are seconds since 1970.
"""

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.recording import Level

FORMATS = ("zed", "sft", "dpo", "kto")
HORIZONS = ("quiet", "30s", "120s", "300s", "save", "commit")
OUTCOMES = tuple(state.value for state in State)
_ABOUT_A_PROJECT = ("on", "off", "show", "forget")
_DESCRIPTION = "Record what trains a next-edit model: with your consent, on this machine only."
_EPILOG = """\
examples:
  zeta-lsp capture on                       say what would be recorded of this project, and ask
  zeta-lsp capture status                   what is on, where, how much, and why not
  zeta-lsp capture export -o edits.jsonl    everything as JSONL
  zeta-lsp capture forget --since 1h        delete the last hour
"""
_AGO = re.compile(r"(\d{1,6})\s*(s|min|h|d|w)")
_UNITS_S = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse(arguments: Sequence[str], wall_clock: Callable[[], float]) -> argparse.Namespace:
    """Read the arguments that follow ``capture``. `wall_clock` is what "2h" ago counts from.

    Raises:
        UsageError: there is no such command, or its options contradict each other.
        SystemExit: with 2 after wrong options, with 0 after ``--help``.
    """
    parser, verbs = _parser(_moment(wall_clock))
    first = arguments[0] if arguments else "-"
    if first not in verbs.choices and not first.startswith("-"):
        raise UsageError(_unknown(first, list(verbs.choices)))
    return _checked(parser.parse_args(arguments))


def _checked(options: argparse.Namespace) -> argparse.Namespace:
    everything = getattr(options, "all", False)
    if everything and (options.project or options.path):
        raise UsageError("--all forgets every project; leave out PROJECT and --path")
    if options.verb in _ABOUT_A_PROJECT and not everything:
        options.project = options.project or _here()
    since, until = getattr(options, "since", None), getattr(options, "until", None)
    if since is not None and until is not None and since >= until:
        raise UsageError("--since must be before --until")
    return options


def _unknown(verb: str, verbs: list[str]) -> str:
    near = difflib.get_close_matches(verb, verbs, n=1)
    hint = (
        f"did you mean `zeta-lsp capture {near[0]}`?" if near else "see `zeta-lsp capture --help`"
    )
    return f"there is no command {verb!r}: {hint}"


def _parser(moment: Callable[[str], float]) -> tuple[argparse.ArgumentParser, Any]:
    parser = argparse.ArgumentParser(
        prog="zeta-lsp capture",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    _add_on(verbs)
    _add_off(verbs)
    _add_status(verbs)
    _verb(
        verbs,
        "path",
        "print the folder that everything captured lies in",
        "du -sh $(zeta-lsp capture path)",
    )
    _add_show(verbs)
    _add_forget(verbs, moment)
    _add_export(verbs, moment)
    return parser, verbs


def _verb(verbs: Any, name: str, about: str, *examples: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return made


def _add_on(verbs: Any) -> None:
    on = _verb(
        verbs,
        "on",
        "say what would be recorded of a project, and ask for consent",
        "zeta-lsp capture on",
        "zeta-lsp capture on ~/code/project --level sessions",
        "zeta-lsp capture on --private --yes",
    )
    _add_project(on)
    on.add_argument(
        "--level",
        type=Level,
        choices=list(Level),
        metavar="L",
        default=Level.SNAPSHOTS,
        help="counters: numbers without text; snapshots: predictions and what became of them "
        "(default); sessions: every edit, for replay",
    )
    on.add_argument(
        "--private", action="store_true", help="record your own closed code; every row says so"
    )
    _add_yes(on, "consent without being asked, for scripts")


def _add_off(verbs: Any) -> None:
    off = _verb(
        verbs,
        "off",
        "withdraw the consent for a project; what was recorded stays until you forget it",
        "zeta-lsp capture off",
        "zeta-lsp capture off ~/code/project",
    )
    _add_project(off)


def _add_status(verbs: Any) -> None:
    status = _verb(
        verbs,
        "status",
        "say which projects are recorded, where, how much is held, and why one is not recorded",
        "zeta-lsp capture status",
        "zeta-lsp capture status ~/code/project",
        "zeta-lsp capture status --json | jq '.projects[].state'",
    )
    _add_project(status, "only this project (default: all)")
    _add_json(status)


def _add_show(verbs: Any) -> None:
    show = _verb(
        verbs,
        "show",
        "show everything that is held about a project",
        "zeta-lsp capture show | less",
        "zeta-lsp capture show ~/code/project --sessions",
        "zeta-lsp capture show --json | jq length",
    )
    _add_project(show)
    show.add_argument("--sessions", action="store_true", help="only list the recorded sessions")
    _add_json(show)


def _add_forget(verbs: Any, moment: Callable[[str], float]) -> None:
    forget = _verb(
        verbs,
        "forget",
        "delete what is held about a project; nothing of it stays in any file",
        "zeta-lsp capture forget",
        "zeta-lsp capture forget ~/code/project --since 2h",
        "zeta-lsp capture forget --path project/notes.py",
        "zeta-lsp capture forget --all --yes",
    )
    _add_project(forget)
    _add_times(forget, moment)
    forget.add_argument("--path", metavar="P", help="only what is about this file, as shown")
    forget.add_argument("--all", action="store_true", help="everything about every project")
    _add_yes(forget, "delete without being asked")


def _add_export(verbs: Any, moment: Callable[[str], float]) -> None:
    export = _verb(
        verbs,
        "export",
        "write what was recorded as JSONL, one example a line",
        "zeta-lsp capture export -o edits.jsonl",
        "zeta-lsp capture export --licence MIT --outcome accepted --since 7d | wc -l",
        "zeta-lsp capture export -o s3://bucket/edits.jsonl.gz --resume",
        "zeta-lsp capture export -o pairs.jsonl --format dpo",
    )
    export.add_argument(
        "projects", metavar="PROJECT", nargs="*", type=_folder, help="only these (default: all)"
    )
    export.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="a file or URL; - is stdout (default)"
    )
    export.add_argument(
        "--format", choices=FORMATS, default="zed", help="what a line is (default: zed's examples)"
    )
    _add_times(export, moment)
    _add_filters(export)
    export.add_argument("--resume", action="store_true", help="go on where an export was cut off")
    export.add_argument("--json", action="store_true", help="print the counts at the end as JSON")


def _add_filters(export: argparse.ArgumentParser) -> None:
    many: dict[str, Any] = {"action": "append", "default": []}
    export.add_argument("--licence", metavar="SPDX", help="only under this licence; again", **many)
    export.add_argument("--language", metavar="ID", help="only in this language; again", **many)
    export.add_argument(
        "--outcome", choices=OUTCOMES, metavar="O", help="only what ended like this; again", **many
    )
    export.add_argument(
        "--horizon", choices=HORIZONS, default="quiet", help="settled when (default: quiet)"
    )


def _add_project(
    parser: argparse.ArgumentParser, about: str = "the project's folder (default: the current one)"
) -> None:
    parser.add_argument("project", metavar="PROJECT", nargs="?", type=_folder, help=about)


def _add_times(parser: argparse.ArgumentParser, moment: Callable[[str], float]) -> None:
    for name, about in (("--since", "from this time on"), ("--until", "before this time")):
        parser.add_argument(
            name, metavar="T", type=moment, help=f"only {about}: 2h, 7d, 2026-11-25, or ISO 8601"
        )


def _add_yes(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("--yes", action="store_true", help=about)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise UsageError("the current folder is gone; name PROJECT") from None


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except (OSError, RuntimeError):
        raise argparse.ArgumentTypeError(f"no such folder: {text}") from None


def _moment(wall_clock: Callable[[], float]) -> Callable[[str], float]:
    """Reads a time of the past: so long ago, or a date, which is local unless it says otherwise."""

    def moment(text: str) -> float:
        ago = _AGO.fullmatch(text)
        if ago:
            return wall_clock() - int(ago[1]) * _UNITS_S[ago[2]]
        try:
            return datetime.fromisoformat(text).timestamp()
        except (ValueError, OverflowError, OSError):
            raise argparse.ArgumentTypeError("expected 2h, 7d, 2026-11-25, or ISO 8601") from None

    return moment
