"""The program: reads the command line, joins the rooms, starts.

Editors start the language server, and wait for it. So nothing is imported here that a start does
not need: the command line is only taken apart when there is something on it, and each command
imports what it uses.

Exit status: 0, 1 (it failed; one line on stderr says why), 2 (wrong use), 130 (interrupted).
"""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from zeta_lsp.core.endpoint import Endpoint
    from zeta_lsp.core.journal import JournalEntry
    from zeta_lsp.core.layers import Layer
    from zeta_lsp.core.ports import Predictor, Syntax, Watcher
    from zeta_lsp.core.recording import Capturing, ConsentDesk, Level, Proposal, Recorder
    from zeta_lsp.core.resolve import Resolved
    from zeta_lsp.core.surroundings import Gatherer
    from zeta_lsp.gateway.upstream import Upstream
    from zeta_lsp.journal.writer import JournalWriter
    from zeta_lsp.server.connection import Application
    from zeta_lsp.server.doors import Doors
    from zeta_lsp.server.editor import Editor
    from zeta_lsp.server.proxy.neighbour import Neighbour

    LoadSettings = Callable[[Sequence[Path], Layer | None], Resolved]

_NO_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""Pydantic looks through every installed package for plugins, which takes some 50 ms and runs code
that nobody here asked for."""
_FROM_EDITORS: tuple[list[str], ...] = ([], ["--stdio"], ["serve"], ["serve", "--stdio"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    os.environ.setdefault(*_NO_PLUGINS)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in _FROM_EDITORS:
        return _serve(None)
    from zeta_lsp.core.errors import UsageError, ZetaError

    try:
        status = _run(given)
        sys.stdout.flush()
    except UsageError as fault:
        return _complain(fault, 2)
    except ZetaError as fault:
        return _complain(fault, 1)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def _run(arguments: list[str]) -> int:
    from zeta_lsp.cli.arguments import parse

    if arguments[:1] == ["capture"]:
        return _capture(arguments[1:])
    if arguments[:1] == ["setup"]:
        return _setup(arguments[1:])
    options = parse(arguments)
    commands = {
        "serve": _serve,
        "proxy": _proxy,
        "demo": _demo,
        "doctor": _doctor,
        "explain": _explain,
        "config": _config,
        "gateway": _gateway,
    }
    return commands[options.command](options)


def _complain(fault: Exception, status: int) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"zeta-lsp: {fault}\n")
    return status


def _serve(options: "argparse.Namespace | None") -> int:
    """Start the language server; without options it speaks on stdio."""
    from zeta_lsp.server.app import serve
    from zeta_lsp.server.features import application

    journal = _Journal()
    doors = _doors(options, journal.enter)
    try:
        return serve(lambda editor: application(doors, editor), *_transport(options))
    except OSError as fault:
        return _complain(fault, 1)
    finally:
        journal.close()


def _proxy(options: "argparse.Namespace") -> int:
    """Start the user's language server and stand before it; it starts while we do."""
    from zeta_lsp.core.errors import ZetaError
    from zeta_lsp.server.proxy.launch import start
    from zeta_lsp.server.streams import claim_standard_streams

    _settings_loader(options)  # what is wrong on the command line is found at once
    env = {name: value for name, value in os.environ.items() if (name, value) != _NO_PLUGINS}
    try:
        given, taken = claim_standard_streams()
        server = start(options.server, env)
    except OSError as fault:
        raise ZetaError(f"cannot run {options.server[0]!r}: {fault.strerror}") from None
    from zeta_lsp.server.proxy.serve import serve

    journal = _Journal()

    def session(editor: "Editor", neighbour: "Neighbour") -> "Application":
        """Made behind the proxy's fuse: if it cannot be, the language server runs all the same."""
        from zeta_lsp.server.features import application

        return application(_doors(options, journal.enter), editor, neighbour)

    try:
        return serve(session, server, given, taken)
    finally:
        journal.close()


