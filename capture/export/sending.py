"""Exports to a URL, and to packed files: made whole in a private folder, then sent in one go.

A URL is whatever `fsspec` knows (``s3://…``, ``sftp://…``, ``memory://…``), and a name that ends in
``.gz`` and the like is packed. Where the other side has transactions, a sending that is cut off
leaves nothing there.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capture.export.output import Output, grown, replaced
from zeta_lsp.core.errors import UsageError, ZetaError


@contextmanager
def sent(url: str, form: str, *, resume: bool) -> Iterator[Output]:
    """Lines for a URL. To resume means to fetch what is there and send it back with more.

    Raises:
        UsageError: nothing knows such a URL.
        ZetaError: the other side failed.
    """
    system, place = _located(url)
    with tempfile.TemporaryDirectory(prefix="zeta-export-") as folder:
        spool = Path(folder) / "lines.jsonl"
        is_there = resume and _told(url, system.exists, place)
        if is_there:
            _told(url, _fetch, system, place, spool)
        with grown(spool, form) if is_there else replaced(spool) as made:
            yield made
        _told(url, _send, system, place, spool)


def _located(url: str) -> tuple[Any, str]:
    import fsspec  # type: ignore[import-untyped]  # it ships no types

    try:
        system, place = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as fault:
        raise UsageError(f"{url} cannot be used: {fault}") from fault
    return system, place


def _told(url: str, step: Any, *arguments: Any) -> Any:
    """Do a step. What goes wrong elsewhere has as many types as there are file systems."""
    try:
        return step(*arguments)
    except Exception as fault:
        raise ZetaError(f"{url} cannot be used: {fault}") from fault


def _fetch(system: Any, place: str, spool: Path) -> None:
    with system.open(place, "rb", compression="infer") as source, spool.open("wb") as target:
        shutil.copyfileobj(source, target)


def _send(system: Any, place: str, spool: Path) -> None:
    with (
        system.transaction,
        spool.open("rb") as source,
        system.open(place, "wb", compression="infer") as target,
    ):
        shutil.copyfileobj(source, target)
    if "file" in system.protocol:
        Path(place).chmod(0o600)
