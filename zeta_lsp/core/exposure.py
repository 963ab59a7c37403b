"""How much settings expose, as an order.

`exposes_no_more(a, b)` holds if, whatever happens in the editor, running with `a` sends no more
code, to no other places and no more often than running with `b`, and captures no more. It is
reflexive and transitive; settings that trade one thing for another cannot be compared.

The endpoint in use may change within the set that the person configured: all of them are trusted.
"""

import msgspec

from zeta_lsp.core.settings import MODES, EndpointSettings, Settings

_EMBEDDED_KIND = "repeat"


class Exposure(msgspec.Struct, frozen=True):
    """What of a setting matters to the order. Bigger exposes more, field by field."""

    asked: frozenset[str]  # endpoints that code is sent to
    reachable: frozenset[str]  # endpoints that an editor or a project could choose
    modes: dict[str, int]  # by language; "" is every other language
    requests: tuple[int, ...]  # how often and how many
    sizes: tuple[int, ...]  # of files that are read
    context: tuple[bool, ...]  # what a prompt shows
    captured: bool
    settling: tuple[float, float]
    excluded: frozenset[str]


def exposure(settings: Settings) -> Exposure:
    """How much settings expose."""
    predict, experiments = settings.predict, settings.experiments
    extra = [*experiments.variants, *experiments.shadow] if experiments.enabled else []
    active, named = settings.active_endpoint, settings.endpoints.values()
    return Exposure(
        asked=_places(active, *extra),
        reachable=_places(active, *named, *experiments.variants, *experiments.shadow),
        modes={
            name: -MODES.index(mode)
            for name, mode in {"": predict.mode, **predict.languages}.items()
        },
        requests=(-predict.debounce_ms, -predict.throttle_ms, predict.max_in_flight),
        sizes=(predict.max_file_bytes, predict.max_line_chars),
        context=(settings.context.definitions, settings.context.diagnostics),
        captured=settings.capture.enabled,
        settling=(settings.capture.settle_quiet_s, settings.capture.settle_ttl_s),
        excluded=frozenset(predict.disabled_globs),
    )


def exposes_no_more(less: Settings, more: Settings) -> bool:
    """Whether `less` exposes at most what `more` does."""
    a, b = exposure(less), exposure(more)
    return (
        a.asked <= b.reachable
        and a.reachable <= b.reachable
        and all(_mode(a, name) <= _mode(b, name) for name in a.modes.keys() | b.modes.keys())
        and _each_at_most(a.requests, b.requests)
        and _each_at_most(a.sizes, b.sizes)
        and _each_at_most(a.context, b.context)
        and a.captured <= b.captured
        and a.settling == b.settling
        and a.excluded >= b.excluded
    )


def _mode(exposed: Exposure, language: str) -> int:
    return exposed.modes.get(language, exposed.modes[""])


def _each_at_most(less: tuple[int, ...], more: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(less, more, strict=True))


def _places(*endpoints: EndpointSettings) -> frozenset[str]:
    """Endpoints with everything about them; the embedded model sends nothing and does not count."""
    return frozenset(
        endpoint.model_dump_json() for endpoint in endpoints if endpoint.kind != _EMBEDDED_KIND
    )
