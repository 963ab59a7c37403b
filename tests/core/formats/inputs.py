"""Prompt inputs that the tests of all formats share."""

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile

SHOP = (
    "import os\n\n\nclass Basket:\n    def __init__(self):\n        self.lines = []\n\n"
    "    def add(self, name, price, amount):\n        self.lines.append((name, price, amount))\n\n"
    "    def total(self):\n        result = 0\n"
    "        for name, price, amount in self.lines:\n            result += price\n"
    "        return resu\n\n    def clear(self):\n        self.lines = []\n"
)


def long_file(before: int = 40, after: int = 40) -> str:
    """`SHOP` with so many numbered rows before and after it that no format shows all of them."""
    head = "".join(f"before_{row} = {row}\n" for row in range(before))
    return head + "\n" + SHOP + "\n" + "".join(f"after_{row} = {row}\n" for row in range(after))


def at_cursor(text: str, mark: str = "return resu") -> int:
    """The byte offset behind the first occurrence of `mark`."""
    return len(text[: text.index(mark)].encode()) + len(mark.encode())


EVENTS = (
    BufferChange("shop/tax.py", "shop/vat.py", "@@ -1,1 +1,1 @@\n-RATE = 0.2\n+RATE = 0.25\n"),
    BufferChange(
        "shop/basket.py",
        "shop/basket.py",
        "@@ -48,4 +48,4 @@\n"
        "         self.lines = []\n"
        " \n"
        "-    def add(self, name, price):\n"
        "-        self.lines.append((name, price))\n"
        "+    def add(self, name, price, amount):\n"
        "+        self.lines.append((name, price, amount))\n",
    ),
)
RELATED = (
    RelatedFile(
        "shop/tax.py",
        20,
        (
            RelatedExcerpt((0, 2), "RATE = 0.25\nBASE = 10\n", order=1),
            RelatedExcerpt((8, 9), "def tax(price): ...\n", order=0),
        ),
    ),
)


def prompt_input(text: str, cursor: int, **others: object) -> PromptInput:
    """An input with history and related code."""
    given = {"excerpt_start_row": 0, "events": EVENTS, "related_files": RELATED, **others}
    return PromptInput("shop/basket.py", text, cursor, **given)


FILE = long_file()
GIVEN = prompt_input(FILE, at_cursor(FILE))
EMPTY = PromptInput("shop/new.py", "", 0, excerpt_start_row=0)
TOY = PromptInput(
    "p/test.rs",
    "prefix\neditable\nsuffix\n",
    10,
    excerpt_start_row=0,
    events=(BufferChange("p/a.rs", "p/a.rs", "@@ -1,1 +1,1 @@\n-old\n+new\n"),),
)
"""The input of the worked examples in the public descriptions: the cursor stands behind ``edi``."""
