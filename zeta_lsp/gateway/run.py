"""`zeta-lsp gateway`: open the door, say where it is, and serve until interrupted."""

import argparse
import asyncio
import contextlib
import secrets
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence

import msgspec

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.exclusion import Exclusions
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.resolve import Resolved
from zeta_lsp.core.settings import Settings
from zeta_lsp.gateway.asking import Gateway
from zeta_lsp.gateway.book import Book
from zeta_lsp.gateway.crowd import Crowd
from zeta_lsp.gateway.http.app import application
from zeta_lsp.gateway.http.listening import listening, port_of, server
from zeta_lsp.gateway.screening import Screen
from zeta_lsp.gateway.snippets import zed_settings
from zeta_lsp.gateway.upstream import AUTO, Upstream

Enter = Callable[[Sequence[JournalEntry]], None]


def run_gateway(
    options: argparse.Namespace,
    resolved: Resolved,
    upstream: Upstream,
    enter: Enter,
    environ: Mapping[str, str],
) -> int:
    """Run the command. `resolved` holds what the person's own settings say.

    Raises:
        UsageError: the token is missing.
        ZetaError: the port cannot be had.
    """
    token = _token(options.token_env, environ)
    for problem in resolved.problems:
        sys.stderr.write(f"zeta-lsp: {problem}\n")
    sockets = listening(options.port)
    gateway = made(resolved.settings, upstream, enter)
    _announce(f"http://127.0.0.1:{port_of(sockets)}", resolved.settings, as_json=options.json)
    serving = server(application(gateway, token))
    asyncio.run(_served(serving.serve(sockets=sockets), upstream))
    return 0


def made(settings: Settings, upstream: Upstream, enter: Enter) -> Gateway:
    """A gateway with what settings say of predictions."""
    predict = settings.predict
    return Gateway(
        upstream,
        Screen(Exclusions(predict.disabled_globs)),
        Crowd(predict.max_in_flight),
        Book(secrets.token_hex(3), enter, time.time),
        off=predict.mode == "off",
    )


async def _served(serving: Coroutine[None, None, None], upstream: Upstream) -> None:
    """Serve, and have ready what the first question needs."""
    warming = asyncio.ensure_future(upstream.warm())
    try:
        await serving
    finally:
        warming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await warming
        await upstream.aclose()


def _token(variable: str | None, environ: Mapping[str, str]) -> str:
    if not variable:
        return ""
    token = environ.get(variable, "")
    if not token:
        raise UsageError(f"--token-env names {variable}, which is not set")
    return token


def _announce(url: str, settings: Settings, *, as_json: bool) -> None:
    """Say where the door is: for programs as JSON, for people with what to write into Zed."""
    if as_json:
        sys.stdout.write(msgspec.json.encode({"url": url}).decode() + "\n")
    else:
        sys.stdout.write(f"{url}\n")
        if sys.stdout.isatty():
            wanted = settings.active_endpoint.format
            sys.stdout.write(_help(url, "" if wanted == AUTO else wanted))
    sys.stdout.flush()


def _help(url: str, format_name: str) -> str:
    return (
        f"\nZed's settings.json:\n\n{zed_settings(url, format_name)}\n\n"
        "docs/gateway.md has cursortab, llama.vim and others. "
        "`zeta-lsp explain` says what became of each request. Ctrl-C ends.\n"
    )
