"""Brackets that do not match: a prediction that leaves more of them than it found broke the code.

Only numbers of opening and closing brackets are compared, in all of the text: order, strings and
comments do not count (Zed's definition).
"""

PAIRS = (("{", "}"), ("(", ")"), ("[", "]"))


def braces_disbalance(text: str) -> int:
    """Brackets of all kinds that lack a partner."""
    return sum(abs(text.count(opening) - text.count(closing)) for opening, closing in PAIRS)


def braces_added(before: str, after: str) -> int:
    """By how many an edit makes it worse, 0 if it does not."""
    return max(0, braces_disbalance(after) - braces_disbalance(before))
