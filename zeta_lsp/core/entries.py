"""A tree of settings, cut into single entries.

Any tree may come: unknown names, wrong types, a million keys. What is known is yielded in the order
in which the models declare it, so that the order of a file never matters; what is not is reported.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import msgspec

from zeta_lsp.core.checking import kind_of
from zeta_lsp.core.settings import (
    CaptureSettings,
    ContextSettings,
    EndpointSettings,
    ExperimentSettings,
    PredictSettings,
    Section,
    Settings,
)

Path = tuple[str, ...]
Report = Callable[[str, str], None]

SECTIONS: dict[str, type[Section]] = {
    "endpoint": EndpointSettings,
    "predict": PredictSettings,
    "context": ContextSettings,
    "capture": CaptureSettings,
    "experiments": ExperimentSettings,
}
_MOST_ENTRIES = 256
_MOST_REPORTS = 20
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_KEY_NAMES = frozenset({"api_key", "apikey", "key", "token"})


class Entry(msgspec.Struct, frozen=True):
    """One setting: where it stands, which field of which model it is, and what was given."""

    path: Path
    model: type[Section]
    field: str
    value: object


def entries(tree: object, report: Report) -> Iterator[Entry]:
    """Cut a tree into entries; `report` is called with a name and what is wrong with it."""
    for name, value in _fields(Settings, tree, (), report):
        if name == "endpoint" and isinstance(value, str):
            yield Entry((name,), Settings, name, value)
        elif name == "endpoints":
            yield from _endpoints(value, report)
        else:
            yield from _section(SECTIONS[name], value, (name,), report)


def shown(name: object) -> str:
    """A name as it can be shown: whatever is no plain name may hide something."""
    return name if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else "(unreadable name)"


def _endpoints(table: object, report: Report) -> Iterator[Entry]:
    if not isinstance(table, Mapping):
        report("endpoints", f"expected a table, got {kind_of(table)}")
        return
    for name, value in islice(table.items(), _MOST_ENTRIES):
        if shown(name) != name:
            report(f"endpoints.{shown(name)}", "expected letters, digits, '_', '.' or '-'")
        else:
            yield from _section(EndpointSettings, value, ("endpoints", name), report)


def _section(model: type[Section], table: object, path: Path, report: Report) -> Iterator[Entry]:
    for field, value in _fields(model, table, path, report):
        if field == "languages" and isinstance(value, Mapping):
            yield from _languages(value, (*path, field), report)
        else:
            yield Entry((*path, field), model, field, value)


def _languages(table: Mapping[object, object], path: Path, report: Report) -> Iterator[Entry]:
    for name, value in islice(table.items(), _MOST_ENTRIES):
        if shown(name) != name:
            report(".".join((*path, shown(name))), "not a language id")
        else:
            yield Entry((*path, str(name)), PredictSettings, "mode", value)


def _fields(
    model: type[Section], table: object, path: Path, report: Report
) -> Iterator[tuple[str, object]]:
    """The known fields of a table, in declared order; the unknown ones are reported."""
    if not isinstance(table, Mapping):
        report(".".join(path), f"expected a table, got {kind_of(table)}")
        return
    for field in model.model_fields:
        if field in table:
            yield field, table[field]
    unknown = (name for name in table if name not in model.model_fields)
    for name in islice(unknown, _MOST_REPORTS):
        report(".".join((*path, shown(name))), _unknown(model, name))


def _unknown(model: type[Section], name: object) -> str:
    if not isinstance(name, str):
        return "no such setting"
    if name.lower() in _KEY_NAMES:
        return "keys are never written here; use api_key_env or api_key_command"
    near = difflib.get_close_matches(name[:64], model.model_fields, n=1)
    return f"no such setting; did you mean {near[0]}?" if near else "no such setting"
