import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import zeta_lsp
from zeta_lsp.core.errors import ModelError, PromptTooLong, ZetaError
from zeta_lsp.core.guard import CHECKS
from zeta_lsp.core.lifecycle import ENDINGS, REASONS, TABLE, Happening, State, explained, step

PACKAGE = Path(zeta_lsp.__file__).parent

BEGINNINGS = (State.REQUESTED, State.HELD, State.SHOWN)


def test_every_state_can_be_reached():
    reached = {State.REQUESTED}
    for _ in State:
        reached |= {after for (before, _), after in TABLE.items() if before in reached}
    assert reached == set(State)


def test_every_beginning_leads_to_an_ending():
    for state in BEGINNINGS:
        assert any(TABLE.get((state, happening)) in ENDINGS for happening in Happening)


@pytest.mark.parametrize("state", [State.HELD, State.SHOWN, State.PARTLY])
def test_whatever_a_person_does_to_an_answered_prediction_has_a_result(state):
    never = {Happening.ANSWER, Happening.SILENCE}
    assert {happening for happening in Happening if (state, happening) in TABLE} >= (
        set(Happening) - never
    )


def test_no_ending_is_left_but_partly_accepted_ones():
    leaving = {before for (before, _), after in TABLE.items() if after is not before}
    assert leaving & set(ENDINGS) == {State.PARTLY}


def test_what_was_kept_stays_kept():
    afterwards = {after for (before, _), after in TABLE.items() if before is State.PARTLY}
    assert afterwards == {State.PARTLY, State.ACCEPTED}


def test_only_what_was_shown_can_be_rejected_or_ignored():
    seen = {State.REJECTED, State.SUPERSEDED, State.IGNORED}
    assert {before for (before, _), after in TABLE.items() if after in seen} == {State.SHOWN}


def test_what_is_not_in_the_table_cannot_happen():
    for state, happening in product(State, Happening):
        if (state, happening) in TABLE:
            assert step(state, happening) is TABLE[state, happening]
        else:
            with pytest.raises(AssertionError, match=state):
                step(state, happening)


def test_a_reason_is_explained_with_its_detail():
    assert explained("timeout") == REASONS["timeout"]
    assert explained("unsynced:range_past_end") == f"{REASONS['unsynced']} (range past end)"
    assert explained("never_heard_of") == "never heard of"


def words_called(name: str, position: int = 0) -> Iterator[str]:
    """Literal arguments at a position of all calls of a name in the package."""
    for node in nodes():
        if isinstance(node, ast.Call) and called_name(node) == name and len(node.args) > position:
            yield from literals(node.args[position])


def nodes() -> Iterator[ast.AST]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value).partition(":")[0]


def reasons_of_errors() -> Iterator[str]:
    """The `reason` of every exception that can end a prediction."""
    pending: list[type[ZetaError]] = [ModelError, PromptTooLong]
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        yield error.reason


def words_returned_by(path: str, function: str) -> Iterator[str]:
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from literals(inner.value)


@pytest.mark.parametrize(
    ("found", "least"),
    [
        (lambda: words_called("Silence"), 8),
        (lambda: words_called("UnparsableAnswer"), 9),
        (lambda: words_called("happened", 2), 1),
        (lambda: words_called("_drop", 1), 2),
        (reasons_of_errors, 10),
        (lambda: CHECKS, 10),
        (lambda: words_returned_by("server/gate.py", "_unfit"), 4),
        (lambda: words_returned_by("server/gate.py", "refusal"), 3),
    ],
    ids=["silences", "answers", "endings", "drops", "errors", "guards", "files", "modes"],
)
def test_every_reason_in_the_code_has_an_explanation(found, least):
    words = set(found())
    assert len(words) >= least
    assert words - REASONS.keys() == set()
