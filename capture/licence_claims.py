"""What package manifests say about a folder's licence, where it contradicts the licence's text.

A copied ``LICENSE`` beside ``"license": "UNLICENSED"`` is a contradiction, and a project that
contradicts itself is not open. A manifest alone proves nothing: its words never make a project
open. Only the field itself counts, so that a new dependency does not look like a new licence.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from capture.licence_files import read_inside

_MAX_BYTES = 512 * 1024
_MAX_CLAIM = 200
"""Some manifests hold a whole licence; what it begins with tells."""
_CLOSED = re.compile(
    r"\b(?:unlicensed|proprietary|commercial|noncommercial|licenseref|confidential"
    r"|commons[- ]clause|[al]?gpl|gnu|mpl|mozilla|epl|eclipse|eupl|busl|sspl|cddl|elastic|ms-[pr]l"
    r"|osl|cc-by)"
    r"|all rights reserved",
    re.IGNORECASE,
)
_PROPRIETARY = "License :: Other/Proprietary License"
_CHOICE = re.compile(r"\s+or\s+|\s*/\s*", re.IGNORECASE)


def claims_of(root: Path, folder: Path) -> list[tuple[str, str]]:
    """``(manifest, claim)`` for each manifest in a folder that names a licence."""
    readers = {
        "package.json": _from_package_json,
        "composer.json": _from_package_json,
        "pyproject.toml": _from_pyproject,
        "Cargo.toml": _from_cargo,
    }
    found = []
    for name, read in readers.items():
        content = read_inside(root, folder / name, _MAX_BYTES) if (folder / name).exists() else None
        claim = ", ".join(_read(read, content)) if content else ""
        if claim:
            found.append((name, claim))
    return found


def is_closed(claim: str) -> bool:
    """Whether a claim leaves no open licence to choose. Words that say nothing are not closed."""
    return all(_CLOSED.search(choice) for choice in _CHOICE.split(claim))


def _read(read: Any, content: bytes) -> list[str]:
    try:
        stated = [claim.strip() for claim in read(content) if isinstance(claim, str)]
    except (ValueError, RecursionError, msgspec.MsgspecError):  # the project's own mistake
        return []
    return [claim[:_MAX_CLAIM] for claim in stated if claim]


def _from_package_json(content: bytes) -> Iterator[Any]:
    document = _table(msgspec.json.decode(content))
    stated = document.get("license")
    for one in stated if isinstance(stated, list) else [stated]:
        yield one.get("type") if isinstance(one, dict) else one


def _from_pyproject(content: bytes) -> Iterator[Any]:
    project = _table(tomllib.loads(content.decode("utf-8-sig")).get("project"))
    stated = project.get("license")
    yield _table(stated).get("text") if isinstance(stated, dict) else stated
    classifiers = project.get("classifiers")
    if isinstance(classifiers, list) and _PROPRIETARY in classifiers:
        yield "Proprietary"


def _from_cargo(content: bytes) -> Iterator[Any]:
    yield _table(tomllib.loads(content.decode("utf-8-sig")).get("package")).get("license")


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
