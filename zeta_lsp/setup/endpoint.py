"""The endpoint in the user's own settings file: what is written there, and what is there already.

Only names of variables are written, never a key. What was set for another address does not stay:
a key or a header that was meant for one server must not reach another.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.address import checked_url, origin_of
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import UsageError
from zeta_lsp.setup.change import Change, Refused, content_of
from zeta_lsp.setup.text import decoded
from zeta_lsp.setup.toml_edit import TomlFile, table_text, values_in

EMBEDDED = "repeat"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_STAYS = ("timeout_ms",)


class Choice(msgspec.Struct, frozen=True):
    """An endpoint as somebody chose it; fields as in `[endpoint]`, empty ones left to defaults."""

    kind: str = "openai"
    url: str = ""
    model: str = ""
    format: str = "auto"
    api_key_env: str = ""
    allow_plain_http: bool = False

    @property
    def is_embedded(self) -> bool:
        """Whether no endpoint is asked at all."""
        return self.kind == EMBEDDED

    def endpoint(self) -> Endpoint:
        """The same, for whoever talks to it."""
        return Endpoint(**msgspec.structs.asdict(self))

    def table(self) -> dict[str, Any]:
        """The fields that have to be written."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value != _DEFAULTS[name]}


_DEFAULTS: Mapping[str, Any] = msgspec.structs.asdict(Choice())


def chosen(options: Mapping[str, Any]) -> Choice | None:
    """The endpoint that the command line names; None if it names none.

    Raises:
        UsageError: it cannot be one.
    """
    if options["embedded"]:
        return Choice(kind=EMBEDDED)
    given = {name: options[name] for name in _DEFAULTS if options[name]}
    if not given:
        return None
    if "url" in given:
        check_url(given["url"])
    if "api_key_env" in given:
        check_variable(given["api_key_env"])
    return Choice(**given)


def check_url(url: str) -> None:
    """Raises UsageError if a text is no address of a server."""
    try:
        checked_url(url)
    except ValueError as fault:
        raise UsageError(f"that is no address: {fault}") from None


def check_variable(name: str) -> None:
    """Raises UsageError if a text cannot name a variable, which a key hardly ever can."""
    if not _VARIABLE.fullmatch(name):
        raise UsageError(
            "that is no name of an environment variable: name the one that holds the key, "
            "since a key itself is never written down"
        )


def current(path: Path) -> Choice | None:
    """The endpoint in a settings file; None if it has none. Raises Refused if unreadable."""
    table = values_in(decoded(content_of(path), str(path)), str(path)).get("endpoint")
    if not isinstance(table, dict):
        return None
    known = {name: value for name, value in table.items() if name in _DEFAULTS}
    return msgspec.convert(known, Choice, strict=False)


def change_to(path: Path, choice: Choice) -> Change:
    """The settings file with another endpoint.

    Raises:
        Refused: the file cannot be changed safely.
    """
    before = content_of(path)
    text = decoded(before, str(path))
    if choice.is_embedded and "endpoint" not in values_in(text, str(path)):
        return Change(path, before, before)
    file = TomlFile(text, str(path))
    _set(file, choice, path)
    return Change(path, before, file.text().encode("utf-8"), private=True)


def _set(file: TomlFile, choice: Choice, path: Path) -> None:
    table = file.values.get("endpoint", {})
    if not isinstance(table, dict):
        snippet = table_text(("endpoint",), choice.table())
        raise Refused(f"{path} chooses among endpoints by name", snippet)
    if not choice.is_embedded:
        for name in [each for each in table if not _keeps(each, table, choice)]:
            file.remove(("endpoint", name))
    for name, value in choice.table().items():
        file.put(("endpoint", name), value)


def _keeps(name: str, table: Mapping[str, Any], choice: Choice) -> bool:
    """Whether a field that is there stays, or is about to be set."""
    if name in _DEFAULTS:
        return name in choice.table()
    same = table.get("kind", "openai") == choice.kind
    here, there = str(table.get("url", "")), choice.url
    return name in _STAYS or (same and (here == there or origin_of(here) == origin_of(there)))
