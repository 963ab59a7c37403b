"""Every setting there is, with its unit, its limits and its default.

These models are the border: they check what a person wrote and they describe themselves (JSON
Schema, `docs/settings.md`). They say nothing about where a value came from; see `resolve`.
Every field has a default, so that a field can be checked alone and a bad one replaced alone.
Marked with a `Narrowing` are the settings that an editor or a project may change, and how.

Importing this module imports pydantic (some 50 ms): the server does so after `initialize`.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, field_validator

from zeta_lsp.core.address import checked_url
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.exclusion import BUILT_IN_GLOBS
from zeta_lsp.core.glob import GlobError, compiled
from zeta_lsp.core.layers import Narrowing

Mode = Literal["auto", "manual", "off"]
Kind = Literal["openai", "ollama", "llamacpp", "mercury", "repeat"]

MODES: tuple[Mode, ...] = ("auto", "manual", "off")
"""From the most to the least that is sent without being asked for."""


def _glob(value: str) -> str:
    try:
        compiled(value)
    except GlobError as error:
        raise ValueError(str(error)) from None
    return value


Whole = Annotated[int, Strict()]
Seconds = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict(), Field(max_length=1024)]
Glob = Annotated[str, Strict(), AfterValidator(_glob)]
Url = Annotated[str, Strict(), Field(max_length=2048), AfterValidator(checked_url)]
Name = Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


class Section(BaseModel):
    """A table of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """Some editors know no whole numbers and send 75 as 75.0."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class EndpointSettings(Section):
    """Where predictions come from. Without a URL the embedded model answers and nothing is sent."""

    kind: Kind = "openai"
    """Protocol of the endpoint. `repeat` is the embedded model, which needs no network."""
    url: Url = ""
    """Address of the endpoint, for `openai` the whole of it: `http://…/v1/completions`."""
    model: Text = ""
    """Name of the model as the endpoint knows it; empty asks the endpoint for its only one."""
    format: Text = "auto"
    """Prompt format; `auto` infers it from the model's name. `zeta-lsp doctor` says which."""
    api_key_env: Text = ""
    """Name of the environment variable that holds the key."""
    api_key_command: Annotated[tuple[Text, ...], Field(max_length=32)] = ()
    """Program and arguments that print the key, run without a shell; from the user file only."""
    timeout_ms: Annotated[Whole, Field(ge=50, le=60_000)] = 2000
    """Longest time for a whole request, in milliseconds."""
    headers: Annotated[dict[Text, Text], Field(max_length=32)] = {}
    """Further HTTP headers, sent to this endpoint only."""
    extra_body: Annotated[dict[Text, Any], Field(max_length=64)] = {}
    """Further fields of the request body, such as `temperature`."""
    ca_file: Text = ""
    """File with the certificate authorities to trust instead of the system's."""
    proxy: Url = ""
    """Proxy for this endpoint; proxy variables of the environment are not used."""
    allow_plain_http: Flag = False
    """Allow `http://` to another machine, where anybody on the way can read code and key."""


class VariantSettings(EndpointSettings):
    """An endpoint that takes part in an experiment."""

    name: Name = ""
    """What reports call it."""
    weight: Annotated[Seconds, Field(ge=0, le=1_000_000)] = 1.0
    """Share of predictions it answers, relative to the other variants."""


