"""What stages need of the rest of the project, handed in by `pipeline.__main__`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from pipeline.records import Row
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.ports import Predictor, TextModel


class Doors(msgspec.Struct, frozen=True):
    """The doors outward.

    `text_model` asks an endpoint with finished prompts, `predictor` asks one about a `PromptInput`;
    `captured` reads the examples of a capture store (a folder).
    """

    text_model: Callable[[Endpoint], TextModel]
    predictor: Callable[[Endpoint], Predictor]
    captured: Callable[[Path], Iterator[Row]]
