"""``format``: the prompt of each example in a model's format, and what it should answer.

The prompt is rendered by the code that serves, from the same input, so a student is trained on what
it will be asked, byte for byte. ``prompt.expected_output`` is the first expected patch as the
format writes answers, ``prompt.rejected_output`` the rejected one, as Zed's tools fill them; more
of the expected patches go to ``zeta.expected_outputs``. How many tokens that makes stands in
``zeta.tokens``, counted if the model's tokenizer is given.

An example whose expected patch leaves the region that the format may rewrite is dropped: no answer
could say it. One that expects nothing keeps its prompt, for whoever asks a model.
"""

import argparse
from collections.abc import Iterable

import msgspec

from pipeline.command import Command, existing
from pipeline.doors import Doors
from pipeline.example import expected_patches, given_of, with_ours
from pipeline.formatting.counting import Counter, Estimated, counter_of
from pipeline.formatting.regions import rewritten_by
from pipeline.records import Dropped, Noted, Row
from pipeline.teacher.case import Case, Rewritten
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats import get, names
from zeta_lsp.core.formats.base import Format as PromptFormat
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.region_patch import is_same


class Format(msgspec.Struct, frozen=True):
    """The stage. `form` is a name that `core.formats` knows, `completions` how many answers."""

    form: str
    completions: int = 1
    counter: Counter = Estimated()
    tokens_max: int | None = None

    name = "format"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """The row with its prompt."""
        given = given_of(row)
        if isinstance(given, Dropped):
            return [given]
        case = _case_of(given, get(self.form))
        return [case] if isinstance(case, Dropped) else self._of(row, case)

    def _of(self, row: Row, case: Case) -> Iterable[Row | Dropped | Noted]:
        found = [rewritten_by(case, patch) for patch in expected_patches(row)]
        if found and isinstance(found[0], Dropped):
            return [found[0]]
        expected = [one for one in found if isinstance(one, Rewritten)][: self.completions]
        try:
            outputs = list(dict.fromkeys(_output(case, one) for one in expected))
        except UsageError:
            return [Dropped("no_insertion", f"{case.form.name} only inserts at the cursor")]
        tokens = self._tokens(case, outputs)
        if self.tokens_max is not None and sum(tokens) > self.tokens_max:
            return [Dropped("too_many_tokens", f"{sum(tokens)}")]
        rejected = _rejected(row, case, expected)
        prompt = _prompt(case, outputs, rejected)
        made = self._with_ours({**row, "prompt": prompt}, case, outputs, tokens)
        notes = [rejected] if isinstance(rejected, Noted) else []
        return [made, *notes, *([] if outputs else [Noted("nothing_expected")])]

    def _tokens(self, case: Case, outputs: list[str]) -> tuple[int, int]:
        """Of the prompt, and of the longest answer."""
        count = self.counter.count
        return count(case.prompt.text), max(map(count, outputs), default=0)

    def _with_ours(self, row: Row, case: Case, outputs: list[str], tokens: tuple[int, int]) -> Row:
        counts = {"prompt": tokens[0], "output": tokens[1], "counter": self.counter.name}
        fields: Row = {"format": case.form.name, "tokens": counts}
        if self.completions > 1:
            fields["expected_outputs"] = outputs
        if case.prompt.messages:
            fields["messages"] = msgspec.to_builtins(case.prompt.messages)
        return with_ours(row, **fields)


def provider_of(form: PromptFormat) -> str:
    """What Zed's tools call whoever answers prompts of a format."""
    return f"zeta2:{form.zed_name}" if form.zed_name else form.name


def _case_of(given: PromptInput, form: PromptFormat) -> Case | Dropped:
    files = given.related_files or ()
    if form.needs_current_file and all(one.path != given.cursor_path for one in files):
        return Dropped("no_current_file", f"{form.name} shows the cursor's file among the others")
    prompt = form.render(given)
    return Dropped("prompt_too_long") if prompt is None else Case(given, form, prompt)


def _output(case: Case, one: Rewritten) -> str:
    return case.form.target(case.given, case.prompt, one.region, one.cursor)


def _rejected(row: Row, case: Case, expected: Iterable[Rewritten]) -> str | Noted | None:
    """What was not wanted, as an answer; a note if it cannot be one, or is what was expected."""
    patch = row.get("rejected_patch")
    if not isinstance(patch, str):
        return None
    found = rewritten_by(case, patch)
    if isinstance(found, Dropped):
        return Noted(f"rejected_{found.reason}")
    if any(is_same(found.region, one.region) for one in expected):
        return Noted("rejected_as_expected")
    return _output(case, found)


def _prompt(case: Case, outputs: list[str], rejected: str | Noted | None) -> Row:
    """Zed's `ExamplePrompt`."""
    return {
        "input": case.prompt.text,
        "expected_output": next(iter(outputs), None),
        "rejected_output": rejected if isinstance(rejected, str) else None,
        "prefill": case.prompt.prefill or None,
        "provider": provider_of(case.form),
    }


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        required=True,
        metavar="NAME",
        help=f"{', '.join(names())}, or one of Zed's names (V0318SeedMultiRegions)",
    )
    parser.add_argument(
        "--completions",
        type=int,
        default=1,
        metavar="N",
        help="more than 1: answers for so many expected patches in zeta.expected_outputs (1)",
    )
    parser.add_argument(
        "--tokenizer",
        type=existing,
        metavar="tokenizer.json",
        help="the model's own, to count with; sizes are estimated without",
    )
    parser.add_argument(
        "--max-tokens", type=int, metavar="N", help="drop what is larger, prompt and answer"
    )


def _make(options: argparse.Namespace, _: Doors) -> Format:
    if options.completions < 1:
        raise UsageError("--completions is at least 1")
    return Format(
        get(options.format).name,
        options.completions,
        counter_of(options.tokenizer),
        options.max_tokens,
    )


COMMAND = Command(
    help="Render each example's prompt in a model's format, and the answers that are right.",
    example="zeta-pipeline format distilled.jsonl -o train.jsonl --format zeta2.1"
    " --tokenizer zeta-2.1/tokenizer.json --max-tokens 4096",
    configure=_configure,
    make=_make,
)
