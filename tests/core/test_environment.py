import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.entries import SECTIONS
from zeta_lsp.core.environment import from_arguments, from_environment, variable_for
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.resolve import resolve


def test_every_kind_of_value_can_come_from_the_environment() -> None:
    resolved = resolve(
        from_environment(
            {
                "ZETA_LSP_ENDPOINT_URL": "http://localhost:8000/v1/completions",
                "ZETA_LSP_ENDPOINT_TIMEOUT_MS": "900",
                "ZETA_LSP_PREDICT_DISABLED_GLOBS": "*.md, vendor/",
                "ZETA_LSP_PREDICT_LANGUAGES": "markdown=off,go=manual",
                "ZETA_LSP_CONTEXT_DEFINITIONS": "no",
                "ZETA_LSP_CAPTURE_SETTLE_QUIET_S": "2.5",
                "HOME": "/home/ada",
            }
        )
    )
    settings = resolved.settings
    assert not resolved.problems
    assert settings.active_endpoint.url == "http://localhost:8000/v1/completions"
    assert settings.active_endpoint.timeout_ms == 900
    assert settings.predict.disabled_globs[-2:] == ("*.md", "vendor/")
    assert settings.predict.languages == {"markdown": "off", "go": "manual"}
    assert settings.context.definitions is False
    assert settings.capture.settle_quiet_s == 2.5


def test_text_that_does_not_fit_is_reported_like_any_other() -> None:
    (problem,) = resolve(from_environment({"ZETA_LSP_PREDICT_DEBOUNCE_MS": "soon"})).problems
    assert str(problem) == (
        "predict.debounce_ms: expected a whole number, got text; using 75 (environment)"
    )


def test_a_variable_that_looks_like_a_setting_and_is_none_is_reported() -> None:
    (problem,) = resolve(from_environment({"ZETA_LSP_PREDICT_MOOD": "x"})).problems
    assert problem.key == "predict.mood"


VARIABLES = [
    variable_for(name, field) for name in SECTIONS for field in SECTIONS[name].model_fields
]


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=30), max_size=5))
def test_no_text_in_the_environment_stops_a_start(variables: dict[str, str]) -> None:
    resolve(from_environment(variables))


def test_an_endpoint_can_be_chosen_and_adjusted_at_once() -> None:
    layers = from_environment({"ZETA_LSP_ENDPOINT": "embedded", "ZETA_LSP_PREDICT_MODE": "manual"})
    resolved = resolve(layers)
    assert (resolved.endpoint_name, resolved.settings.predict.mode) == ("embedded", "manual")


@pytest.mark.parametrize("variable", ["DO_NOT_TRACK", "ZETA_LSP_NO_CAPTURE"])
@pytest.mark.parametrize(
    ("value", "enabled"), [("1", False), ("true", False), ("0", True), ("", True)]
)
def test_the_kill_switches_forbid_capture(variable: str, value: str, enabled: bool) -> None:
    assert resolve(from_environment({variable: value})).settings.capture.enabled is enabled


def test_arguments_set_single_fields() -> None:
    resolved = resolve([from_arguments(["predict.debounce_ms=100", "context.diagnostics=off"])])
    assert resolved.settings.predict.debounce_ms == 100
    assert resolved.settings.context.diagnostics is False


@pytest.mark.parametrize("argument", ["mode=off", "predict.mode", ""])
def test_an_argument_that_sets_nothing_is_wrong_use(argument: str) -> None:
    with pytest.raises(UsageError):
        from_arguments([argument])


def test_a_field_knows_its_variable() -> None:
    assert variable_for("predict", "debounce_ms") == "ZETA_LSP_PREDICT_DEBOUNCE_MS"
