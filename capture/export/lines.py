"""The formats of an export, by name, and the line that a prediction makes in one of them."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from capture.export.example import example_of
from capture.export.preference import dpo_line, kto_line, sft_line
from capture.export.recorded import QUIET, Dropped, Recorded

Maker = Callable[[Recorded, str], dict[str, Any] | Dropped]

FORMATS: Mapping[str, Maker] = {
    "zed": example_of,
    "sft": sft_line,
    "dpo": dpo_line,
    "kto": kto_line,
}

_ENCODER = msgspec.json.Encoder()


def line_of(recorded: Recorded, form: str = "zed", horizon: str = QUIET) -> bytes | Dropped:
    """One line of JSON with its newline, in UTF-8."""
    made = FORMATS[form](recorded, horizon)
    return made if isinstance(made, Dropped) else _ENCODER.encode(made) + b"\n"
