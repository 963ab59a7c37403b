"""The recipe for settled data, with a student that a real inference server serves."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.parts import llama_server
from tests.models.llama import LlamaServer, running
from tests.models.tiny_gguf import write_scripted
from tests.pipeline.recipe.examples import short_examples, written
from tests.pipeline.recipe.test_run import lock, outputs, run
from tests.pipeline.teacher.examples import case
from zeta_lsp.core.formats import get

EXAMPLES = 12
SAID = "x = 1"


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """A model that knows one answer, which is nearly right for some of the examples."""
    model = tmp_path_factory.mktemp("model") / "scripted.gguf"
    given = case(short_examples(1)[0]).given
    prompt = get("zeta2.1").render(given)
    assert prompt is not None
    answer = get("zeta2.1").target(given, prompt, SAID).removesuffix("<[end▁of▁sentence]>")
    write_scripted(model, [answer[:4], answer[4:]])
    with running(llama_server(), model) as server:
        yield server


@pytest.mark.inference
def test_settling_twice_makes_the_same_bytes(student: LlamaServer, tmp_path: Path) -> None:
    written(tmp_path / "examples.jsonl", short_examples(EXAMPLES))
    words = ["settled", "--set", "examples=examples.jsonl", "--set", "student=scripted"]
    words += ["--set", f"url={student.url}", "--set", "samples=5", "--set", "low=0.3"]
    first = run(tmp_path, *words, "--into", "one")
    assert first.status == 0, first.err
    second = run(tmp_path, *words, "--into", "two", "--cache", "one/answers.sqlite")
    assert second.status == 0, second.err
    assert lock(tmp_path / "one") == lock(tmp_path / "two")
    kept = outputs(tmp_path / "one")["settle"]["{work}/learnable.jsonl"]["rows"]
    assert 0 < kept < EXAMPLES
    bands = json.loads((tmp_path / "one/bands.json").read_text())
    assert (bands["examples"], bands["kept"]) == (EXAMPLES, kept)
    train = (tmp_path / "one/train.jsonl").read_text().splitlines()
    assert all("x = " in json.loads(row)["prompt"]["expected_output"] for row in train)
    assert train
