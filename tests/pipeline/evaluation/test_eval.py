"""``eval`` asks everybody, says how well they did, and puts the worst before a person."""

import json
from pathlib import Path

import pytest

from pipeline.evaluation.cases import cases_of
from pipeline.stages.format import Format
from tests.e2e.parts import llama_server
from tests.models.llama import running as running_llama
from tests.models.tiny_gguf import write_scripted
from tests.pipeline.evaluation.scenes import (
    answered,
    breaking,
    evaluated,
    folder,
    inventing,
    mumbling,
    page,
    perfect,
    quiet,
    read,
    summed,
    undoing,
)
from tests.pipeline.teacher.vendor_server import VendorServer, running

GOLDEN = Path(__file__).parent / "table.txt"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return folder(tmp_path / "cases")


def test_nothing_is_always_silent_and_never_helps_on_the_shipped_cases(tmp_path: Path) -> None:
    found = summed(tmp_path)
    measures, silence = found["measures"], found["silence"]
    assert found["models"] == ["nothing", "repeat"]
    assert silence["nothing"]["right"] == silence["nothing"]["cases"] == found["wants"]["silence"]
    assert measures["delta_chr_f"]["nothing"]["mean"] == 0.0
    assert measures["exact"]["nothing"]["mean"] == 0.0
    assert measures["annoys"]["nothing"]["mean"] == 0.0
    assert measures["valid"]["nothing"]["mean"] == 1.0


def test_the_embedded_model_helps_more_often_than_nothing_and_hardly_annoys(tmp_path: Path) -> None:
    found = summed(tmp_path)
    measures = found["measures"]
    assert measures["delta_chr_f"]["repeat"]["mean"] > 8
    assert found["differences"]["delta_chr_f"]["repeat"]["verdict"] == "better"
    assert measures["silent"]["repeat"]["mean"] > 0.85
    assert measures["annoys"]["repeat"]["mean"] < 0.12
    assert measures["valid"]["repeat"]["mean"] == 1.0
    assert found["tried"] == ["repeat"]


def test_the_perfect_model_is_perfect(cases: Path, tmp_path: Path) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", perfect)
    measures = summed(tmp_path, rows)["measures"]
    assert measures["delta_chr_f"]["perfect"]["mean"] == pytest.approx(100.0)
    for name in ("exact", "silent", "speaks", "kept_rate", "valid"):
        assert measures[name]["perfect"]["mean"] == 1.0
    assert measures["annoys"]["perfect"]["mean"] == 0.0
    assert measures["delta_chr_f"]["perfect"]["n"] == measures["silent"]["perfect"]["n"] == 2


def test_whoever_undoes_everything_comes_first_among_the_worst(cases: Path, tmp_path: Path) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", perfect, mumbling, undoing)
    found = summed(tmp_path, rows)
    assert [one["model"] for one in found["worst"]] == ["undoing"] * 4 + ["mumbling"] * 4 + [
        "perfect"
    ] * 4
    assert all(one["reversal_ratio"] == 1.0 for one in found["worst"][:4])
    assert found["measures"]["annoys"]["undoing"]["mean"] == 1.0


def test_to_say_what_is_wrong_is_worse_than_to_say_nothing(cases: Path, tmp_path: Path) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", quiet, inventing)
    worst = [one for one in summed(tmp_path, rows)["worst"] if one["wants"] == "edit"]
    assert [one["model"] for one in worst] == ["inventing", "inventing", "quiet", "quiet"]
    assert {one["reversal_ratio"] for one in worst} == {0.0}


def test_an_answer_that_cannot_be_read_is_no_silence(cases: Path, tmp_path: Path) -> None:
    found = summed(tmp_path, answered(cases, tmp_path / "rows.jsonl", mumbling))
    assert found["silence"]["mumbling"] == {"right": 0.0, "cases": 2}
    assert found["measures"]["annoys"]["mumbling"]["mean"] == 0.0
    assert found["measures"]["valid"]["mumbling"]["mean"] == 0.0


