from typing import Any

import pytest

from zeta_lsp.core.exclusion import BUILT_IN_GLOBS
from zeta_lsp.core.layers import Layer, Origin, from_editor
from zeta_lsp.core.resolve import Resolved, resolve

LOCAL = "http://127.0.0.1:8000/v1/completions"
WORK = "https://models.example.com/v1/completions"


def user(**tree: Any) -> Layer:
    return Layer(Origin.USER_FILE, tree, "/home/ada/.config/zeta-lsp/config.toml")


def command(**tree: Any) -> Layer:
    return Layer(Origin.COMMAND_LINE, tree)


def editor(**tree: Any) -> Layer:
    return Layer(Origin.EDITOR, tree)


def project(**tree: Any) -> Layer:
    return Layer(Origin.PROJECT, tree, "/src/repo/.zeta.toml")


def problems(resolved: Resolved) -> dict[str, str]:
    return {problem.key: problem.message for problem in resolved.problems}


def test_nothing_said_means_the_embedded_model_and_no_problem() -> None:
    resolved = resolve()
    assert resolved.settings.active_endpoint.kind == "repeat"
    assert (resolved.problems, resolved.origins) == ((), {})


def test_later_layers_replace_earlier_ones_field_by_field() -> None:
    resolved = resolve(
        [
            command(predict={"debounce_ms": 20}),
            user(predict={"debounce_ms": 10, "throttle_ms": 30}),
            Layer(Origin.ENVIRONMENT, {"predict": {"throttle_ms": 40}}),
        ]
    )
    assert resolved.settings.predict.debounce_ms == 20
    assert resolved.settings.predict.throttle_ms == 40
    assert resolved.origins["predict.debounce_ms"] == (Origin.COMMAND_LINE,)
    assert resolved.origins["predict.throttle_ms"] == (Origin.ENVIRONMENT,)


@pytest.mark.parametrize(
    ("tree", "key", "message"),
    [
        (
            {"predict": {"debounce_ms": "fast"}},
            "predict.debounce_ms",
            "expected a whole number, got text; using 75",
        ),
        (
            {"predict": {"debounce_ms": True}},
            "predict.debounce_ms",
            "expected a whole number, got true or false; using 75",
        ),
        (
            {"predict": {"max_in_flight": 99}},
            "predict.max_in_flight",
            "must be at most 4; using 2",
        ),
        (
            {"predict": {"mode": "sometimes"}},
            "predict.mode",
            "expected 'auto', 'manual' or 'off'; using auto",
        ),
        (
            {"context": {"definitions": 1}},
            "context.definitions",
            "expected true or false, got a number; using true",
        ),
        ({"predict": []}, "predict", "expected a table, got a list"),
        ({"predict": {"modes": "off"}}, "predict.modes", "no such setting; did you mean mode?"),
        ({"nonsense": 1}, "nonsense", "no such setting"),
        (
            {"endpoint": {"url": LOCAL, "api_key": "sk-1"}},
            "endpoint.api_key",
            "keys are never written here; use api_key_env or api_key_command",
        ),
        (
            {"endpoint": {"url": "127.0.0.1:8000"}},
            "endpoint.url",
            "a URL starts with http:// or https:// and a host; ignored",
        ),
        (
            {"endpoint": {"url": "https://ada:pw@example.com/"}},
            "endpoint.url",
            "a URL holds no user or password; use api_key_env or api_key_command; ignored",
        ),
        ({"endpoint": {"model": "m"}}, "endpoint", "url is missing; the embedded model answers"),
        (
            {"endpoint": {"url": "http://example.com/v1/completions"}},
            "endpoint",
            "http:// to another machine needs allow_plain_http = true; the embedded model answers",
        ),
        (
            {"endpoint": "work"},
            "endpoint",
            "there is no endpoint of this name; the embedded model answers",
        ),
        (
            {"endpoints": {"default": {"url": WORK}}},
            "endpoints.default",
            "this name is taken; left out",
        ),
        (
            {"predict": {"disabled_globs": ["!*"]}},
            "predict.disabled_globs",
            "exclusions cannot be negated; ignored",
        ),
        (
            {"capture": {"settle_quiet_s": float("nan")}},
            "capture.settle_quiet_s",
            "expected a finite number, got a number; using 10.0",
        ),
        (
            {"experiments": {"shadow": [{"url": WORK}]}},
            "experiments.shadow[0]",
            "a name is missing; left out",
        ),
    ],
)
def test_a_bad_field_is_replaced_alone_and_explained(
    tree: dict[str, Any], key: str, message: str
) -> None:
    tree.setdefault("context", {}).setdefault("diagnostics", False)
    resolved = resolve([user(**tree)])
    assert problems(resolved)[key] == message
    assert resolved.settings.context.diagnostics is False