class _Journal:
    """The journal of this process, opened with its first entry."""

    def __init__(self) -> None:
        self._writer: JournalWriter | None = None

    def enter(self, entries: "Sequence[JournalEntry]") -> None:
        from zeta_lsp.cli.folders import data_path
        from zeta_lsp.journal.writer import JournalWriter

        if self._writer is None:
            self._writer = JournalWriter(data_path(os.environ))
        for entry in entries:
            self._writer.add(entry)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _Consents:
    """The consents of this user. What reads them is imported once there may be one to read."""

    def stamp(self) -> int:
        from zeta_lsp.cli.folders import data_path

        return self._desk.stamp() if (data_path(os.environ) / "capture").exists() else 0

    def proposal(self, root: "Path", level: "Level") -> "Proposal":
        return self._desk.proposal(root, level)

    def grant(self, root: "Path", level: "Level") -> str:
        return self._desk.grant(root, level)

    def revoke(self, root: "Path") -> bool:
        return self._desk.revoke(root)

    @functools.cached_property
    def _desk(self) -> "ConsentDesk":
        from capture.join import consent_desk
        from zeta_lsp import __version__
        from zeta_lsp.cli.folders import data_path

        return consent_desk(data_path(os.environ), __version__)


def _doors(
    options: "argparse.Namespace | None", enter: "Callable[[Sequence[JournalEntry]], None]"
) -> "Doors":
    """The ways out of the server's room. What they lead to is imported when first used."""
    import time

    from zeta_lsp.server.doors import Doors

    def predictor_for(endpoint: "Endpoint") -> "Predictor":
        if endpoint.kind == "repeat":
            from zeta_lsp.models.repeat import Repeat

            return Repeat()
        from zeta_lsp.models.build import predictor_for

        return predictor_for(endpoint)

    def syntax_for(language_id: str, path: str) -> "Syntax | None":
        from zeta_lsp.context.syntax import syntax_for

        return syntax_for(language_id, path)

    def watcher_for(changed: "Callable[[Path], None]") -> "Watcher":
        from zeta_lsp.context.watch import FolderWatcher

        return FolderWatcher(changed)

    def gatherer_for() -> "Gatherer":
        from zeta_lsp.cli.folders import cache_path
        from zeta_lsp.context.gatherer import WorkspaceGatherer

        return WorkspaceGatherer(cache_path(os.environ) / "index")

    def recorder_for(wish: "Capturing") -> "Recorder | None":
        from capture.join import recorder_for
        from zeta_lsp import __version__
        from zeta_lsp.cli.folders import data_path

        return recorder_for(data_path(os.environ), wish, __version__)

    return Doors(
        load_settings=_settings_loader(options),
        predictor_for=predictor_for,
        syntax_for=syntax_for,
        enter=enter,
        watcher_for=watcher_for,
        gatherer_for=gatherer_for,
        recorder_for=recorder_for,
        consents=_Consents(),
        clock=time.perf_counter,
        wall_clock=time.time,
    )


def _transport(options: "argparse.Namespace | None") -> tuple[str, tuple[str, int] | None]:
    """``stdio``, ``tcp`` or ``ws``, and where to listen."""
    if options is not None and (options.tcp or options.ws):
        return ("tcp", options.tcp) if options.tcp else ("ws", options.ws)
    return "stdio", None


def _settings_loader(options: "argparse.Namespace | None") -> "LoadSettings":
    """Reads the settings for some workspace folders, once the server wants them.

    Loading imports pydantic, which is why it waits until `initialize` is answered. What is wrong
    on the command line is found at once.
    """
    if options is not None and options.set:
        from zeta_lsp.cli.overrides import overrides

        overrides(options)

    def load(roots: "Sequence[Path]", editor: "Layer | None" = None) -> "Resolved":
        from zeta_lsp.cli.overrides import overrides
        from zeta_lsp.cli.sources import gather

        given = overrides(options) if options is not None else []
        return gather(os.environ, [*given, *([editor] if editor else [])], roots).resolved()

    return load


def _demo(_: "argparse.Namespace") -> int:
    from zeta_lsp.demo.run import run_demo

    return run_demo()


