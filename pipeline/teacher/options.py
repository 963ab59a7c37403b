"""The options of every stage that asks a model, and what they come to."""

import argparse
from pathlib import Path

import platformdirs

from pipeline.teacher.ask import Limits
from pipeline.teacher.asking import Settings
from pipeline.teacher.batches import BATCH_BYTES
from pipeline.teacher.prices import Price, price_of
from pipeline.teacher.vendors.base import VENDORS, Whom, whom
from zeta_lsp.core.errors import UsageError

APP = "zeta-lsp"
FORMAT = "zeta2.1"

CONSENT = """\
What is sent where: each example's code, edits and related files go to the model that you name.
Examples that were recorded as private (`zeta.consent`) are dropped instead, unless the model runs
on this machine or --allow-private is given. Keys come from environment variables only
(ANTHROPIC_API_KEY, OPENAI_API_KEY, or --api-key-env) and are written nowhere.

Every answer is kept in --cache by what was asked. The same command again asks only what is missing;
with nothing missing it asks nobody and writes the same bytes."""


def default_cache() -> Path:
    """The answers of this user."""
    return platformdirs.user_cache_path(APP, appauthor=False) / "answers.sqlite"


def add_asking(parser: argparse.ArgumentParser, *, has_format: bool = True) -> None:
    """Where, how fast, for how much; `has_format`: in which student's format, too."""
    where = parser.add_argument_group("whom to ask", f"VENDOR is one of {', '.join(VENDORS)}")
    where.add_argument("--url", default="", metavar="URL", help="where it is, if not the vendor's")
    where.add_argument("--api-key-env", default="", metavar="NAME", help="variable with the key")
    where.add_argument(
        "--revision",
        default="",
        metavar="WORD",
        help="tells apart models of one name (a checkpoint)",
    )
    where.add_argument("--allow-plain-http", action="store_true", help="to another machine")
    where.add_argument("--allow-private", action="store_true", help="send private examples too")
    if has_format:
        where.add_argument(
            "--format",
            default=FORMAT,
            metavar="NAME",
            help=f"the student's prompt format ({FORMAT})",
        )
    _add_manner(parser.add_argument_group("asking"))
    _add_spending(parser.add_argument_group("spending"))


def _add_manner(how: argparse._ArgumentGroup) -> None:
    how.add_argument(
        "--cache",
        type=Path,
        metavar="FILE",
        help="where answers are kept (the user's cache folder)",
    )
    how.add_argument("--cache-only", action="store_true", help="ask nobody")
    how.add_argument(
        "--batch",
        action="store_true",
        help="send batches, at half the price, and end (status 1); again: take the results",
    )
    how.add_argument("--wait", action="store_true", help="wait until batches are answered")
    how.add_argument("--poll", type=float, default=30.0, metavar="S", help="look so often (30 s)")
    how.add_argument(
        "--batch-bytes",
        type=int,
        default=BATCH_BYTES,
        metavar="N",
        help=f"size of a batch at most ({BATCH_BYTES}); vendors have limits of their own",
    )
    how.add_argument("--per-minute", type=int, metavar="N", help="questions a minute at most")
    how.add_argument(
        "--attempts", type=int, default=8, metavar="N", help="times a question is tried (8)"
    )


def _add_spending(money: argparse._ArgumentGroup) -> None:
    money.add_argument(
        "--max-spend",
        type=float,
        default=5.0,
        metavar="USD",
        help="ask before spending more; the run stops there if nobody agreed (5)",
    )
    money.add_argument("--yes", action="store_true", help="agree to any cost")
    money.add_argument("--price-in", type=float, metavar="USD", help="per million tokens of input")
    money.add_argument("--price-out", type=float, metavar="USD", help="per million of output")


def whom_of(name: str, options: argparse.Namespace) -> Whom:
    """Whom ``VENDOR:MODEL`` names, with these options.

    Raises:
        UsageError: nobody, or nobody knows where.
    """
    return whom(
        name,
        options.url,
        options.api_key_env,
        options.revision,
        allow_plain_http=options.allow_plain_http,
    )


def settings_of(options: argparse.Namespace, whom: Whom) -> Settings:
    """How a run asks.

    Raises:
        UsageError: options contradict each other.
    """
    if min(options.concurrency, options.attempts, options.per_minute or 1) < 1:
        raise UsageError("--concurrency, --attempts and --per-minute are at least 1")
    return Settings(
        cache=options.cache or default_cache(),
        limits=Limits(options.concurrency, options.attempts),
        per_minute=options.per_minute,
        in_batches=options.batch,
        waits=options.wait,
        poll_s=options.poll,
        batch_bytes=options.batch_bytes,
        cache_only=options.cache_only,
        price=_price(options, whom),
        max_usd=options.max_spend,
        is_agreed=options.yes,
        is_quiet=options.quiet,
        as_json=options.json,
    )


def _price(options: argparse.Namespace, whom: Whom) -> Price | None:
    given = (options.price_in, options.price_out)
    if None not in given:
        return Price(*given, source="the command line")
    if given != (None, None):
        raise UsageError("--price-in and --price-out go together")
    return price_of(whom.vendor, whom.model)
