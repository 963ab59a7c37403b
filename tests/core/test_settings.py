import json
import subprocess
import sys

import pytest
from pydantic import BaseModel

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.exclusion import BUILT_IN_GLOBS
from zeta_lsp.core.layers import Narrowing
from zeta_lsp.core.settings import (
    EndpointSettings,
    PredictSettings,
    Settings,
    endpoint_of,
    narrowing_of,
)


def sections(model: type[BaseModel] = Settings) -> list[type[BaseModel]]:
    found = [model]
    for field in model.model_fields.values():
        if isinstance(field.default, BaseModel):
            found += sections(type(field.default))
    return found


def test_models_and_structs_agree_on_field_names_and_defaults() -> None:
    assert tuple(EndpointSettings.model_fields) == Endpoint.__struct_fields__
    assert endpoint_of(EndpointSettings(kind="repeat")) == Endpoint()


def test_without_any_setting_nothing_leaves_the_machine() -> None:
    endpoint = Settings().active_endpoint
    assert (endpoint.kind, endpoint.url) == ("repeat", "")
    assert Settings().predict.disabled_globs == BUILT_IN_GLOBS


@pytest.mark.parametrize("model", sections(), ids=lambda model: model.__name__)
def test_every_setting_explains_itself_and_has_a_default(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    for name, field in model.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


@pytest.mark.parametrize("model", sections(), ids=lambda model: model.__name__)
def test_a_number_with_a_unit_ends_in_it(model: type[BaseModel]) -> None:
    units = {"_ms": "milliseconds", "_s": "seconds", "_bytes": "bytes", "_chars": "characters"}
    for name, field in model.model_fields.items():
        for ending, word in units.items():
            if name.endswith(ending) and not name.endswith("_ms" if ending == "_s" else " "):
                assert word in (field.description or ""), name


def test_only_settings_that_shrink_exposure_are_marked() -> None:
    assert narrowing_of(PredictSettings, "debounce_ms") is Narrowing.RAISE
    assert narrowing_of(Settings, "endpoint") is Narrowing.CHOOSE
    for name in EndpointSettings.model_fields:
        assert narrowing_of(EndpointSettings, name) is None


def test_a_language_may_have_a_mode_of_its_own() -> None:
    predict = PredictSettings(mode="auto", languages={"markdown": "off"})
    assert predict.mode_for("markdown") == "off"
    assert predict.mode_for("python") == "auto"


def test_the_schema_is_json() -> None:
    schema = json.loads(json.dumps(Settings.model_json_schema()))
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    "module", ["layers", "endpoint", "exclusion", "glob", "address", "journal", "errors"]
)
def test_what_a_start_needs_does_not_import_pydantic(module: str) -> None:
    code = f"import sys, zeta_lsp.core.{module}; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
