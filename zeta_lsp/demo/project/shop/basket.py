"""A shopping basket: lines, discounts and totals."""

from dataclasses import dataclass, field


@dataclass
class Line:
    """Some pieces of one article."""

    name: str
    price: float
    pieces: int = 1

    def as_row(self):
        """The line as a table row."""
        return {
            "name": self.name,
            "price": self.price,
            "pieces": self.pieces,
        }


@dataclass
class Basket:
    """What somebody wants to buy."""

    lines: list[Line] = field(default_factory=list)

    def add(self, name, price, pieces=1):
        """Put an article into the basket."""
        self.lines.append(Line(name, price, pieces))

    def net(self):
        """The sum without tax."""
        return sum(line.price * line.pieces for line in self.lines)

    def gross(self, rate):
        """The sum with tax, in cents precision."""
        check_fraction(rate)
        return round(self.net() * (1 + rate), 2)


def check_fraction(value):
    """Taxes are fractions, not percentages."""
    if not 0 <= value < 1:
        raise ValueError(f"{value} is no fraction")
