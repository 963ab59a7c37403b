"""What stages ask of an example: its input, its patches, where it comes from, what it is called.

An example is a JSON object that anybody may have written. So everything here answers for any
object: with what is there, or that it is not.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import msgspec

from pipeline.records import Dropped, Row
from zeta_lsp.core.diff.patch import apply_diff
from zeta_lsp.core.errors import UnreadableInput
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.zed_inputs import given_of as read_input

IDENTITY = (
    "repository_url",
    "revision",
    "uncommitted_diff",
    "cursor_path",
    "cursor_position",
    "edit_history",
)
"""The fields that say which moment an example is about; two with the same are the same example."""

_encoder = msgspec.json.Encoder(order="deterministic")


def key_of(row: Row) -> str:
    """What makes it the same example: 32 hex digits, whatever else was added to it since."""
    identity: Any = [row.get(name) or "" for name in IDENTITY]
    if not any(identity[3:]):  # nothing of an example is there: then all of it
        identity = row
    return hashlib.blake2b(_encoder.encode(identity), digest_size=16).hexdigest()


def given_of(row: Row) -> PromptInput | Dropped:
    """The complete input of its prediction."""
    inputs = row.get("prompt_inputs")
    if inputs is None:
        return Dropped("no_input", "run `zeta-pipeline context` first")
    try:
        return read_input(inputs)
    except UnreadableInput as fault:
        return Dropped("unreadable_input", str(fault))


def expected_patches(row: Row) -> list[str]:
    """The right answers, any of which will do. Empty means that nobody said."""
    found = row.get("expected_patches")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def predictions(row: Row) -> list[Row]:
    """What models said."""
    found = row.get("predictions")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def applied(patch: str, text: str) -> str | None:
    """A text with a patch applied as Zed does, cursor marks left out; None if it does not fit.

    A patch without hunks changes nothing.
    """
    return apply_diff(patch.replace(CURSOR, ""), text)


def ours(row: Row) -> Row:
    """The fields that this project adds; empty for records of others."""
    found = row.get("zeta")
    return found if isinstance(found, dict) else {}


def with_ours(row: Row, **fields: Any) -> Row:
    """The row with fields of ours added."""
    return {**row, "zeta": {**ours(row), **fields}}


def repository_of(row: Row) -> str:
    """What it must not be split from: the repository; without one its project, or its folder."""
    project = ours(row).get("project")
    ident = project.get("id") if isinstance(project, dict) else None
    found = row.get("repository_url") or ident
    if found:
        return str(found)
    return next(iter(PurePosixPath(str(row.get("cursor_path") or "")).parts), "")


def person_of(row: Row) -> str:
    """Whose editing it is, by the widest name that is known; the repository without any."""
    return next(iter(people_of(row)), repository_of(row))


def people_of(row: Row) -> tuple[str, ...]:
    """All names of whose editing it is, the widest first: a person, a device, a consent, a session.

    A consent is one person's for one project, a session one editor's from start to end.
    """
    telemetry, consent = row.get("telemetry"), ours(row).get("consent")
    found = (
        ours(row).get("person"),
        telemetry.get("device_id") if isinstance(telemetry, dict) else None,
        consent.get("receipt") if isinstance(consent, dict) else None,
        ours(row).get("session"),
    )
    return tuple(one for one in found if isinstance(one, str) and one)


def language_of(row: Row) -> str:
    """The language by the file's name: what stands behind the last dot, in lower case."""
    path = PurePosixPath(str(row.get("cursor_path") or ""))
    return (path.suffix[1:] or path.name).lower()


def licence_of(row: Row) -> str | None:
    """The SPDX name of its licence, None if nobody said."""
    licence = ours(row).get("licence")
    found = licence.get("spdx") if isinstance(licence, dict) else licence
    return found if isinstance(found, str) else None


def tags_of(row: Row) -> frozenset[str]:
    """Its tags, in lower case."""
    found = row.get("tags")
    words = found if isinstance(found, list) else ()
    return frozenset(one.lower() for one in words if isinstance(one, str))


def is_private(row: Row) -> bool:
    """Whether its code is under no open licence, recorded because its owner said so."""
    consent = ours(row).get("consent")
    is_closed = isinstance(consent, dict) and consent.get("private") is True
    return is_closed or "private" in tags_of(row)


def time_of(row: Row) -> float | None:
    """When the prediction was asked for, in seconds since 1970."""
    known = ours(row).get("time")
    if isinstance(known, (int, float)) and not isinstance(known, bool):
        return float(known)
    telemetry = row.get("telemetry")
    text = telemetry.get("time") if isinstance(telemetry, dict) else None
    try:
        return _seconds(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None


def _seconds(text: str) -> float:
    """Of an RFC 3339 time; without a zone it is UTC."""
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def repositories_of(row: Row) -> tuple[str, ...]:
    """Every repository that it is known to be in: a commit may be in forks as well."""
    provenance = ours(row).get("provenance")
    forks = provenance.get("repositories") if isinstance(provenance, dict) else None
    others = forks if isinstance(forks, list) else ()
    return (repository_of(row), *(one for one in others if isinstance(one, str)))


def changed_rows(patch: str) -> int:
    """Rows that a patch adds or takes away."""
    rows: Sequence[str] = patch.splitlines()
    return sum(row[:1] in {"+", "-"} and row[:3] not in {"+++", "---"} for row in rows)