def test_whole_numbers_may_come_as_floats_because_some_editors_know_no_others() -> None:
    resolved = resolve([editor(predict={"debounce_ms": 80.0})])
    assert resolved.settings.predict.debounce_ms == 80
    assert not resolved.problems


def test_good_globs_survive_a_bad_one_and_the_built_in_ones_survive_everything() -> None:
    resolved = resolve(
        [
            user(predict={"disabled_globs": ["*.md", "[", 7]}),
            project(predict={"disabled_globs": ["vendor/"]}),
        ]
    )
    assert resolved.settings.predict.disabled_globs == (*BUILT_IN_GLOBS, "*.md", "vendor/")
    assert resolved.origins["predict.disabled_globs"] == (
        Origin.BUILT_IN,
        Origin.USER_FILE,
        Origin.PROJECT,
    )


NARROWING = [
    ({"predict": {"mode": "manual"}}, "predict", "mode", "manual"),
    ({"predict": {"debounce_ms": 200}}, "predict", "debounce_ms", 200),
    ({"predict": {"throttle_ms": 900}}, "predict", "throttle_ms", 900),
    ({"predict": {"max_in_flight": 1}}, "predict", "max_in_flight", 1),
    ({"predict": {"max_file_bytes": 1000}}, "predict", "max_file_bytes", 1000),
    ({"predict": {"max_line_chars": 100}}, "predict", "max_line_chars", 100),
    ({"predict": {"languages": {"go": "off"}}}, "predict", "languages", {"go": "off"}),
    ({"context": {"definitions": False}}, "context", "definitions", False),
    ({"context": {"diagnostics": False}}, "context", "diagnostics", False),
    ({"capture": {"enabled": False}}, "capture", "enabled", False),
    ({"experiments": {"enabled": False}}, "experiments", "enabled", False),
]


@pytest.mark.parametrize("layer", [editor, project])
@pytest.mark.parametrize(("tree", "section", "field", "value"), NARROWING)
def test_an_editor_or_project_may_narrow(
    layer: Any, tree: dict[str, Any], section: str, field: str, value: object
) -> None:
    resolved = resolve([layer(**tree)])
    assert getattr(getattr(resolved.settings, section), field) == value
    assert not resolved.problems


