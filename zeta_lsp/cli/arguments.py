"""The command line, read but not acted upon.

`parse` turns arguments into a namespace with `command` and that command's options. Starting the
language server is what happens when no command is named, because that is what editors do.
"""

import argparse
import difflib
from collections.abc import Sequence
from typing import Any

from zeta_lsp import __version__
from zeta_lsp.core.errors import UsageError

DEFAULT_COMMAND = "serve"
GATEWAY_PORT = 7411
_KINDS = ("openai", "ollama", "llamacpp", "mercury", "repeat")
_DESCRIPTION = "Next-edit prediction for every editor, from an endpoint you choose."
_EPILOG = """\
examples:
  zeta-lsp                                       start the language server on stdio
  zeta-lsp setup                                 put it into your editor
  zeta-lsp proxy -- pyright-langserver --stdio   put it in front of your language server
  zeta-lsp doctor --url http://127.0.0.1:8000    can the endpoint be used, and is it fast enough
  zeta-lsp explain --last 5                      why was there a prediction, or none
  zeta-lsp capture on .                          record training data of this project
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments, without the program's name.

    Raises:
        UsageError: there is no such command, or nothing to run behind a proxy.
        SystemExit: with 2 after wrong options, with 0 after ``--help`` and ``--version``.
    """
    parser, commands = _parser()
    options = parser.parse_args(_with_command(list(arguments), list(commands.choices)))
    return _server_named(options) if options.command == "proxy" else options


def _with_command(arguments: list[str], commands: list[str]) -> list[str]:
    first = arguments[0] if arguments else ""
    if first in commands or first in ("-h", "--help", "--version"):
        return arguments
    if not first or first.startswith("-"):
        return [DEFAULT_COMMAND, *arguments]
    near = difflib.get_close_matches(first, commands, n=1)
    hint = f"did you mean `zeta-lsp {near[0]}`?" if near else "see `zeta-lsp --help`"
    raise UsageError(f"there is no command {first!r}: {hint}")


