"""What the scripted person does, as data: where to go, what to type, what to accept.

The person does three everyday things, each begun by hand and finished by predictions: renames a
parameter, adds a field, and fixes a call.
"""

import msgspec


class Step(msgspec.Struct, frozen=True):
    """One thing to do in one file.

    The cursor goes behind the first occurrence of `behind`, deletes `delete` characters to its
    right, and types `typed`. Then up to `accepts` predictions are accepted.
    """

    title: str
    file: str
    behind: str
    typed: str
    delete: int = 0
    accepts: int = 1


STEPS = (
    Step(
        title="rename the parameter `rate` of Basket.gross",
        file="shop/basket.py",
        behind="def gross(self, ",
        typed="tax_",
        accepts=0,
    ),
    Step(
        title="… and where it is used",
        file="shop/basket.py",
        behind="check_fraction(",
        typed="tax_",
        accepts=1,
    ),
    Step(
        title="add a field to Line",
        file="shop/basket.py",
        behind="    pieces: int = 1",
        typed='\n    unit: str = "pc"',
        accepts=0,
    ),
    Step(
        title="… and to its table row",
        file="shop/basket.py",
        behind='            "pieces": self.pieces,',
        typed='\n            "unit": ',
        accepts=1,
    ),
    Step(
        title="fix the calls: Basket.add is called put now",
        file="shop/receipt.py",
        behind="basket = Basket()\n    basket.",
        typed="put",
        delete=3,
        accepts=0,
    ),
    Step(
        title="… one by one",
        file="shop/receipt.py",
        behind='put("pear", 0.45)\n    basket.',
        typed="put",
        delete=3,
        accepts=1,
    ),
)
