"""WS-2: whatever an editor or a repository says, exposure never grows."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zeta_lsp.core.entries import SECTIONS
from zeta_lsp.core.exposure import exposes_no_more
from zeta_lsp.core.layers import Layer, Origin
from zeta_lsp.core.resolve import resolve
from zeta_lsp.core.settings import Settings

ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.integers(min_value=10**300, max_value=10**301),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.text(max_size=8), st.integers()), inner, max_size=4),
    ),
    max_leaves=8,
)
MODES = st.sampled_from(["auto", "manual", "off"])
URLS = st.sampled_from(
    ["https://evil.example/v1", "http://127.0.0.1:8000/v1", "https://w.example/v1"]
)
NAMES = st.sampled_from(["work", "evil", "default", "embedded", "home"])
NUMBERS = st.one_of(
    st.integers(-10, 100_000), st.floats(0, 5000), st.sampled_from([0, 1, 2, 4, 50])
)
GLOBS = st.lists(st.sampled_from(["*.md", "!**/.env", "[", "vendor/", "**", ""]), max_size=4)
PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["openai", "ollama", "repeat"]),
    "url": URLS,
    "proxy": URLS,
    "api_key_command": st.just(["cat", "/etc/passwd"]),
    "headers": st.just({"X-Evil": "1"}),
    "mode": MODES,
    "languages": st.dictionaries(st.sampled_from(["python", "go", "rust"]), MODES, max_size=3),
    "disabled_globs": GLOBS,
    "enabled": st.booleans(),
    "definitions": st.booleans(),
    "diagnostics": st.booleans(),
    "allow_plain_http": st.booleans(),
}


def mostly(likely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(likely, likely, likely, ANYTHING)


def table(section: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = SECTIONS[section].model_fields
    return st.fixed_dictionaries(
        {}, optional={name: mostly(PLAUSIBLE.get(name, NUMBERS)) for name in fields}
    )


VARIANTS = st.lists(
    st.fixed_dictionaries({"name": st.just("v")}, optional={"url": URLS, "weight": NUMBERS}),
    max_size=2,
)
EXPERIMENTS = st.fixed_dictionaries(
    {}, optional={"enabled": st.booleans(), "variants": VARIANTS, "shadow": VARIANTS}
)
TREES = st.fixed_dictionaries(
    {},
    optional={
        "endpoint": mostly(table("endpoint") | NAMES),
        "endpoints": mostly(st.dictionaries(NAMES, table("endpoint"), max_size=2)),
        "predict": mostly(table("predict")),
        "context": mostly(table("context")),
        "capture": mostly(table("capture")),
        "experiments": mostly(EXPERIMENTS),
        "unknown": ANYTHING,
    },
)
TRUSTED = st.sampled_from([origin for origin in Origin if origin.trusted])
FOREIGN = st.sampled_from([Origin.EDITOR, Origin.PROJECT])
thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def layers(
    origins: st.SearchStrategy[Origin], trees: st.SearchStrategy[Any]
) -> st.SearchStrategy[list[Layer]]:
    return st.lists(st.builds(Layer, origins, trees), max_size=3)


@thorough
@given(layers(TRUSTED, TREES), layers(FOREIGN, TREES | ANYTHING))
def test_no_editor_or_project_ever_exposes_more(ours: list[Layer], theirs: list[Layer]) -> None:
    without = resolve(ours)
    resolved = resolve([*ours, *theirs])
    assert exposes_no_more(resolved.settings, without.settings)
    usable = {"default", "embedded", *without.settings.endpoints}
    assert resolved.endpoint_name in usable


@thorough
@given(layers(TRUSTED, TREES), layers(FOREIGN, TREES), layers(FOREIGN, TREES))
def test_a_late_change_does_not_undo_what_another_layer_narrowed(
    ours: list[Layer], project: list[Layer], late: list[Layer]
) -> None:
    fixed = [Layer(Origin.PROJECT, layer.tree) for layer in project]
    editor = [Layer(Origin.EDITOR, layer.tree) for layer in late]
    assert exposes_no_more(
        resolve([*ours, *editor, *fixed]).settings, resolve([*ours, *fixed]).settings
    )


@thorough
@given(layers(st.sampled_from(list(Origin)), ANYTHING | TREES))
def test_resolving_never_raises_and_is_the_same_twice(given: list[Layer]) -> None:
    first, second = resolve(given), resolve(given)
    assert first.settings == second.settings
    assert first.problems == second.problems


@thorough
@given(TREES, TREES)
def test_the_order_is_reflexive_and_tells_wider_from_narrower(one: Any, other: Any) -> None:
    a = resolve([Layer(Origin.USER_FILE, one)]).settings
    b = resolve([Layer(Origin.USER_FILE, other)]).settings
    assert exposes_no_more(a, a)
    if a.predict.mode != b.predict.mode:
        assert not (exposes_no_more(a, b) and exposes_no_more(b, a))


def test_the_order_sees_each_way_to_expose_more() -> None:
    base = Settings()
    wider: list[dict[str, Any]] = [
        {"endpoint": {"url": "https://w.example/v1"}},
        {"endpoints": {"w": {"url": "https://w.example/v1"}}},
        {"predict": {"debounce_ms": 1}},
        {"predict": {"throttle_ms": 1}},
        {"predict": {"max_in_flight": 4}},
        {"predict": {"max_file_bytes": 9_000_000}},
        {"predict": {"max_line_chars": 90_000}},
        {"predict": {"disabled_globs": []}},
        {"capture": {"settle_ttl_s": 5}},
        {"experiments": {"shadow": [{"name": "s", "url": "https://w.example/v1"}]}},
    ]
    for tree in wider:
        assert not exposes_no_more(Settings.model_validate(tree), base), tree
    off: list[dict[str, Any]] = [
        {"predict": {"mode": "manual"}},
        {"predict": {"languages": {"go": "off"}}},
        {"context": {"definitions": False}},
        {"context": {"diagnostics": False}},
        {"capture": {"enabled": False}},
    ]
    for tree in off:
        narrow = Settings.model_validate(tree)
        assert exposes_no_more(narrow, base), tree
        assert not exposes_no_more(base, narrow), tree
