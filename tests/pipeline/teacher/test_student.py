"""Students are asked in the prompt that is served, by a real inference server and by others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.example import applied
from pipeline.jsonl import drops_path
from pipeline.records import Row
from pipeline.teacher.case import Case
from tests.e2e.parts import llama_server
from tests.models.llama import LlamaServer
from tests.models.llama import running as running_llama
from tests.models.tiny_gguf import write_random, write_scripted
from tests.pipeline.teacher.examples import CODE, DONE, case, ran, read, row_for, written
from tests.pipeline.teacher.vendor_server import VendorServer
from zeta_lsp.core.formats import get

KNOWN = "x = 1\n"


def target(row: Row, region: str | None, form: str = "zeta2.1") -> str:
    found = case(row)
    assert isinstance(found, Case)
    prompt = get(form).render(found.given)
    assert prompt is not None
    return get(form).target(found.given, prompt, region)


def predict(url: str, tmp_path: Path, *more: object, out: str = "out") -> Path:
    made = tmp_path / f"{out}.jsonl"
    status = ran(
        "predict", tmp_path / "in.jsonl", "-o", made, "--student", "student", "--url", url,
        "--cache", tmp_path / "answers.sqlite", *more,
    )  # fmt: skip
    assert status == 0
    return made


@pytest.mark.parametrize("form", ["zeta2.1", "zeta2", "zeta1"])
def test_a_students_answer_is_read_by_its_format(
    vendor: VendorServer, tmp_path: Path, form: str
) -> None:
    row = row_for()
    vendor.answer = lambda _: target(row, DONE.removesuffix("\n"), form)
    written(tmp_path / "in.jsonl", [row])
    (made,) = read(predict(vendor.url, tmp_path, "--format", form))
    (one,) = made["predictions"]
    assert applied(one["actual_patch"], CODE) == DONE
    assert one["cumulative_logprob"] == pytest.approx(-1.0)
    assert one["avg_logprob"] == pytest.approx(-0.5)
    prompt = get(form).render(case(row).given)
    assert prompt is not None
    assert vendor.bodies[0]["prompt"] == prompt.text
    assert one["provider"] == (f"zeta2:{get(form).zed_name}" if get(form).zed_name else form)


@pytest.mark.parametrize(
    ("form", "error"), [("zeta2.1", "unclosed_span"), ("zeta2", "answer_cut_short")]
)
def test_an_answer_that_was_cut_off_is_none(
    vendor: VendorServer, tmp_path: Path, form: str, error: str
) -> None:
    row = row_for()
    vendor.answer = lambda _: target(row, DONE.removesuffix("\n"), form)[:-40]
    written(tmp_path / "in.jsonl", [row])
    (made,) = read(predict(vendor.url, tmp_path, "--format", form))
    (one,) = made["predictions"]
    assert one["actual_patch"] is None
    assert one["error"] == error


def test_a_cursor_is_placed_in_the_region_whichever_part_of_it_was_rewritten(
    vendor: VendorServer, tmp_path: Path
) -> None:
    code = "\n\n".join(f"def f{n}():\n    café = {n}\n    return café\n" for n in range(12))
    row = row_for(code=code)
    row["prompt_inputs"]["events"] = []
    found = case(row)
    region = found.region.replace("café = 5", "café = 555")
    cursor = len(region.encode().partition(b" = 555")[0]) + len(" = 555")
    answer = found.form.target(found.given, found.prompt, region, cursor)
    assert not answer.startswith("<|marker_1|>")
    vendor.answer = lambda _: answer
    written(tmp_path / "in.jsonl", [row])
    (made,) = read(predict(vendor.url, tmp_path))
    (one,) = made["predictions"]
    left = applied(one["actual_patch"], found.excerpt)
    assert left is not None
    place = one["actual_cursor"]
    assert left.encode()[: place["offset"]].decode().endswith("café = 555")
    rows = left.split("\n")
    assert rows[place["row"]].encode()[: place["column"]].decode() == "    café = 555"


def test_what_a_server_writes_behind_the_stop_string_is_not_read(
    vendor: VendorServer, tmp_path: Path
) -> None:
    row = row_for()
    prompt = get("fim-starcoder").render(case(row).given)
    assert prompt is not None
    assert prompt.stop
    vendor.answer = lambda _: f", more{prompt.stop[0]}nonsense"
    written(tmp_path / "in.jsonl", [row])
    (made,) = read(predict(vendor.url, tmp_path, "--format", "fim-starcoder"))
    left = applied(made["predictions"][0]["actual_patch"], CODE)
    assert left == CODE.replace("rows, timeout)", "rows, timeout, more)")


def test_every_sample_has_a_seed_of_its_own(vendor: VendorServer, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    predict(vendor.url, tmp_path, "-n", 5, "--seed", 100)
    assert sorted(body["seed"] for body in vendor.bodies) == [100, 101, 102, 103, 104]
    assert {body["temperature"] for body in vendor.bodies} == {1.0}


def test_a_single_answer_is_the_likeliest(vendor: VendorServer, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    predict(vendor.url, tmp_path)
    assert vendor.bodies[0]["temperature"] == 0.0


def test_a_prompt_that_format_wrote_has_to_be_the_one_that_is_served(
    vendor: VendorServer, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [row_for(1), row_for(2), row_for(3)]
    provider = "zeta2:V0318SeedMultiRegions"
    rows[0]["prompt"] = {"input": case(rows[0]).prompt.text, "provider": provider}
    rows[1]["prompt"] = {"input": "another", "provider": provider}
    rows[2]["prompt"] = {"input": "of another format", "provider": "zeta2:V0211SeedCoder"}
    written(tmp_path / "in.jsonl", rows)
    out = predict(vendor.url, tmp_path)
    assert len(read(out)) == 2
    assert [one["reason"] for one in read(drops_path(str(out)))] == ["prompt_differs"]


@pytest.mark.parametrize("path", ["", "/v1", "/v1/completions"])
def test_an_address_may_be_given_in_any_length(
    vendor: VendorServer, tmp_path: Path, path: str
) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    predict(vendor.url + path, tmp_path)
    assert vendor.requests == [("POST", "/v1/completions")]


@pytest.mark.parametrize(
    "more", [(), ("--url", "http://gpu.example:8000"), ("--url", "ftp://x"), ("--url", "nowhere")]
)
def test_an_address_that_is_none_or_not_safe_is_refused(
    tmp_path: Path, more: tuple[object, ...]
) -> None:
    source = written(tmp_path / "in.jsonl", [row_for()])
    arguments = ("--student", "s", "--cache", tmp_path / "a.sqlite", *more)
    assert ran("predict", source, "-o", tmp_path / "o", *arguments) == 2


def test_a_key_goes_to_who_it_is_for(
    vendor: VendorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "sk-mine")
    written(tmp_path / "in.jsonl", [row_for()])
    predict(vendor.url, tmp_path)
    assert vendor.keys == set()
    predict(vendor.url, tmp_path, "--api-key-env", "MINE", "--revision", "b")
    assert vendor.keys == {"Bearer sk-mine"}


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """A real server with a model that answers every prompt with the same good answer."""
    model = tmp_path_factory.mktemp("model") / "scripted.gguf"
    row = row_for(code=KNOWN, prompt_inputs=small_inputs())
    answer = target(row, "x = 2").removesuffix("<[end▁of▁sentence]>")
    write_scripted(model, _pieces(answer))
    with running_llama(llama_server(), model) as server:
        yield server


def small_inputs() -> Row:
    inputs: Row = row_for(code=KNOWN)["prompt_inputs"]
    inputs["events"] = []
    inputs["cursor_offset_in_excerpt"] = 5
    return inputs


def _pieces(answer: str) -> list[str]:
    """Tokens of an answer, no two of them the same."""
    at = len(answer) // 2
    return [piece for piece in (answer[:at], answer[at:]) if piece]


@pytest.mark.inference
def test_a_real_server_answers_for_a_student(scripted: LlamaServer, tmp_path: Path) -> None:
    rows = [row_for(code=KNOWN, prompt_inputs=small_inputs())]
    written(tmp_path / "in.jsonl", rows)
    (row,) = read(predict(scripted.url, tmp_path, "-n", 3))
    assert [applied(one["actual_patch"], KNOWN) for one in row["predictions"]] == ["x = 2\n"] * 3
    assert all(-0.2 < one["avg_logprob"] <= 0 for one in row["predictions"])


@pytest.mark.inference
def test_settling_with_a_real_student(scripted: LlamaServer, tmp_path: Path) -> None:
    one = row_for(code=KNOWN, prompt_inputs=small_inputs())
    rows = [
        {**one, "name": name, "expected_patches": [case(one).patch(region)]}
        for name, region in (("easy", "x = 2"), ("far", "y = f(17) + 1"), ("near", "y = 2"))
    ]
    written(tmp_path / "in.jsonl", rows)
    sampled = predict(scripted.url, tmp_path, "-n", 4)
    more = ("--absolute", "--low", 0, "--high", 1)
    assert ran("settle", sampled, "-o", tmp_path / "kept.jsonl", *more) == 0
    kept = read(tmp_path / "kept.jsonl")
    assert [row["name"] for row in kept] == ["near"]
    assert kept[0]["zeta"]["settle"]["distances"] == [0.5] * 4


@pytest.mark.inference
def test_a_real_server_draws_another_sample_for_each_seed(tmp_path: Path) -> None:
    model = tmp_path / "random.gguf"
    write_random(model)
    written(tmp_path / "in.jsonl", [row_for(code=KNOWN, prompt_inputs=small_inputs())])
    more = ("-n", 4, "--max-tokens", 12)
    with running_llama(llama_server(), model) as server:
        (row,) = read(predict(server.url, tmp_path, *more))
    # The server is gone; servers do not draw the same bytes twice, but the cache has them.
    (again,) = read(predict(server.url, tmp_path, *more, out="again"))
    said = [one["actual_output"] for one in row["predictions"]]
    assert len(set(said)) == 4
    assert again == row
    assert {one["error"] for one in row["predictions"]} <= {"no_markers", "leaked_marker"}
