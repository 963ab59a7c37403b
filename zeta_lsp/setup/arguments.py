"""The command line of `zeta-lsp setup`, read but not acted upon.

`parse` returns a namespace: ``editors: list[str]`` (names, or ``all``), ``undo``, ``dry_run``,
``yes``, ``json: bool``, and the endpoint: ``embedded``, ``allow_plain_http: bool``, ``kind``,
``url``, ``model``, ``format``, ``api_key_env: str | None``.
"""

import argparse
from collections.abc import Sequence

from zeta_lsp.core.errors import UsageError

KINDS = ("openai", "ollama", "llamacpp", "mercury")
ENDPOINT_FIELDS = ("kind", "url", "model", "format", "api_key_env", "allow_plain_http")
_ABOUT = """\
Put zeta-lsp into your editor: show the exact change, write it when told, undo it. Then ask where
predictions come from, and check that they do."""
_EPILOG = """\
examples:
  zeta-lsp setup                         which editors are there; choose
  zeta-lsp setup neovim                  show the change, ask, write it
  zeta-lsp setup neovim --undo           restore what was there before
  zeta-lsp setup all --dry-run           show every change, write nothing
  zeta-lsp setup endpoint                choose another source of predictions
  zeta-lsp setup helix --yes --url http://127.0.0.1:8000/v1/completions
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments that follow ``setup``.

    Raises:
        UsageError: options contradict each other.
        SystemExit: with 2 after wrong options, with 0 after ``--help``.
    """
    parser = argparse.ArgumentParser(
        prog="zeta-lsp setup",
        description=_ABOUT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "editors",
        nargs="*",
        metavar="EDITOR",
        type=str.lower,
        help="which editors, `all` that are found, or `endpoint` (default: list them and ask)",
    )
    parser.add_argument("--undo", action="store_true", help="restore what was there before")
    parser.add_argument("--dry-run", action="store_true", help="show the changes, write nothing")
    parser.add_argument("--yes", action="store_true", help="write without asking, for scripts")
    parser.add_argument("--json", action="store_true", help="as JSON; writes only with --yes")
    _add_endpoint(parser)
    return _checked(parser.parse_args(list(arguments)))


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("endpoint, instead of being asked")
    group.add_argument("--embedded", action="store_true", help="the embedded model: no network")
    group.add_argument("--url", metavar="U", help="address of the endpoint")
    group.add_argument("--kind", choices=KINDS, help="its protocol (default: openai)")
    group.add_argument("--model", metavar="M", help="model, as the endpoint names it")
    group.add_argument("--format", metavar="F", help="prompt format (default: by the model's name)")
    group.add_argument("--api-key-env", metavar="VAR", help="environment variable with the key")
    group.add_argument(
        "--allow-plain-http",
        action="store_true",
        help="allow http:// to another machine, where others on the way can read along",
    )


def _checked(options: argparse.Namespace) -> argparse.Namespace:
    named = [field for field in ENDPOINT_FIELDS if getattr(options, field)]
    if options.embedded and named:
        raise UsageError("--embedded is another endpoint than --url, --kind and --model describe")
    if options.undo and (named or options.embedded):
        raise UsageError("--undo restores what was there; it takes no endpoint")
    if named and not (options.url or options.kind):
        raise UsageError("say where the endpoint is: --url, or --kind for its usual address")
    if options.yes and options.dry_run:
        raise UsageError("--yes writes and --dry-run does not: leave one out")
    if options.yes and not (options.editors or options.undo or named or options.embedded):
        raise UsageError("say which editors --yes is for: `zeta-lsp setup all --yes`")
    return options
