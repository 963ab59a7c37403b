"""The one candidate that is worth showing, or none."""

from collections.abc import Iterator
from typing import NamedTuple

from zeta_lsp.core.prompt import Answer, PromptInput, Replacement
from zeta_lsp.core.repeat.blocks import blocks
from zeta_lsp.core.repeat.candidate import Candidate
from zeta_lsp.core.repeat.finishing import finishes
from zeta_lsp.core.repeat.line_rest import line_rests
from zeta_lsp.core.repeat.next_line import next_lines
from zeta_lsp.core.repeat.page import Page
from zeta_lsp.core.repeat.parameters import parameters
from zeta_lsp.core.repeat.scorecards import SCORECARDS
from zeta_lsp.core.repeat.siblings import siblings
from zeta_lsp.core.repeat.substitution import substitutions
from zeta_lsp.core.text import byte_length


class Choice(NamedTuple):
    """A candidate and what its evidence was worth, in decibans."""

    candidate: Candidate
    decibans: float


ABILITIES = (finishes, parameters, substitutions, siblings, line_rests, next_lines, blocks)


def candidates(given: PromptInput) -> Iterator[Candidate]:
    """Everything that could come next, likely or not. Nothing that changes nothing."""
    page = Page(given)
    for ability in ABILITIES:
        for candidate in ability(page):
            if page.text[candidate.start : candidate.end] != candidate.text:
                yield candidate


def choose(given: PromptInput) -> Choice | None:
    """The best candidate, if it is more likely right than wrong."""
    best: Choice | None = None
    for candidate in candidates(given):
        card = SCORECARDS[candidate.ability]
        decibans = card.weigh(candidate.facts)
        if decibans >= card.show_from and (best is None or decibans > best.decibans):
            best = Choice(candidate, decibans)
    return best


def answer_of(given: PromptInput, candidate: Candidate) -> Answer:
    """The candidate as an answer; the cursor goes behind what is new, before its line end."""
    text, new = given.cursor_excerpt, candidate.text
    start = byte_length(text[: candidate.start])
    end = start + byte_length(text[candidate.start : candidate.end])
    cursor = byte_length(new.removesuffix("\n"))
    return Answer((Replacement(start, end, new),), cursor=cursor if new else None)