WIDENING = [
    ({"predict": {"mode": "auto"}}, "predict.mode"),
    ({"predict": {"languages": {"go": "auto"}}}, "predict.languages.go"),
    ({"predict": {"languages": {"rust": "manual"}}}, "predict.languages.rust"),
    ({"predict": {"debounce_ms": 1}}, "predict.debounce_ms"),
    ({"predict": {"throttle_ms": 1}}, "predict.throttle_ms"),
    ({"predict": {"max_in_flight": 4}}, "predict.max_in_flight"),
    ({"predict": {"max_file_bytes": 60_000_000}}, "predict.max_file_bytes"),
    ({"predict": {"max_line_chars": 900_000}}, "predict.max_line_chars"),
    ({"predict": {"disabled_globs": ["!**/.env"]}}, "predict.disabled_globs"),
    ({"context": {"definitions": True}}, "context.definitions"),
    ({"context": {"diagnostics": True}}, "context.diagnostics"),
    ({"capture": {"enabled": True}}, "capture.enabled"),
    ({"capture": {"settle_quiet_s": 99}}, "capture.settle_quiet_s"),
    ({"capture": {"settle_ttl_s": 99}}, "capture.settle_ttl_s"),
    ({"experiments": {"enabled": True}}, "experiments.enabled"),
    ({"experiments": {"shadow": [{"name": "x", "url": WORK}]}}, "experiments.shadow"),
    ({"experiments": {"variants": [{"name": "x", "url": WORK}]}}, "experiments.variants"),
    ({"endpoint": {"url": "https://evil.example/v1/completions"}}, "endpoint"),
    ({"endpoint": {"allow_plain_http": True}}, "endpoint"),
    ({"endpoint": {"api_key_command": ["sh", "-c", "id"]}}, "endpoint"),
    ({"endpoint": {"headers": {"X": "y"}}}, "endpoint"),
    ({"endpoint": "https://evil.example/"}, "endpoint"),
    ({"endpoint": "evil"}, "endpoint"),
    ({"endpoints": {"evil": {"url": "https://evil.example/"}}}, "endpoints"),
    ({"endpoints": {"work": {"url": "https://evil.example/"}}}, "endpoints"),
]
CAUTIOUS = user(
    endpoint={"url": LOCAL},
    endpoints={"work": {"url": WORK}},
    predict={
        "mode": "manual",
        "languages": {"rust": "off"},
        "debounce_ms": 100,
        "throttle_ms": 400,
        "max_in_flight": 1,
        "max_file_bytes": 1000,
        "max_line_chars": 100,
    },
    context={"definitions": False, "diagnostics": False},
    capture={"enabled": False},
    experiments={"enabled": False},
)


@pytest.mark.parametrize("layer", [editor, project])
@pytest.mark.parametrize(("tree", "key"), WIDENING)
def test_an_editor_or_project_may_not_widen(layer: Any, tree: dict[str, Any], key: str) -> None:
    resolved = resolve([CAUTIOUS, layer(**tree)])
    assert resolved.settings == resolve([CAUTIOUS]).settings
    assert list(problems(resolved)) == [key]
    assert "evil" not in str(resolved.problems)


@pytest.mark.parametrize("layer", [editor, project, command])
def test_one_of_the_users_endpoints_may_be_chosen_by_name(layer: Any) -> None:
    resolved = resolve([CAUTIOUS, layer(endpoint="work")])
    assert resolved.settings.active_endpoint.url == WORK
    assert resolved.endpoint_name == "work"
    assert not resolved.problems


def test_a_refused_endpoint_does_not_change_which_one_is_chosen() -> None:
    given = user(endpoint="work", endpoints={"work": {"url": WORK}})
    resolved = resolve([given, project(endpoint={"url": LOCAL})])
    assert resolved.endpoint_name == "work"
    assert resolved.origins["endpoint"] == (Origin.USER_FILE,)


def test_a_project_may_keep_its_code_from_every_endpoint() -> None:
    resolved = resolve([CAUTIOUS, project(endpoint="embedded")])
    assert resolved.settings.active_endpoint.kind == "repeat"


def test_who_asks_for_the_embedded_model_gets_no_other() -> None:
    named = {"endpoints": {"work": {"url": WORK}}}
    assert resolve([user(**named), project(endpoint="work")]).endpoint_name == "work"
    asked = [user(**named), command(endpoint="embedded")]
    assert resolve([*asked, project(endpoint="work")]).endpoint_name == "embedded"
    mistaken = [user(**named), command(endpoint="wrok")]
    assert resolve([*mistaken, project(endpoint="work")]).endpoint_name == "embedded"


def test_a_choice_on_the_command_line_hides_the_table_it_replaces() -> None:
    given = [CAUTIOUS, command(endpoint="work")]
    assert resolve([*given, project(endpoint="default")]).endpoint_name == "work"