def test_rows_hold_everybodys_predictions_and_scores(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert evaluated(cases, "-o", out, "--quiet") == 0
    for row in read(out):
        assert [one["provider"] for one in row["predictions"]] == ["nothing", "repeat"]
        assert len(row["score"]) == len(row["zeta"]["score"]) == 2
        assert row["zeta"]["eval"]["models"] == ["nothing", "repeat"]
    wants = [row["zeta"]["eval"]["wants"] for row in read(out)]
    assert wants == ["edit", "edit", "silence", "silence"]


def test_the_same_evaluation_makes_the_same_bytes(cases: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        out, summary = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.json"
        assert evaluated(cases, "-o", out, "--summary", summary, "--quiet") == 0
        made.append((out.read_bytes(), summary.read_bytes()))
    assert made[0] == made[1]


def test_the_table_and_the_worst_answers_are_these(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", undoing)
    assert evaluated(rows, "--show", 3, "--model", "nothing") == 0
    assert capsys.readouterr().out == GOLDEN.read_text()


def test_what_the_servers_guard_stops_is_silence_if_that_is_asked_for(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", undoing, perfect, breaking)
    out = tmp_path / "out.jsonl"
    assert evaluated(rows, "--as-shown", "-o", out, "--show", 0) == 0
    told = capsys.readouterr().err
    assert "4 answers of undoing are not shown (4 reverses_typing)" in told
    assert "4 answers of breaking are not shown (4 adds_errors)" in told
    assert "perfect" not in told
    held = read(out)[0]["predictions"][2]
    assert held["provider"] == "undoing"
    assert held["zeta"]["held_back"]["patch"].endswith("+price = 2\n tax = 1\n")
    found = summed(tmp_path, rows, "--as-shown")
    assert found["silence"]["undoing"] == {"right": 2.0, "cases": 2}


def test_a_former_output_is_the_previous_model(cases: Path, tmp_path: Path) -> None:
    former = tmp_path / "former.jsonl"
    rows = answered(cases, tmp_path / "rows.jsonl", undoing)
    assert evaluated(rows, "-o", former, "--quiet") == 0
    now = answered(cases, tmp_path / "now.jsonl", perfect)
    found = summed(tmp_path, now, "--previous", former)
    assert found["models"] == ["nothing", "repeat", "previous", "perfect"]
    assert found["reference"] == "previous"
    assert found["measures"]["reversal_ratio"]["previous"]["mean"] == 1.0
    compared = found["differences"]["reversal_ratio"]["perfect"]
    assert compared["verdict"] == "better"
    assert (compared["mean"], compared["better"], compared["worse"]) == (-1.0, 4, 0)


def test_of_several_former_models_one_has_to_be_named(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl", undoing, perfect)
    assert evaluated(cases, "--previous", rows) == 2
    assert "--previous-model" in capsys.readouterr().err
    found = summed(tmp_path, cases, "--previous", rows, "--previous-model", "undoing")
    assert found["measures"]["annoys"]["previous"]["mean"] == 1.0


def test_only_cases_that_both_answered_are_compared(cases: Path, tmp_path: Path) -> None:
    former = answered(cases, tmp_path / "former.jsonl", undoing)
    former.write_text("".join(f"{line}\n" for line in former.read_text().splitlines()[:1]))
    found = summed(tmp_path, cases, "--previous", former)
    assert found["answered"] == {"nothing": 4, "repeat": 4, "previous": 1}
    assert found["differences"]["reversal_ratio"]["repeat"]["n"] == 1


def test_what_is_no_case_is_dropped_and_counted(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cases / "again.md").write_text((cases / "apple.md").read_text())
    (cases / "broken.md").write_text("# nothing\n")
    (cases / "unfit.md").write_text(page("unfit", right="a", mark="9"))
    out = tmp_path / "out.jsonl"
    assert evaluated(cases, "-o", out) == 0
    dropped = {one["reason"] for one in read(tmp_path / "out.drops.jsonl")}
    assert dropped == {"same_case_again", "no_cursor", "expected_patch_does_not_apply"}
    assert "3 are no cases" in capsys.readouterr().err
    assert len(read(out)) == 4


def test_nothing_that_is_a_case_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("# nothing\n")
    assert evaluated(tmp_path / "broken.md") == 2


def test_json_takes_the_tables_place(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluated(cases, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["version"], found["cases"]) == ("zeta-eval", 1, 4)
    assert set(found["groups"]) == {"rename", "silence:half-typed", "silence:just-undone"}


def test_rows_on_standard_output_send_the_table_to_the_other(
    cases: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert evaluated(cases, "-o", "-") == 0
    told = capfdbinary.readouterr()
    assert len(told.out.splitlines()) == 4
    assert b"4 cases of 4 repositories (too few" in told.err


def test_a_question_without_an_answer_counts_and_private_code_is_no_question(
    cases: Path, tmp_path: Path
) -> None:
    rows = answered(cases, tmp_path / "rows.jsonl")
    found = read(rows)
    found[0]["zeta"] = {"consent": {"private": True}}
    rows.write_text("".join(json.dumps(row) + "\n" for row in found))
    who = ("--student", "far", "--url", "https://gpu.example.org")
    told = summed(tmp_path, rows, *who, "--cache-only", "--cache", tmp_path / "none.sqlite")
    assert told["answered"] == {"nothing": 4, "repeat": 4, "far": 3}
    assert told["measures"]["valid"]["far"]["mean"] == 0.0
    assert {one["error"] for one in told["worst"]} == {"not_answered"}


def test_a_student_is_asked_once_for_each_case_and_never_again(cases: Path, tmp_path: Path) -> None:
    with running() as vendor:
        told = student(cases, vendor, tmp_path)
        asked = len(vendor.bodies)
        again = student(cases, vendor, tmp_path)
        assert len(vendor.bodies) == asked == 4
    assert told == again
    assert told["tried"] == ["mine"]
    assert told["measures"]["valid"]["mine"] == {"mean": 0.0, "low": 0.0, "high": 0.0, "n": 4}


def test_a_students_answers_stand_under_the_name_that_it_was_given(
    cases: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    with running() as vendor:
        vendor.answer = lambda _: "I do not know."
        who = ("--student", "s", "--as", "mine", "--url", vendor.url, "-o", out, "--quiet")
        assert evaluated(cases, *who, "--cache", tmp_path / "answers.sqlite") == 0
    said = read(out)[0]["predictions"][-1]
    assert (said["provider"], said["error"]) == ("mine", "no_markers")
    assert said["zeta"]["provider"] == "zeta2:V0318SeedMultiRegions"
    assert said["zeta"]["model"] == "s"


def student(cases: Path, vendor: VendorServer, tmp_path: Path) -> dict[str, object]:
    vendor.answer = lambda _: "I do not know."
    who = ("--student", "s", "--as", "mine", "--url", vendor.url)
    return summed(tmp_path, cases, *who, "--cache", tmp_path / "answers.sqlite")


@pytest.mark.inference
def test_a_real_server_answers_for_a_student(cases: Path, tmp_path: Path) -> None:
    model = tmp_path / "scripted.gguf"
    answer = right_answer(cases / "apple.md").removesuffix("<[end▁of▁sentence]>")
    middle = len(answer) // 2
    write_scripted(model, [answer[:middle], answer[middle:]])
    cache = tmp_path / "answers.sqlite"
    with running_llama(llama_server(), model) as server:
        who = ("--student", "tiny", "--url", server.url, "--cache", cache)
        told = summed(tmp_path, cases, *who, "-n", 3)
    assert summed(tmp_path, cases, *who, "-n", 3, "--cache-only") == told
    measures = told["measures"]
    assert measures["valid"]["tiny"]["mean"] == 1.0
    assert measures["exact"]["tiny"]["mean"] == 0.5  # it gives every case the answer of one
    assert told["silence"]["tiny"] == {"right": 0.0, "cases": 2}
    assert [one["case"] for one in told["worst"]] == ["cedar", "daisy", "birch", "apple"]


def right_answer(case: Path) -> str:
    """What a student of Zeta 2.1 should say."""
    (found,) = cases_of([str(case)], lambda _: iter(())).found
    (row,) = Format("zeta2.1").rows(found.row)
    assert isinstance(row, dict)
    return str(row["prompt"]["expected_output"])


def test_a_former_output_can_be_evaluated_again_against_itself(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    rows = answered(cases, tmp_path / "rows.jsonl", perfect)
    before = answered(cases, tmp_path / "before.jsonl", undoing)
    first = summed(tmp_path, rows, "--previous", before, "-o", out)
    assert summed(tmp_path, out, "--previous", before) == first
    assert evaluated(out, "--student", "perfect", "--url", "http://127.0.0.1:1") == 2
