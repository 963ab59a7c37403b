"""Builds what `repeat` sees from texts: each text is the one before it after one more edit."""

from itertools import pairwise

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import Answer, PromptInput
from zeta_lsp.core.unified import unified_diff
from zeta_lsp.models.repeat import propose

CURSOR = "‸"
PATH = "p/a.py"


def given(*texts: str, path: str = PATH) -> PromptInput:
    """The input after these texts; the last one holds the cursor."""
    before, behind = texts[-1].split(CURSOR)
    plain = [*texts[:-1], before + behind]
    events = tuple(
        BufferChange(path, path, unified_diff(old.split("\n"), new.split("\n")))
        for old, new in pairwise(plain)
    )
    return PromptInput(PATH, plain[-1], len(before.encode()), excerpt_start_row=0, events=events)


def applied(given: PromptInput, answer: Answer) -> str:
    """The excerpt once the answer was accepted."""
    data = given.cursor_excerpt.encode()
    for one in reversed(answer.replacements):
        data = data[: one.start] + one.text.encode() + data[one.end :]
    return data.decode()


def said(*texts: str) -> list[tuple[str, str]]:
    """The lines that the answer changes, as they are and as they would be; [] for silence."""
    asked = given(*texts)
    answer = propose(asked)
    old, new = asked.cursor_excerpt.split("\n"), applied(asked, answer).split("\n")
    diff = unified_diff(old, new).split("\n")[1:]
    return [(row[0], row[1:]) for row in diff if row[:1] in ("-", "+")]
