"""An inference endpoint, as whoever talks to it needs it: checked, complete and immutable.

Made from settings by `settings.endpoint_of`. The key itself is never here, only where to find it.
"""

from typing import Any

import msgspec


class Endpoint(msgspec.Struct, frozen=True):
    """Where a prompt is sent. Field names are those of `[endpoint]` in the settings.

    `kind` is ``openai``, ``ollama``, ``llamacpp``, ``mercury`` or ``repeat`` (the embedded model,
    which needs no `url`). An empty `model` means the only one that the endpoint has, `format`
    ``auto`` the one that fits the model's name. The key comes from the environment variable
    `api_key_env` or from the output of `api_key_command`, and goes to the origin of `url` only.
    """

    kind: str = "repeat"
    url: str = ""
    model: str = ""
    format: str = "auto"
    api_key_env: str = ""
    api_key_command: tuple[str, ...] = ()
    timeout_ms: int = 2000
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    extra_body: dict[str, Any] = msgspec.field(default_factory=dict)
    ca_file: str = ""
    proxy: str = ""
    allow_plain_http: bool = False

    def __repr__(self) -> str:
        """Only what may be read by anybody: headers and body fields can hold keys."""
        return f"Endpoint({self.kind}, {self.url!r}, model={self.model!r}, format={self.format!r})"