class PredictSettings(Section):
    """When predictions are made, and for which files."""

    mode: Annotated[Mode, Narrowing.MODE] = "auto"
    """`auto` predicts while typing, `manual` only when asked, `off` never."""
    languages: Annotated[dict[Name, Mode], Narrowing.MODE] = {}
    """Mode by LSP language id, instead of `mode`: `{ markdown = "off" }`."""
    debounce_ms: Annotated[Whole, Field(ge=0, le=60_000), Narrowing.RAISE] = 75
    """Pause in typing before a prediction is asked for, in milliseconds."""
    throttle_ms: Annotated[Whole, Field(ge=0, le=60_000), Narrowing.RAISE] = 300
    """Shortest time between two requests, in milliseconds."""
    max_in_flight: Annotated[Whole, Field(ge=1, le=4), Narrowing.LOWER] = 2
    """Most requests at the same time."""
    disabled_globs: Annotated[tuple[Glob, ...], Narrowing.ADD] = BUILT_IN_GLOBS
    """Files that are never read for a prediction. The built-in list can only be added to."""
    max_file_bytes: Annotated[Whole, Field(ge=0, le=67_108_864), Narrowing.LOWER] = 2_097_152
    """Largest file that gets predictions, in bytes of UTF-8."""
    max_line_chars: Annotated[Whole, Field(ge=0, le=1_000_000), Narrowing.LOWER] = 10_000
    """Longest line that a file with predictions may have, in characters."""
    check_ms: Annotated[Whole, Field(ge=0, le=1000), Narrowing.LOWER] = 0
    """Longest wait for a language server to check a prediction, in milliseconds; 80 suits most.
    0 has none asked, because asking delays every prediction. What would add errors is hidden."""
    hints: Annotated[Flag, Narrowing.OFF] = False
    """Draw the next edit as a hint where it would be made, and ask for one after every change; for
    editors without ghost text. Others ignore it."""

    def mode_for(self, language: str) -> Mode:
        """The mode for an LSP language id."""
        return self.languages.get(language, self.mode)


class ContextSettings(Section):
    """What a prompt shows beyond the text around the cursor and the recent edits."""

    definitions: Annotated[Flag, Narrowing.OFF] = True
    """Show definitions of names near the cursor, and bits of files visited or changed with it."""
    diagnostics: Annotated[Flag, Narrowing.OFF] = True
    """Show the errors and warnings near the cursor."""


class CaptureSettings(Section):
    """How training data is captured. Consent is no setting: `zeta-lsp capture on` asks for it."""

    enabled: Annotated[Flag, Narrowing.OFF] = True
    """`false` forbids capture whatever was consented to; `true` does not switch it on."""
    settle_quiet_s: Annotated[Seconds, Field(ge=1, le=3600)] = 10.0
    """Time without a change after which a region counts as settled, in seconds."""
    settle_ttl_s: Annotated[Seconds, Field(ge=1, le=86_400)] = 300.0
    """Longest wait for a region to settle, in seconds."""


class ExperimentSettings(Section):
    """Comparing models in daily use. Not used yet."""

    enabled: Annotated[Flag, Narrowing.OFF] = True
    """`false` asks no variant and no shadow."""
    variants: Annotated[tuple[VariantSettings, ...], Field(max_length=16)] = ()
    """Endpoints that share the predictions between them, by weight."""
    shadow: Annotated[tuple[VariantSettings, ...], Field(max_length=16)] = ()
    """Endpoints that are asked and scored, and whose answers are never shown."""


class Settings(Section):
    """Settings of zeta-lsp."""

    endpoint: Annotated[EndpointSettings | Name, Narrowing.CHOOSE] = EndpointSettings(kind="repeat")
    """Where predictions come from: a table, or the name of one of `endpoints`."""
    endpoints: dict[Name, EndpointSettings] = {}
    """Further endpoints by name. An editor or a project may choose among them, never define one."""
    predict: PredictSettings = PredictSettings()
    """When predictions are made, and for which files."""
    context: ContextSettings = ContextSettings()
    """What a prompt shows beyond the text around the cursor and the recent edits."""
    capture: CaptureSettings = CaptureSettings()
    """How training data is captured."""
    experiments: ExperimentSettings = ExperimentSettings()
    """Comparing models in daily use."""

    @property
    def active_endpoint(self) -> EndpointSettings:
        """The endpoint that is asked."""
        chosen = self.endpoint
        return self.endpoints[chosen] if isinstance(chosen, str) else chosen


def endpoint_of(given: EndpointSettings) -> Endpoint:
    """The value that models are built from. Field names agree; a test holds them together."""
    return Endpoint(**{field: getattr(given, field) for field in EndpointSettings.model_fields})


def narrowing_of(model: type[Section], field: str) -> Narrowing | None:
    """How an editor or a project may change a field; None: not at all."""
    marks = model.model_fields[field].metadata
    return next((mark for mark in marks if isinstance(mark, Narrowing)), None)
