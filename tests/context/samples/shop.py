# ruff: noqa
"""A shop's basket."""

import json
import os.path
from collections.abc import Iterable, Sequence as Seq
from . import prices
from .models import *

VAT_RATE = 0.2
DEFAULT: "Basket | None" = None


class Basket(Base[Item], metaclass=Meta):
    """What a customer is about to buy."""

    limit: int = 20
    kinds = ("food", "tools")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = list(names)
        self._total = 0
        self._total = sum(map(prices.of, self.names))

    @property
    def total(self) -> float:
        def with_tax(net: float) -> float:
            return net * (1 + VAT_RATE)

        return with_tax(self._total)

    async def save(
        self,
        path: str,
        *,
        indent: int = 2,
    ) -> None:
        text = json.dumps(self.names, indent=indent)
        os.path.join(path, text)


@decorated
def main(args: Seq[str]) -> int:
    basket = Basket(args)
    return len(basket.names)