def _doctor(options: "argparse.Namespace") -> int:
    from zeta_lsp.cli.doctor import run_doctor
    from zeta_lsp.core.endpoint import Endpoint
    from zeta_lsp.core.ports import Predictor
    from zeta_lsp.models.build import DEFAULT_URLS, predictor_for
    from zeta_lsp.models.probe import Served, identify

    class Doors:
        """What talks to endpoints."""

        async def identify(self, endpoint: Endpoint) -> Served:
            return await identify(endpoint)

        def predictor_for(self, endpoint: Endpoint) -> Predictor:
            return predictor_for(endpoint)

        def url_of(self, endpoint: Endpoint) -> str:
            return endpoint.url or DEFAULT_URLS.get(endpoint.kind, "")

    return run_doctor(options, os.environ, Doors())


def _explain(options: "argparse.Namespace") -> int:
    from zeta_lsp.cli.explain import run_explain
    from zeta_lsp.cli.folders import data_path
    from zeta_lsp.journal.reader import read_journal

    return run_explain(options, data_path(os.environ), read_journal)


def _capture(arguments: list[str]) -> int:
    from capture.commands import main as capture
    from zeta_lsp import __version__
    from zeta_lsp.cli.folders import data_path

    settings = _settings_loader(None)([], None).settings
    return capture(
        arguments,
        data_path(os.environ),
        enabled=settings.capture.enabled,
        settings_globs=settings.predict.disabled_globs,
        version=__version__,
    )


def _setup(arguments: list[str]) -> int:
    """Set editors up. `doctor` speaks about the settings as they are once that is done."""
    import asyncio
    import json
    import time

    from zeta_lsp import __version__
    from zeta_lsp.cli.arguments import GATEWAY_PORT, parse
    from zeta_lsp.cli.folders import config_path, data_path
    from zeta_lsp.core.errors import ZetaError
    from zeta_lsp.gateway.snippets import zed_settings
    from zeta_lsp.models.probe import identify
    from zeta_lsp.setup.carrying import execute_program
    from zeta_lsp.setup.command import Doors, run_setup
    from zeta_lsp.setup.receipts import Receipts
    from zeta_lsp.setup.surroundings import surroundings

    def doctor() -> bool:
        try:
            return _doctor(parse(["doctor"])) == 0
        except ZetaError as fault:
            sys.stdout.write(f"{fault}\n")
            return False

    doors = Doors(
        config_file=config_path(os.environ),
        receipts=Receipts(data_path(os.environ), __version__, time.time),
        identify=lambda endpoint: asyncio.run(identify(endpoint)),
        doctor=doctor,
        execute=execute_program,
    )
    zed = json.loads(zed_settings(f"http://127.0.0.1:{GATEWAY_PORT}", ""))
    return run_setup(arguments, surroundings(os.environ, sys.argv[0], zed), doors)


def _config(options: "argparse.Namespace") -> int:
    from pathlib import Path

    from zeta_lsp.cli.config import run_config

    return run_config(options, os.environ, Path.cwd())


def _gateway(options: "argparse.Namespace") -> int:
    """Serve the user's endpoint over HTTP. No project has a say: which one is not known here."""
    from zeta_lsp.core.settings import endpoint_of
    from zeta_lsp.gateway.run import run_gateway

    resolved = _settings_loader(options)([], None)
    journal = _Journal()
    try:
        upstream = _upstream(endpoint_of(resolved.settings.active_endpoint))
        return run_gateway(options, resolved, upstream, journal.enter, os.environ)
    finally:
        journal.close()


def _upstream(endpoint: "Endpoint") -> "Upstream":
    from zeta_lsp.gateway.upstream import Embedded, Served

    if endpoint.kind == "repeat":
        from zeta_lsp.models.repeat import Repeat

        return Embedded(Repeat())
    from zeta_lsp.models.build import DEFAULT_FORMATS, Models
    from zeta_lsp.models.predictor import EndpointPredictor

    model = Models().model(endpoint)
    fallback = DEFAULT_FORMATS.get(endpoint.kind, "")
    return Served(model, lambda form: EndpointPredictor(form, model), endpoint.format, fallback)


def _leave_folder() -> None:
    """Import nothing from the folder we were started in, which may be anybody's repository."""
    from pathlib import Path

    ours = Path(__file__).resolve().parent.parent
    if sys.path and sys.path[0] in ("", str(Path.cwd())) and Path.cwd() != ours:
        del sys.path[0]


if __name__ == "__main__":
    _leave_folder()
    sys.exit(main())