def test_an_endpoint_chosen_for_a_project_is_asked_alone() -> None:
    experiments = {"variants": [{"name": "b", "url": LOCAL}]}
    given = user(endpoints={"work": {"url": WORK}}, experiments=experiments)
    assert resolve([given]).settings.experiments.enabled
    assert not resolve([given, project(endpoint="work")]).settings.experiments.enabled


def test_a_mode_that_is_switched_down_counts_for_every_language() -> None:
    given = user(predict={"mode": "off", "languages": {"python": "auto"}})
    assert resolve([given]).settings.predict.mode_for("python") == "auto"
    for later in (project(predict={"mode": "off"}), command(predict={"mode": "off"})):
        assert resolve([given, later]).settings.predict.mode_for("python") == "off"


def test_capture_forbidden_once_stays_forbidden() -> None:
    off, on = {"capture": {"enabled": False}}, {"capture": {"enabled": True}}
    assert not resolve([user(**off), command(**on)]).settings.capture.enabled


def test_a_key_does_not_follow_to_another_origin() -> None:
    given = user(endpoint={"url": WORK, "api_key_env": "KEY", "headers": {"X-Key": "1"}})
    elsewhere = resolve([given, command(endpoint={"url": LOCAL})]).settings.active_endpoint
    assert (elsewhere.api_key_env, elsewhere.headers) == ("", {})
    beside = WORK.replace("completions", "other")
    assert resolve([given, command(endpoint={"url": beside})]).settings.active_endpoint.api_key_env


def test_a_key_command_comes_from_the_user_file_alone() -> None:
    tree = {"endpoint": {"url": WORK, "api_key_command": ["pass", "zeta"]}}
    assert resolve([user(**tree)]).settings.active_endpoint.api_key_command == ("pass", "zeta")
    resolved = resolve([command(**tree)])
    assert resolved.settings.active_endpoint.api_key_command == ()
    assert (
        problems(resolved)["endpoint.api_key_command"] == "only the user file may set this; ignored"
    )


def test_the_command_line_adjusts_the_endpoint_that_is_chosen() -> None:
    given = user(endpoint="work", endpoints={"work": {"url": WORK}})
    resolved = resolve([given, command(endpoint={"model": "zeta-2"})])
    assert (resolved.endpoint_name, resolved.settings.active_endpoint.model) == ("work", "zeta-2")
    resolved = resolve([given, command(endpoint={"url": LOCAL})])
    assert (resolved.endpoint_name, resolved.settings.active_endpoint.url) == ("default", LOCAL)


def test_a_variant_without_an_address_asks_the_endpoint_in_use() -> None:
    given = user(
        endpoint={"url": WORK, "api_key_env": "KEY"},
        experiments={"variants": [{"name": "b", "format": "zeta2"}, {"name": "c", "url": LOCAL}]},
    )
    first, second = resolve([given]).settings.experiments.variants
    assert (first.url, first.api_key_env, first.format) == (WORK, "KEY", "zeta2")
    assert (second.url, second.api_key_env) == (LOCAL, "")


def test_values_and_unreadable_names_are_never_shown() -> None:
    tree = {"pre\ndict": 1, "x" * 500: 2, "endpoint": {"url": "canary", "headers": "canary"}}
    shown = "".join(map(str, resolve([user(**tree), project(**tree)]).problems))
    assert "canary" not in shown
    assert "\n" not in shown
    assert "xxx" not in shown


def test_a_thousand_mistakes_are_not_a_thousand_messages() -> None:
    tree = {f"key{number}": number for number in range(1000)}
    assert len(resolve([project(**tree)]).problems) <= 21


def test_what_an_editor_sends_stands_under_zeta() -> None:
    tree = {"predict": {"mode": "off"}}
    assert from_editor({"zeta": tree, "python": {}}).tree == tree
    assert from_editor({"python": {}}).tree == {}
    assert from_editor(tree, all_ours=True).tree == tree
    assert from_editor(None, all_ours=True).tree == {}
