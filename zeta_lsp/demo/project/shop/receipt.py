"""Receipts: what the customer takes home."""

from shop.basket import Basket


def print_receipt(basket, rate, out=print):
    """Print every line and the totals."""
    for line in basket.lines:
        out(f"{line.pieces:3} x {line.name:20} {line.price:8.2f}")
    out(f"net   {basket.net():8.2f}")
    out(f"gross {basket.gross(rate):8.2f}")


def example():
    """A basket with three articles."""
    basket = Basket()
    basket.add("pear", 0.45)
    basket.add("bread", 2.80)
    basket.add("cheese", 5.60)
    print_receipt(basket, 0.07)
    return basket
