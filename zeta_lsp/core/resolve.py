"""From layers of settings to settings, whatever is in the layers.

    resolve([Layer(Origin.USER_FILE, {...}), Layer(Origin.PROJECT, {...})])

It never raises: a bad field keeps what it was, one by one, each with a problem for the person.
What an editor or a project says never exposes more than without it; `exposure` defines "more", and
a property test holds it. The result is a pure function of the layers: when one changes, resolve all
of them again.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from zeta_lsp.core.address import is_plain_remote
from zeta_lsp.core.entries import SECTIONS, Path
from zeta_lsp.core.layers import Layer, Origin, Problem
from zeta_lsp.core.merging import CHOICE, DEFAULT, EMBEDDED, LANGUAGES, Draft
from zeta_lsp.core.settings import EndpointSettings, Settings, VariantSettings

_ORDER = {origin: index for index, origin in enumerate(Origin)}
_NEEDS_URL = frozenset({"openai"})
_EMBEDDED_MODEL = EndpointSettings(kind="repeat")
_RESERVED = (DEFAULT, EMBEDDED)


class Resolved(msgspec.Struct, frozen=True):
    """Settings with what was wrong in the layers, and who said what.

    `endpoint_name` is the one that is asked: ``default``, ``embedded`` or a name of the user's.
    `origins` goes by dotted key; a key that is missing has its built-in value.
    """

    settings: Settings
    problems: tuple[Problem, ...]
    origins: dict[str, tuple[Origin, ...]]
    endpoint_name: str


def resolve(layers: Iterable[Layer] = ()) -> Resolved:
    """Settings from layers in any order; layers of one origin count in the order given."""
    ordered = sorted(layers, key=lambda layer: _ORDER[layer.origin])
    draft = Draft()
    for layer in ordered:
        if layer.origin.trusted:
            draft.add(layer)
    endpoints = _Endpoints(draft)
    for layer in ordered:
        if not layer.origin.trusted:
            draft.add(layer)
    return _finish(draft, endpoints)


class _Endpoints:
    """The user's endpoints, once every trusted layer has spoken. Unusable ones are left out."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.named = self._named()
        draft.usable_names = frozenset({*self.named, *_RESERVED})
        self.default = self._default()
        self.chosen = self._chosen()
        self.variants = self._variants("variants")
        self.shadow = self._variants("shadow")
        draft.usable_names = self._choosable()

    def get(self, name: str) -> EndpointSettings:
        if name == EMBEDDED:
            return _EMBEDDED_MODEL
        return self.default if name == DEFAULT else self.named[name]

    def _named(self) -> dict[str, EndpointSettings]:
        names = {path[1]: None for path in self._draft.values if path[0] == "endpoints"}
        found = {}
        for name in names:
            table = ("endpoints", name)
            endpoint = EndpointSettings.model_validate(_below(self._draft.values, table))
            fault = "this name is taken" if name in _RESERVED else _fault(endpoint)
            if fault:
                self._report(table, f"{fault}; left out")
            else:
                found[name] = endpoint
        return found

    def _default(self) -> EndpointSettings:
        given = _below(self._draft.values, CHOICE)
        if not given:
            return _EMBEDDED_MODEL
        endpoint = EndpointSettings.model_validate(given)
        fault = _fault(endpoint)
        if fault:
            self._report(CHOICE, f"{fault}; the embedded model answers")
        return _EMBEDDED_MODEL if fault else endpoint

    def _chosen(self) -> str:
        name: str = self._draft.values.get(CHOICE, DEFAULT)
        if name in self._draft.usable_names:
            return name
        self._report(CHOICE, "there is no endpoint of this name; the embedded model answers")
        self._draft.values[CHOICE] = EMBEDDED
        return EMBEDDED

    def _choosable(self) -> frozenset[str]:
        """The names that an editor or a project may choose; who asks for none gets none."""
        if self.chosen == EMBEDDED:
            return frozenset({EMBEDDED})
        return frozenset({*self.named, EMBEDDED, self.chosen})

    def _variants(self, field: str) -> tuple[VariantSettings, ...]:
        found = []
        for index, given in enumerate(self._draft.values.get(("experiments", field), ())):
            variant = _inherited(given, self.get(self.chosen))
            fault = _fault(variant) if variant.name else "a name is missing"
            if fault:
                self._report(("experiments", f"{field}[{index}]"), f"{fault}; left out")
            else:
                found.append(variant)
        return tuple(found)

    def _report(self, path: Path, message: str) -> None:
        below = (
            origins[-1]
            for known, origins in self._draft.origins.items()
            if known[: len(path)] == path
        )
        origin = next(below, Origin.USER_FILE)
        self._draft.problems.append(Problem(".".join(path), message, origin))


def _finish(draft: Draft, endpoints: _Endpoints) -> Resolved:
    name: str = draft.values.get(CHOICE, DEFAULT)
    sections = {section: _section(draft, section) for section in SECTIONS if section != "endpoint"}
    sections["predict"]["languages"] = _below(draft.values, LANGUAGES)
    sections["experiments"] |= {"variants": endpoints.variants, "shadow": endpoints.shadow}
    if name != endpoints.chosen:
        # Whoever sends a project's code to another endpoint means that one alone.
        sections["experiments"]["enabled"] = False
    settings = Settings.model_validate(
        {
            "endpoint": name if name in endpoints.named else endpoints.get(name),
            "endpoints": endpoints.named,
            **sections,
        }
    )
    unused = settings.endpoint == _EMBEDDED_MODEL  # fields of a table that was not taken
    origins = {
        ".".join(path): origin
        for path, origin in draft.origins.items()
        if not (unused and path[:-1] == CHOICE)
    }
    return Resolved(settings, tuple(draft.problems), origins, name)


def _section(draft: Draft, section: str) -> dict[str, Any]:
    return {
        path[1]: value
        for path, value in draft.values.items()
        if path[0] == section and len(path) == 2
    }


def _below(values: Mapping[Path, Any], table: Path) -> dict[str, Any]:
    """The fields of one table."""
    return {path[-1]: value for path, value in values.items() if path[:-1] == table}


def _fault(endpoint: EndpointSettings) -> str:
    """Why an endpoint cannot be used; empty if it can."""
    if not endpoint.url:
        return "url is missing" if endpoint.kind in _NEEDS_URL else ""
    if is_plain_remote(endpoint.url) and not endpoint.allow_plain_http:
        return "http:// to another machine needs allow_plain_http = true"
    return ""


def _inherited(variant: VariantSettings, base: EndpointSettings) -> VariantSettings:
    """A variant without an address of its own asks the endpoint in use, with what it changes."""
    own = {field: getattr(variant, field) for field in variant.model_fields_set}
    if "url" in own or "kind" in own:
        return variant
    shared = {field: getattr(base, field) for field in EndpointSettings.model_fields}
    return VariantSettings.model_validate({**shared, **own})