def _parser() -> tuple[argparse.ArgumentParser, Any]:
    parser = argparse.ArgumentParser(
        prog="zeta-lsp",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"zeta-lsp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_proxy(commands)
    _add_demo(commands)
    _add_doctor(commands)
    _add_explain(commands)
    _add_config(commands)
    _add_gateway(commands)
    # These rooms read their own arguments; here they only have their place in the list.
    commands.add_parser("setup", help="put zeta-lsp into your editor: show, write, undo")
    commands.add_parser(
        "capture", help="record training data, with consent; see, export, forget it"
    )
    return parser, commands


def _command(commands: Any, name: str, about: str, *examples: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return made


def _add_serve(commands: Any) -> None:
    serve = _command(
        commands,
        "serve",
        "start the language server (the default command)",
        "zeta-lsp",
        "zeta-lsp serve --tcp 127.0.0.1:7171",
        "zeta-lsp --endpoint-url http://127.0.0.1:8000/v1/completions --model zeta-2",
    )
    transport = serve.add_mutually_exclusive_group()
    transport.add_argument("--stdio", action="store_true", help="speak on stdio; the default")
    transport.add_argument("--tcp", metavar="HOST:PORT", type=_address, help="listen on a TCP port")
    transport.add_argument("--ws", metavar="HOST:PORT", type=_address, help="listen for WebSockets")
    _add_endpoint(serve)


def _add_proxy(commands: Any) -> None:
    proxy = _command(
        commands,
        "proxy",
        "run a language server behind us: it works as before, and predictions are added",
        "zeta-lsp proxy -- basedpyright-langserver --stdio",
        "zeta-lsp proxy --url http://127.0.0.1:8000 -- clangd --background-index",
    )
    _add_endpoint(proxy)
    proxy.add_argument(
        "server",
        nargs=argparse.REMAINDER,
        metavar="-- SERVER ARGS...",
        help="the language server and its arguments, as the editor would start it",
    )


def _server_named(options: argparse.Namespace) -> argparse.Namespace:
    """The options without the mark before the server.

    Raises:
        UsageError: no server is named.
    """
    server: list[str] = options.server
    options.server = server[1:] if server[:1] == ["--"] else server
    if not options.server:
        raise UsageError("name the language server: `zeta-lsp proxy -- SERVER ARGS...`")
    return options


def _add_demo(commands: Any) -> None:
    _command(
        commands,
        "demo",
        "watch predictions appear while a scripted person edits a small project",
        "zeta-lsp demo",
    )


def _add_doctor(commands: Any) -> None:
    doctor = _command(
        commands,
        "doctor",
        "check the endpoint: reachable, right model and format, fast enough; what to change",
        "zeta-lsp doctor",
        "zeta-lsp doctor --url http://127.0.0.1:8000 --model zed-industries/zeta-2.1",
        "zeta-lsp doctor --json | jq .checks",
    )
    _add_endpoint(doctor)
    _add_json(doctor)


def _add_explain(commands: Any) -> None:
    explain = _command(
        commands,
        "explain",
        "say what became of the latest predictions, and why there were none",
        "zeta-lsp explain",
        "zeta-lsp explain --last 5",
        "zeta-lsp explain --json | jq '.[0].reason'",
    )
    explain.add_argument(
        "--last", metavar="N", type=_count, default=20, help="how many (default: 20)"
    )
    _add_json(explain)


def _add_config(commands: Any) -> None:
    config = _command(
        commands,
        "config",
        "show the settings, where each comes from, and what is wrong with them",
        "zeta-lsp config",
        "zeta-lsp config path",
        "zeta-lsp config show --json | jq .origins",
        "zeta-lsp config schema > zeta-lsp.schema.json",
    )
    config.add_argument(
        "what",
        nargs="?",
        choices=("show", "path", "schema"),
        default="show",
        help="the settings (default), the path of the user file, or the JSON Schema",
    )
    config.add_argument(
        "--project", metavar="DIR", help="a workspace folder (default: where .zeta.toml is)"
    )
    _add_json(config)
    _add_set(config)


def _add_gateway(commands: Any) -> None:
    gateway = _command(
        commands,
        "gateway",
        "serve predictions over HTTP on loopback, for clients that render their own prompts",
        "zeta-lsp gateway",
        "zeta-lsp gateway --port 7412 --endpoint work",
        "ZETA_TOKEN=$(openssl rand -hex 16) zeta-lsp gateway --token-env ZETA_TOKEN",
        "zeta-lsp gateway --port 0 --json",
    )
    gateway.add_argument(
        "--port", metavar="N", type=_port, default=GATEWAY_PORT, help="default: %(default)s"
    )
    gateway.add_argument(
        "--token-env",
        metavar="VAR",
        help="environment variable with a token that every request must carry",
    )
    _add_json(gateway)
    _add_endpoint(gateway)


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("endpoint, instead of the one in the settings")
    group.add_argument("--url", "--endpoint-url", metavar="U", help="address of the endpoint")
    group.add_argument("--model", metavar="M", help="model, as the endpoint names it")
    group.add_argument("--format", metavar="F", help="prompt format (default: by the model's name)")
    group.add_argument("--kind", choices=_KINDS, help="protocol of the endpoint (default: openai)")
    group.add_argument("--api-key-env", metavar="VAR", help="environment variable with the key")
    group.add_argument("--endpoint", metavar="NAME", help="one of the endpoints in the user file")
    _add_set(parser)


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        metavar="TABLE.FIELD=VALUE",
        action="append",
        default=[],
        help="any other setting, e.g. predict.mode=manual; may be given again",
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def _address(text: str) -> tuple[str, int]:
    """HOST:PORT; an IPv6 address stands in brackets."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise argparse.ArgumentTypeError("expected HOST:PORT, e.g. 127.0.0.1:7171")
    return host, int(port)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError("expected a port, 0 to 65535; 0 takes a free one")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError("expected a number of 1 or more")
    return int(text)
