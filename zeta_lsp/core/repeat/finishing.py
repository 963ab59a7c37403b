"""The rest of a word change that is being typed and was made before elsewhere.

Three times ``count`` became ``total``; now the user has replaced ``count`` a fourth time and typed
``to``: what is missing is ``tal``.
"""

from collections.abc import Iterator

from zeta_lsp.core.repeat.candidate import Candidate
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.rules import rules_of, start_of, touches_cursor
from zeta_lsp.core.repeat.words import bucket


def finishes(page: Page) -> Iterator[Candidate]:
    """What could complete the change at the cursor."""
    rules = rules_of(page.edits)
    for begun in rules:
        use = next((use for use in begun.uses if touches_cursor(use, page)), None)
        if use is None or not begun.new:
            continue
        typed = len(page.before_cursor) - start_of(use)
        head, tail = begun.new[:typed], begun.new[typed:]
        longer = [rule for rule in rules if rule.old == begun.old and _fits(rule.new, head, tail)]
        for order, rule in enumerate(longer):
            rest = rule.new[len(head) : len(rule.new) - len(tail)]
            facts = {
                "uses": bucket(len(rule.uses), (1, 2, 3)),
                "age": bucket(rule.uses[0].edit.age, (0, 1, 2, 3)),
                "typed length": bucket(len(head), (0, 1, 2, 4)),
                "rest length": bucket(len(rest), (1, 2, 4, 8)),
                "rivals": bucket(len(longer), (1, 2)),
                "order": bucket(order, (0, 1)),
                "old length": bucket(len(begun.old), (0, 1, 3)),
            }
            yield Candidate("finish", page.cursor, page.cursor, rest, facts)


def _fits(whole: str, head: str, tail: str) -> bool:
    enough = len(whole) > len(head) + len(tail)
    return enough and whole.startswith(head) and whole.endswith(tail)
