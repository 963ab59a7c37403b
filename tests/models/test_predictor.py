"""From a model's stream to answers: early, whole, cut short, refused."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.models.toy_format import END, ToyFormat
from zeta_lsp.core.errors import ModelTimeout, PromptTooLong, UnparsableAnswer
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.ports import Finish, Piece, Reply
from zeta_lsp.core.prompt import Prompt, PromptInput
from zeta_lsp.models.output import BYTES_ALWAYS, Output
from zeta_lsp.models.predictor import EndpointPredictor

pytestmark = pytest.mark.anyio

EXCERPT = "".join(f"line {row}\n" for row in range(12))
GIVEN = PromptInput("p/a.py", EXCERPT, 0)
CHANGED = EXCERPT.replace("line 1\n", "LINE ONE\n").replace("line 9\n", "LINE NINE\n")


class Script:
    """A model that says what it was told to, and remembers whether it was heard out."""

    name = "script"

    def __init__(
        self, pieces: Sequence[str], finish: Finish | None = Finish.STOP, size: int | None = None
    ) -> None:
        text = "".join(pieces)
        self.pieces = [text[at : at + size] for at in range(0, len(text), size)] if size else pieces
        self.finish = finish
        self.said = 0
        self.was_closed_early = False

    async def stream(self, prompt: Prompt) -> AsyncIterator[Piece]:
        try:
            for piece in self.pieces:
                self.said += 1
                yield Piece(piece)
            if self.finish is None:
                raise ModelTimeout("late")
            yield Piece("", self.finish)
        except GeneratorExit:
            self.was_closed_early = self.said < len(self.pieces)
            raise

    async def warm(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


async def replies(model: Script, fmt: ToyFormat | None = None) -> list[Reply]:
    predictor = EndpointPredictor(fmt or ToyFormat(), model)
    return [reply async for reply in predictor.predict(GIVEN)]


def applied(reply: Reply) -> str:
    """The excerpt as an answer leaves it."""
    (replacement,) = reply.answer.replacements
    assert (replacement.start, replacement.end) == (0, len(EXCERPT))
    return replacement.text


async def test_the_first_cluster_is_given_out_before_the_answer_is_whole() -> None:
    early, whole = await replies(Script([CHANGED, END], size=7))
    assert early.partial
    assert not whole.partial
    assert applied(early) == EXCERPT.replace("line 1\n", "LINE ONE\n")
    assert applied(whole) == CHANGED
    assert edits_of(early.answer, EXCERPT, 0) == edits_of(whole.answer, EXCERPT, 0)[:1]


async def test_the_early_answer_comes_as_soon_as_two_equal_lines_follow() -> None:
    model = Script(CHANGED.splitlines(keepends=True))
    predictor = EndpointPredictor(ToyFormat(needs_end=False), model)
    stream = predictor.predict(GIVEN)
    assert (await anext(stream)).partial
    assert model.said == 4
    await stream.aclose()
    assert model.was_closed_early


async def test_an_answer_that_is_whole_already_is_not_given_out_in_part() -> None:
    class AtOnce(Script):
        async def stream(self, prompt: Prompt) -> AsyncIterator[Piece]:
            yield Piece(CHANGED + END, Finish.STOP)

    (whole,) = await replies(AtOnce([]))
    assert not whole.partial
    assert applied(whole) == CHANGED


async def test_whoever_waits_has_the_early_answer_before_the_rest_is_read() -> None:
    model, answered = Script([CHANGED, END], size=7), asyncio.Event()
    read_by_then = []

    async def client() -> None:
        await asyncio.ensure_future(answered.wait())
        read_by_then.append(model.said)

    waiting = asyncio.ensure_future(client())
    await asyncio.sleep(0)
    async for reply in EndpointPredictor(ToyFormat(), model).predict(GIVEN):
        if reply.partial:
            answered.set()
            read_by_then.append(model.said)
    await waiting
    assert read_by_then[0] == read_by_then[1] < model.said


async def test_an_unchanged_region_has_no_early_answer() -> None:
    (whole,) = await replies(Script([EXCERPT, END], size=5))
    assert applied(whole) == EXCERPT


async def test_a_reply_carries_the_prompt_the_output_and_the_times() -> None:
    ticks = iter(range(100))
    predictor = EndpointPredictor(ToyFormat(), Script([EXCERPT, END]), lambda: next(ticks))
    (reply,) = [reply async for reply in predictor.predict(GIVEN)]
    assert reply.prompt == ToyFormat().render(GIVEN)
    assert (reply.output, reply.model) == (EXCERPT + END, "script")
    assert (reply.first_token_ms, reply.total_ms) == (1000, 2000)


async def test_looking_for_the_cluster_reads_a_long_answer_a_few_times_only() -> None:
    fmt = ToyFormat()
    answer = "".join(f"line {row}\n" for row in range(12)) + "x\n" * 800
    await replies(Script([answer, END], size=1), fmt)
    assert len(fmt.looks) > 10
    assert sum(map(len, fmt.looks)) < 20 * len(answer)


async def test_the_early_answer_is_looked_for_no_more_once_given() -> None:
    fmt = ToyFormat()
    await replies(Script([CHANGED, END], size=1), fmt)
    assert len(fmt.looks[-1]) < len(CHANGED) / 2


async def test_a_prefill_is_part_of_the_answer() -> None:
    (reply,) = await replies(Script(["line 1\n", END]), ToyFormat(prefill="line 0\n"))
    assert applied(reply) == "line 0\nline 1\n"
    assert reply.output == "line 0\nline 1\n" + END


async def test_nothing_is_asked_if_the_prompt_is_too_long() -> None:
    model = Script(["x"])
    predictor = EndpointPredictor(ToyFormat(), model)
    with pytest.raises(PromptTooLong) as caught:
        await anext(predictor.predict(PromptInput("p/a.py", "TOO LONG", 0)))
    assert (caught.value.reason, model.said) == ("prompt_too_long", 0)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
async def test_a_stop_string_ends_the_answer_wherever_pieces_are_cut(size: int) -> None:
    model = Script(["line 0\n<|stop|>babble that goes on"], finish=None, size=size)
    fmt = ToyFormat(needs_end=False, stop=("<|stop|>", "<|other|>"))
    (reply,) = await replies(model, fmt)
    assert (reply.output, reply.finish) == ("line 0\n<|stop|>", Finish.STOP)
    assert model.was_closed_early or size > 20


async def test_an_answer_cut_by_the_token_limit_keeps_only_what_was_certain() -> None:
    *_, whole = await replies(Script([CHANGED[:-30]], Finish.LENGTH, size=9))
    assert applied(whole) == EXCERPT.replace("line 1\n", "LINE ONE\n")
    assert not whole.answer.complete


@pytest.mark.parametrize(
    ("text", "finish", "fmt"),
    [
        ("LINE", Finish.LENGTH, ToyFormat(needs_end=False)),
        ("LINE", Finish.STOP, ToyFormat()),
        ("LINE", Finish.UNKNOWN, ToyFormat()),
    ],
    ids=["the token limit", "no end marker", "no end marker and no reason"],
)
async def test_a_cut_answer_without_anything_certain_is_refused(
    text: str, finish: Finish, fmt: ToyFormat
) -> None:
    with pytest.raises(UnparsableAnswer) as caught:
        await replies(Script([text], finish), fmt)
    assert caught.value.reason == "answer_cut_short"


async def test_an_end_marker_counts_although_the_model_went_on_to_the_limit() -> None:
    (reply,) = await replies(Script([EXCERPT, END, "and more"], Finish.LENGTH))
    assert applied(reply) == EXCERPT


async def test_a_format_that_needs_no_end_is_content_with_the_models() -> None:
    (reply,) = await replies(Script(["line 0\n"]), ToyFormat(needs_end=False))
    assert applied(reply) == "line 0\n"


async def test_an_answer_that_outgrows_its_region_is_given_up() -> None:
    model = Script(["x" * 100] * 1000)
    with pytest.raises(UnparsableAnswer) as caught:
        await replies(model)
    assert caught.value.reason == "answer_too_large"
    assert model.said * 100 <= BYTES_ALWAYS + 200
    assert model.was_closed_early


async def test_what_is_not_an_answer_is_refused_with_the_formats_reason() -> None:
    with pytest.raises(UnparsableAnswer) as caught:
        await replies(Script(["NONSENSE" + END]))
    assert caught.value.reason == "nonsense"


async def test_a_fault_of_the_endpoint_passes_through_after_an_early_answer() -> None:
    predictor = EndpointPredictor(ToyFormat(), Script([CHANGED], finish=None, size=9))
    stream = predictor.predict(GIVEN)
    assert (await anext(stream)).partial
    with pytest.raises(ModelTimeout):
        await anext(stream)


@pytest.mark.parametrize(
    ("region_bytes", "limit_bytes"), [(0, 2048), (600, 2400), (100_000, 16_384)]
)
def test_an_answer_may_be_four_times_its_region(region_bytes: int, limit_bytes: int) -> None:
    region = (0, region_bytes)
    output = Output(Prompt("toy", "", region, region, 64))
    output.add("x" * (limit_bytes - 2))
    output.add("é")
    with pytest.raises(UnparsableAnswer):
        output.add("x")
