"""Loss is on the answer and its end, and on no token of the prompt."""

from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.training.needing import need_training

need_training()

from pipeline.records import Dropped  # noqa: E402 - the libraries first
from pipeline.training.encoding import MASKED, Encoded, Encoder  # noqa: E402
from pipeline.training.models import tokenizer_of  # noqa: E402
from pipeline.training.samples import Sample, demonstrations  # noqa: E402
from tests.pipeline.training.lessons import CANARY, edit_row, silent_row  # noqa: E402
from tests.pipeline.training.tiny import BEGIN, END  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that are not ours


@pytest.fixture(scope="module")
def tokenizer(base: Path) -> Any:
    return tokenizer_of(str(base))


@pytest.fixture(scope="module")
def encoder(tokenizer: Any) -> Encoder:
    return Encoder(tokenizer, 2048)


def encoded(encoder: Encoder, row: dict[str, Any]) -> tuple[Sample, Encoded]:
    (sample,) = demonstrations(row)
    assert isinstance(sample, Sample)
    found = encoder.encoded(sample.prompt, sample.completion)
    assert isinstance(found, Encoded)
    return sample, found


@pytest.mark.parametrize(
    "row",
    [
        *(edit_row(2, form, CANARY) for form in ("zeta2.1", "zeta2", "zeta1")),
        *(silent_row(2, form) for form in ("zeta2.1", "zeta2", "zeta1", "fim-seed")),
    ],
    ids=lambda row: row["prompt"]["provider"],
)
def test_every_token_of_the_answer_has_loss_and_none_of_the_prompt(
    encoder: Encoder, tokenizer: Any, row: dict[str, Any]
) -> None:
    sample, found = encoded(encoder, row)
    ids, labels = list(found.prompt + found.completion), list(found.labels)
    assert len(ids) == len(labels) == found.tokens
    for place, (token, label) in enumerate(zip(ids, labels, strict=True)):
        assert label == (MASKED if place < len(found.prompt) else token)
    assert tokenizer.decode(found.prompt) == BEGIN + sample.prompt
    assert tokenizer.decode(found.completion) == sample.completion.removesuffix(END) + END
    assert list(found.completion).count(tokenizer.eos_token_id) == 1


@pytest.mark.parametrize("form", ["zeta2.1", "zeta2"])
def test_the_answer_begins_behind_seed_coders_middle(
    encoder: Encoder, tokenizer: Any, form: str
) -> None:
    _, found = encoded(encoder, edit_row(1, form))
    middle = tokenizer.convert_tokens_to_ids("<[fim-middle]>")
    assert list(found.prompt).count(middle) == 1
    assert tokenizer.decode(found.prompt[list(found.prompt).index(middle) + 1 :]) in {"", "\n"}


def test_no_token_reaches_over_the_border(encoder: Encoder, tokenizer: Any) -> None:
    """Wherever a text is cut: the prompt's tokens are those that a server would make of it."""
    text = edit_row(1)["prompt"]["input"]
    moved = 0
    for at in range(20, len(text) - 1):
        found = encoder.encoded(text[:at], text[at:])
        assert isinstance(found, Encoded)
        assert list(found.prompt) == tokenizer(text[:at])["input_ids"]
        together = tokenizer(text)["input_ids"]
        moved += together[: len(found.prompt)] != list(found.prompt)
    assert moved > 20, "tokenised together, tokens would have reached over it"


def test_what_is_too_long_is_dropped_and_never_cut(tokenizer: Any) -> None:
    _, whole = encoded(Encoder(tokenizer, 2048), edit_row(1))
    sample = demonstrations(edit_row(1))[0]  # type: ignore[index]  # it is no drop
    fits = Encoder(tokenizer, whole.tokens).encoded(sample.prompt, sample.completion)
    assert fits == whole
    lost = Encoder(tokenizer, whole.tokens - 1).encoded(sample.prompt, sample.completion)
    assert lost == Dropped("too_many_tokens", str(whole.tokens))


def test_an_answer_that_the_tokenizer_cannot_write_is_dropped(base: Path) -> None:
    from tokenizers import normalizers

    tokenizer = tokenizer_of(str(base))
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()  # as Qwen's
    encoder = Encoder(tokenizer, 2048)
    assert isinstance(encoder.encoded("x", "caf\u00e9"), Encoded)
    found = encoder.encoded("x", "cafe\u0301")
    assert isinstance(found, Dropped)
    assert found.reason == "lossy_tokens"


def test_an_end_that_the_tokenizer_puts_behind_texts_is_not_in_the_prompt(base: Path) -> None:
    from tokenizers import processors

    tokenizer = tokenizer_of(str(base))
    ends = [(one, tokenizer.convert_tokens_to_ids(one)) for one in (BEGIN, END)]
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=ends
    )
    found = Encoder(tokenizer, 2048).encoded("x", "y")
    assert isinstance(found, Encoded)
    assert tokenizer.decode(found.prompt) == f"{BEGIN}x"
    assert tokenizer.decode(found.completion) == f"y{END}"


def test_the_trainer_goes_through_exactly_these_labels(base: Path, tmp_path: Path) -> None:
    from pipeline.training.libraries import hush
    from pipeline.training.models import model_of
    from pipeline.training.recipe import recipe_of
    from pipeline.training.trainers import demonstrating

    hush()
    tokenizer = tokenizer_of(str(base))
    encoder = Encoder(tokenizer, 2048)
    lessons = [encoded(encoder, row)[1] for row in (edit_row(1), edit_row(2, name=CANARY))]
    model = model_of(str(base), "float32")
    trainer = demonstrating(recipe_of("tiny-cpu"), model, tokenizer, lessons, tmp_path, 0)
    (batch,) = trainer.get_train_dataloader()
    seen = [
        ([t for t, on in zip(*pair, strict=True) if on], [x for x in labels if x != MASKED])
        for *pair, labels in zip(
            batch["input_ids"].tolist(),
            batch["attention_mask"].tolist(),
            batch["labels"].tolist(),
            strict=True,
        )
    ]
    wanted = [(list(one.prompt + one.completion), list(one.completion)) for one in lessons]
    assert sorted(seen) == sorted(wanted)
    for row, one in zip(batch["labels"].tolist(), batch["input_ids"].tolist(), strict=True):
        assert all(label in {MASKED, token} for label, token in zip(row, one, strict=True))
