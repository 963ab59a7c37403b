"""The settings that stand on the command line."""

import argparse

from zeta_lsp.core.environment import from_arguments
from zeta_lsp.core.layers import Layer, Origin

_ENDPOINT_OPTIONS = ("url", "model", "format", "kind", "api_key_env")
_PLACE = "command line"


def overrides(options: argparse.Namespace) -> list[Layer]:
    """The layers that options make, the named endpoint before what changes it.

    Raises:
        UsageError: a ``--set`` is none.
    """
    table = {
        field: value for field in _ENDPOINT_OPTIONS if (value := getattr(options, field, None))
    }
    name = getattr(options, "endpoint", None)
    layers = [
        Layer(Origin.COMMAND_LINE, {"endpoint": given}, _PLACE) for given in (name, table) if given
    ]
    if getattr(options, "set", None):
        layers.append(from_arguments(options.set))
    return layers
