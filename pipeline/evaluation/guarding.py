"""What the server would show of an answer: nothing, where its guard objects or syntax would break.

The guard is the server's own (`core.guard`). It is asked about the region of a prompt format, as it
is when that format is served; an answer that leaves the region is taken as one of the excerpt. What
is held back becomes silence, and ``zeta.held_back`` says why. What only a running server has is not
asked: language servers, what the person types meanwhile.
"""

from collections import Counter
from collections.abc import Iterable

from pipeline.doors import SyntaxErrors
from pipeline.evaluation.answering import Answers
from pipeline.evaluation.cases import EvalCase
from pipeline.example import applied, ours, with_ours
from pipeline.records import Dropped, Row
from pipeline.teacher.case import case_of
from pipeline.teacher.patched import region_of_patch
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.guard import guard
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement
from zeta_lsp.core.region_patch import header
from zeta_lsp.core.text import byte_length

ADDS_ERRORS = "adds_errors"


class Guarding:
    """The server's objections to answers of models that are served in a format."""

    def __init__(self, form: Format, syntax_errors: SyntaxErrors | None) -> None:
        self._form, self._syntax_errors = form, syntax_errors

    def shown(self, answers: Answers, cases: Iterable[EvalCase]) -> Answers:
        """A model's answers as somebody would see them."""
        said = {
            one.key: [self._shown(one, each) for each in answers.by_case[one.key]]
            for one in cases
            if one.key in answers.by_case
        }
        return Answers(answers.model, said)

    def _shown(self, case: EvalCase, prediction: Row) -> Row:
        reason = self._objection(case, prediction)
        if reason is None:
            return prediction
        held = {"reason": reason, "patch": prediction["actual_patch"]}
        silence = header(case.given.cursor_path)
        row = {**prediction, "actual_patch": silence, "actual_cursor": None}
        return with_ours(row, held_back=held)

    def _objection(self, case: EvalCase, prediction: Row) -> str | None:
        patch, excerpt = prediction.get("actual_patch"), case.given.cursor_excerpt
        text = applied(patch, excerpt) if isinstance(patch, str) else None
        if text is None or text == excerpt:
            return None
        hit = guard(self._reply(case, str(patch), text), case.given, None)
        if hit is not None:
            return hit.name
        return ADDS_ERRORS if self._adds_errors(case.given, text) else None

    def _reply(self, case: EvalCase, patch: str, text: str) -> Reply:
        """The answer as the region that it rewrites, or the whole excerpt."""
        prompt: Prompt | None = None
        replaced = Replacement(0, byte_length(case.given.cursor_excerpt), text)
        asked = case_of(case.row, self._form)
        region = None if isinstance(asked, Dropped) else region_of_patch(asked, patch)
        if region is not None and not isinstance(asked, Dropped):
            prompt = asked.prompt
            replaced = Replacement(*prompt.editable, region)
        return Reply(Answer((replaced,)), prompt, Finish.STOP, "")

    def _adds_errors(self, given: PromptInput, text: str) -> bool:
        """Whether a text that parsed would no longer; of one that did not nobody can say."""
        count = self._syntax_errors
        if count is None or count(given.cursor_path, given.cursor_excerpt):
            return False
        return bool(count(given.cursor_path, text))


def held_back(answers: Answers) -> Counter[str]:
    """How many answers were held back, by reason."""
    found: Counter[str] = Counter()
    for some in answers.by_case.values():
        for one in some:
            held = ours(one).get("held_back")
            found.update([held["reason"]] if isinstance(held, dict) else [])
    return found
