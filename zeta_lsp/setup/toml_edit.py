"""Changing TOML files; comments, order and blanks stay as they are.

What comes out is read by another reader than the one that made it, and compared.
"""

import tomllib
from collections.abc import Callable
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from zeta_lsp.setup.change import Refused
from zeta_lsp.setup.text import fitted

_BOM = "\ufeff"


def edited(text: str, edit: Callable[[tomlkit.TOMLDocument], None], name: str) -> str:
    """`text` after `edit` has changed the document.

    Raises:
        Refused: the file called `name` cannot be read, or not be changed without harm.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    document = _parsed(text.removeprefix(_BOM), name)
    if tomlkit.dumps(document) != text.removeprefix(_BOM):
        raise Refused(f"{name} cannot be changed without touching the rest of it")
    edit(document)
    result = fitted(text, mark + tomlkit.dumps(document))
    if _values(result) != document.unwrap():
        raise Refused(f"{name} cannot be changed safely")
    return result


def values_in(text: str, name: str) -> dict[str, Any]:
    """What a file holds. Raises Refused if it cannot be read."""
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except (ValueError, RecursionError):
        raise Refused(f"{name} is not valid TOML") from None


def _parsed(text: str, name: str) -> tomlkit.TOMLDocument:
    values_in(text, name)
    try:
        return tomlkit.parse(text)
    except TOMLKitError:
        raise Refused(f"{name} is not valid TOML") from None


def _values(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except ValueError:
        return None
