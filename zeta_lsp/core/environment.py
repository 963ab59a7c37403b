"""Settings from environment variables and from ``KEY=VALUE`` arguments, which are all text.

``ZETA_LSP_<TABLE>_<FIELD>`` sets a field: ``ZETA_LSP_ENDPOINT_URL``, ``ZETA_LSP_PREDICT_MODE``.
``ZETA_LSP_ENDPOINT`` alone names one of the endpoints of the user file. Lists are separated by
commas, tables are ``name=value`` pairs separated by commas. ``ZETA_LSP_NO_CAPTURE`` and
``DO_NOT_TRACK`` forbid capture unless they are empty or 0.

Text becomes what the field takes where it can; otherwise it stays text, and `resolve` says so.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_origin

from zeta_lsp.core.entries import SECTIONS
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.layers import Layer, Origin
from zeta_lsp.core.settings import Section

PREFIX = "ZETA_LSP_"
_NO_CAPTURE = ("ZETA_LSP_NO_CAPTURE", "DO_NOT_TRACK")
_TRUTH = {"1": True, "true": True, "yes": True, "on": True}
_TRUTH |= {"0": False, "false": False, "no": False, "off": False}


def from_environment(variables: Mapping[str, str]) -> list[Layer]:
    """The layers that environment variables make; foreign ones are not looked at."""
    choice = variables.get(f"{PREFIX}ENDPOINT", "")
    trees: list[dict[str, Any]] = [{"endpoint": choice}] if choice else []
    trees += [_tree(_settings_in(variables))]
    if any(variables.get(name, "0") not in ("", "0") for name in _NO_CAPTURE):
        trees += [{"capture": {"enabled": False}}]
    return [Layer(Origin.ENVIRONMENT, tree, "environment") for tree in trees if tree]


def from_arguments(pairs: Iterable[str]) -> Layer:
    """The layer that ``table.field=value`` arguments make.

    Raises:
        UsageError: an argument has no dot or no equals sign.
    """
    found = []
    for pair in pairs:
        key, equals, text = pair.partition("=")
        section, dot, field = key.partition(".")
        if not (equals and dot):
            raise UsageError("a setting is given as TABLE.FIELD=VALUE, e.g. predict.mode=manual")
        found.append((section, field, text))
    return Layer(Origin.COMMAND_LINE, _tree(found), "command line")


def variable_for(section: str, field: str) -> str:
    """The environment variable that sets a field."""
    return f"{PREFIX}{section}_{field}".upper()


def _settings_in(variables: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """(table, field, text) of every variable that is named like a setting."""
    for name in sorted(variables):
        for section in SECTIONS:
            start = f"{PREFIX}{section}_".upper()
            if name.startswith(start) and name != start:
                yield section, name.removeprefix(start).lower(), variables[name]


def _tree(found: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for section, field, text in found:
        model = SECTIONS.get(section)
        value = _parsed(model, field, text) if model else text
        tree.setdefault(section, {})[field] = value
    return tree


def _parsed(model: type[Section], field: str, text: str) -> object:
    """Text as the kind of value that the field takes, if it can be read as one."""
    known = model.model_fields.get(field)
    kind = known and (get_origin(known.annotation) or known.annotation)
    if kind is bool:
        return _TRUTH.get(text.strip().lower(), text)
    if kind in (int, float):
        return _number(text)
    if kind is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is dict:
        return _pairs(text)
    return text


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _pairs(text: str) -> object:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(equals for _, equals, _ in parts):
        return text
    return {name.strip(): value.strip() for name, _, value in parts}
