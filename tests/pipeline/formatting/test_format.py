"""Prompts and answers for training are those of serving, and Zed's, to the byte."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from capture.export import line_of
from pipeline.jsonl import drops_path
from pipeline.records import Dropped, Noted, Row
from pipeline.stages.format import Format
from tests.capture.export.recording import stored
from tests.core.formats import oracle
from tests.core.formats.generated import inputs, rewritten
from tests.core.formats.oracle import zed
from tests.pipeline.teacher.examples import CODE, DONE, ran, read, row_for, written
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.region_patch import header, region_patch, rows_of
from zeta_lsp.core.zed_inputs import given_of, prompt_inputs

ZEDS = ("zeta2", "zeta2.1", "zeta-v0131", "zeta-v0420")
PATH = "shop/total.py"
WHOLE = (0, len(CODE.removesuffix("\n")))
PATCH = region_patch(PATH, CODE.removesuffix("\n"), WHOLE, DONE)
LATER = region_patch(PATH, CODE.removesuffix("\n"), WHOLE, CODE.replace("second", "other"))


def made(row: Row, form: str = "zeta2.1", **options: Any) -> Row:
    """The one row that becomes of one."""
    found = [one for one in Format(form, **options).rows(row) if not isinstance(one, Noted)]
    assert len(found) == 1
    assert isinstance(found[0], dict), found[0]
    return found[0]


def reason(row: Row, form: str = "zeta2.1", **options: Any) -> str:
    (found,) = Format(form, **options).rows(row)
    assert isinstance(found, Dropped)
    return found.reason


def notes(row: Row) -> list[str]:
    return [one.word for one in Format("zeta2.1").rows(row) if isinstance(one, Noted)]


def whole_patch(given: PromptInput, region: tuple[int, int], new: str) -> str:
    """A patch of one hunk that replaces all rows of a region."""
    data = given.cursor_excerpt.encode()
    old = data[slice(*region)].decode()
    first = data.count(b"\n", 0, region[0]) + 1
    sides = [rows_of(old), rows_of(new)]
    head = f"@@ -{first},{len(sides[0])} +{first},{len(sides[1])} @@\n"
    signed = zip("-+", sides, strict=True)
    return (
        header(given.cursor_path)
        + head
        + "".join(f"{sign}{row}\n" for sign, rows in signed for row in rows)
    )


@oracle.needs_oracle
@pytest.mark.parametrize("name", ZEDS)
def test_prompts_and_answers_of_any_example_are_zeds(name: str) -> None:
    rng, form, compared = random.Random(7), get(name), 0
    for given in inputs(7, 500):
        prompt = form.render(given)
        if prompt is None:
            continue
        region = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
        new = rewritten(rng, region)
        if not region or not new:
            continue  # Zed leaves the new text of an empty region out
        patch = region_patch(given.cursor_path, given.cursor_excerpt, prompt.editable, new)
        fields = prompt_inputs(given, is_open=True, repository_url="")
        row = made({"prompt_inputs": fields, "expected_patches": [patch]}, name)
        asked = zed.Zeta2PromptInput.from_dict(fields)
        assert row["prompt"]["input"] == zed.format_prompt(asked, form.zed_name)
        target = zed.format_expected_output(asked, form.zed_name, patch)
        assert row["prompt"]["expected_output"] == target
        compared += 1
    assert compared > 300


@oracle.needs_oracle
@pytest.mark.parametrize("name", ZEDS)
def test_the_cursor_of_a_patch_stands_where_zed_puts_it(name: str) -> None:
    rng, form, compared = random.Random(8), get(name), 0
    for given in inputs(8, 500):
        prompt = form.render(given)
        if prompt is None:
            continue
        region = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
        new = rewritten(rng, region).removesuffix("\n")
        if not region or not new or rows_of(new) == rows_of(region):
            continue
        at = rng.randint(0, len(new))
        patch = whole_patch(given, prompt.editable, f"{new[:at]}<|user_cursor|>{new[at:]}")
        fields = prompt_inputs(given, is_open=True, repository_url="")
        row = made({"prompt_inputs": fields, "expected_patches": [patch]}, name)
        asked = zed.Zeta2PromptInput.from_dict(fields)
        target = zed.format_expected_output(asked, form.zed_name, patch)
        assert row["prompt"]["expected_output"] == target
        compared += 1
    assert compared > 150


def test_a_mark_in_a_later_hunk_is_the_cursor_too() -> None:
    code = "".join(f"a{row} = {row}\n" for row in range(20))
    given = PromptInput("p/a.py", code, 3, excerpt_start_row=0, syntax_ranges=())
    patch = (
        f"{header('p/a.py')}@@ -2,1 +2,2 @@\n a1 = 1\n+b = 1\n"
        "@@ -16,1 +17,1 @@\n-a15 = 15\n+a15 = <|user_cursor|>0\n"
    )
    row = {"prompt_inputs": prompt_inputs(given, is_open=True, repository_url="")}
    answer = made({**row, "expected_patches": [patch]}, "zeta2")["prompt"]["expected_output"]
    assert "\na15 = <|user_cursor|>0\n" in answer
    assert answer.count("<|user_cursor|>") == 1


def test_the_prompt_is_the_one_that_serving_renders() -> None:
    row = row_for(expected_patches=[PATCH])
    for name in ("zeta2.1", "zeta2", "zeta1", "sweep", "mercury", "instinct"):
        form, given = get(name), given_of(row["prompt_inputs"])
        prompt = form.render(given)
        assert prompt is not None
        found = made(row, name)["prompt"]
        assert found["input"] == prompt.text
        answer = form.parse(found["expected_output"], given, prompt)
        data = given.cursor_excerpt.encode()
        for one in sorted(answer.replacements, key=lambda one: -one.start):
            data = data[: one.start] + one.text.encode() + data[one.end :]
        assert rows_of(data.decode()) == rows_of(DONE), name


def test_a_header_alone_expects_that_nothing_changes() -> None:
    found = made(row_for(expected_patches=[header(PATH)]))
    marker = "<|marker_1|><|marker_1|>"
    assert found["prompt"]["expected_output"].startswith(marker)


def test_who_says_nothing_is_expected_gets_a_prompt_and_no_answer() -> None:
    row = row_for()
    assert made(row)["prompt"]["expected_output"] is None
    assert made(row)["zeta"]["tokens"]["output"] == 0
    assert notes(row) == ["nothing_expected"]


def test_what_is_not_known_stays() -> None:
    row = row_for(expected_patches=[PATCH])
    found = made(row)
    assert found["unknown"] == {"kept": 0}
    assert found["zeta"]["consent"] == {"private": False}
    assert {**found, "prompt": None, "zeta": None} == {**row, "prompt": None, "zeta": None}


def test_several_answers_are_told_apart_and_the_unsayable_ones_left_out() -> None:
    elsewhere = PATCH.replace(PATH, "shop/other.py")
    row = row_for(expected_patches=[PATCH, PATCH, elsewhere, LATER])
    found = made(row, completions=9)
    outputs = found["zeta"]["expected_outputs"]
    assert len(outputs) == 2
    assert outputs[0] == found["prompt"]["expected_output"]
    assert "other = fetch(rows)" in outputs[1]
    assert "expected_outputs" not in made(row)["zeta"]


def test_a_rejected_patch_becomes_the_answer_not_to_give() -> None:
    row = row_for(expected_patches=[PATCH], rejected_patch=LATER)
    found = made(row)["prompt"]
    assert "other = fetch(rows)" in found["rejected_output"]
    assert notes({**row, "rejected_patch": PATCH}) == ["rejected_as_expected"]
    assert made({**row, "rejected_patch": PATCH})["prompt"]["rejected_output"] is None


LONG = "".join(f"value_{row} = {row}  # {'x' * 60}\n" for row in range(200))


def far_row(patch_row: int, first_row: int = 0, number: int | None = None) -> Row:
    """An example of a long file, its cursor in row 100, that changes one row."""
    cursor = LONG.index("value_100")
    given = PromptInput("p/a.py", LONG, cursor, excerpt_start_row=first_row, syntax_ranges=())
    old = LONG.split("\n")[patch_row]
    at = (patch_row if number is None else number) + 1
    patch = f"{header('p/a.py')}@@ -{at},1 +{at},1 @@\n-{old}\n+changed = 1\n"
    inputs_ = prompt_inputs(given, is_open=True, repository_url="")
    return {"prompt_inputs": inputs_, "expected_patches": [patch]}


@pytest.mark.parametrize("name", ZEDS)
def test_a_change_outside_what_the_format_may_rewrite_is_dropped(name: str) -> None:
    assert reason(far_row(20), name) == "patch_outside_region"
    assert "changed = 1" in made(far_row(100), name)["prompt"]["expected_output"]


def test_context_may_reach_out_of_the_region() -> None:
    row = far_row(100)
    rows = LONG.split("\n")
    body = "".join(f" {one}\n" for one in rows[60:100]) + f"-{rows[100]}\n+changed = 1\n"
    row["expected_patches"] = [f"{header('p/a.py')}@@ -61,41 +61,41 @@\n{body}"]
    assert "changed = 1" in made(row)["prompt"]["expected_output"]


def test_rows_may_count_in_the_file_where_the_text_alone_does_not_tell() -> None:
    text = "start\n" + "same\n" * 9 + "end\n"
    given = PromptInput("p/a.py", text, 6, excerpt_start_row=500, syntax_ranges=())
    answers = set()
    for first in (4, 504):
        patch = f"{header('p/a.py')}@@ -{first},1 +{first},1 @@\n-same\n+other\n"
        row = {"prompt_inputs": prompt_inputs(given, is_open=True, repository_url="")}
        found = made({**row, "expected_patches": [patch]}, "zeta2")
        answers.add(found["prompt"]["expected_output"])
    (answer,) = answers
    assert answer.startswith("start\n<|user_cursor|>"[:6] + "same\nsame\nother\nsame\n")


@pytest.mark.parametrize(
    ("patch", "word"),
    [
        (PATCH.replace("second = fetch", "third = fetch"), "patch_does_not_apply"),
        (PATCH.replace(PATH, "shop/other.py"), "patch_of_another_file"),
        ("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,1 @@\n+a\n", "patch_of_another_file"),
    ],
)
def test_a_patch_that_does_not_fit_has_a_reason(patch: str, word: str) -> None:
    assert reason(row_for(expected_patches=[patch])) == word


def test_a_patch_without_a_header_is_one_of_the_file() -> None:
    bare = PATCH.partition("@@")
    row = row_for(expected_patches=[bare[1] + bare[2]])
    assert made(row)["prompt"] == made(row_for(expected_patches=[PATCH]))["prompt"]


def test_a_format_that_needs_the_file_among_the_others_says_so() -> None:
    assert reason(row_for(expected_patches=[PATCH]), "zeta-v0615") == "no_current_file"


def test_code_that_holds_the_mark_itself_keeps_it() -> None:
    code = CODE.replace("first = ", "first = '<|user_cursor|>' or ")
    done = code.replace("fetch(rows)", "fetch(rows, 1)")
    row = row_for(code=code)
    excerpt = code.removesuffix("\n")
    patch = region_patch(PATH, excerpt, (0, len(excerpt.encode())), done)
    assert "'<|user_cursor|>'" in patch
    given = given_of(row["prompt_inputs"])
    form = get("zeta2")
    prompt = form.render(given)
    assert prompt is not None
    answer = form.target(given, prompt, done.removesuffix("\n"))
    assert (
        made({**row, "expected_patches": [patch]}, "zeta2")["prompt"]["expected_output"] == answer
    )


def words(folder: Path) -> Path:
    """A tokenizer for which every word is a token, and so is each marker of a format."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken("<[fim-suffix]>"), AddedToken("<[fim-prefix]>")])
    tokenizer.enable_truncation(5)
    path = folder / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def test_tokens_are_counted_by_the_models_tokenizer(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [row_for(n, expected_patches=[]) for n in range(3)])
    out = tmp_path / "out.jsonl"
    path = words(tmp_path)
    arguments = ["format", source, "-o", out, "--format", "V0318SeedMultiRegions", "--quiet"]
    assert ran(*arguments, "--tokenizer", path, "--workers", "2") == 0
    for row in read(out):
        text = row["prompt"]["input"]
        for mark in ("<[fim-suffix]>", "<[fim-prefix]>"):
            text = text.replace(mark, f" {mark} ")
        tokens = row["zeta"]["tokens"]
        assert tokens["prompt"] == len(text.split()) > 5
        assert tokens["counter"].startswith("tokenizer:")
    assert ran(*arguments) == 0
    assert {row["zeta"]["tokens"]["counter"] for row in read(out)} == {"estimated"}
    assert read(out)[0]["zeta"]["tokens"]["prompt"] == len(text_bytes(out)) // 3


def text_bytes(out: Path) -> bytes:
    prompt: str = read(out)[0]["prompt"]["input"]
    return prompt.encode()


def test_what_is_too_large_is_dropped(tmp_path: Path) -> None:
    row = row_for(expected_patches=[PATCH])
    tokens = made(row)["zeta"]["tokens"]
    most = tokens["prompt"] + tokens["output"]
    assert reason(row, tokens_max=most - 1) == "too_many_tokens"
    assert made(row, tokens_max=most)["prompt"]["expected_output"]


def test_a_file_that_is_no_tokenizer_and_a_format_nobody_knows_are_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "tokenizer.json"
    bad.write_text("{}")
    source = written(tmp_path / "in.jsonl", [row_for()])
    assert ran("format", source, "--format", "zeta2.1", "--tokenizer", bad) == 2
    assert ran("format", source, "--format", "zeta9") == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "no tokenizer in" in said[0]
    assert "zeta9" in said[1]


@oracle.needs_oracle
def test_zeds_own_command_takes_the_file_and_makes_the_same_prompts(tmp_path: Path) -> None:
    patches = [
        PATCH,
        LATER,
        header(PATH),
        PATCH.replace("+    second = ", "+    second = <|user_cursor|>"),
    ]
    source = written(
        tmp_path / "in.jsonl", [row_for(expected_patches=[patch]) for patch in patches]
    )
    ours, zeds = tmp_path / "ours.jsonl", tmp_path / "zeds.jsonl"
    name = "V0318SeedMultiRegions"
    assert ran("format", source, "-o", ours, "--format", name, "--quiet") == 0
    tool = Path(sys.executable).with_name("zeta-prompt")
    command = [tool, "format", "-p", name, "-o", zeds, ours]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    assert len(read(zeds)) == 4
    for our, theirs in zip(read(ours), read(zeds), strict=True):
        provider = our["prompt"].pop("provider")
        assert provider == f"zeta2:{theirs['prompt'].pop('provider')}"
        assert our["prompt"].pop("prefill") is None
        assert theirs["prompt"].pop("prefill") == ""
        assert our == theirs

    answered = tmp_path / "answered.jsonl"
    rows = [
        {**row, "predictions": [{"actual_output": row["prompt"]["expected_output"]}]}
        for row in read(ours)
    ]
    written(answered, rows)
    parsed = tmp_path / "parsed.jsonl"
    command = [tool, "parse", "-o", parsed, answered]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    changed = {
        line
        for line in read(parsed)[0]["predictions"][0]["actual_patch"].split("\n")
        if line.startswith("+ ")
    }
    assert changed == {"+    second = fetch(rows, timeout=timeout)"}


@pytest.mark.parametrize("ending", ["accepted", "rejected"])
@pytest.mark.parametrize("name", [*ZEDS, "zeta1", "sweep"])
def test_an_exported_prediction_keeps_the_prompt_that_was_sent(name: str, ending: str) -> None:
    proposal = "return result" if ending == "accepted" else "return None"
    line = line_of(stored(form=name, ending=ending, proposal=proposal))
    assert isinstance(line, bytes)
    row = json.loads(line)
    assert (row["prompt"]["rejected_output"] is None) == (ending == "accepted")
    assert made({**row, "prompt": None}, name)["prompt"] == row["prompt"]


def test_drops_say_why(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [{**far_row(20), "cursor_path": "p/a.py"}, {"a": 1}])
    out = tmp_path / "out.jsonl"
    assert ran("format", source, "-o", out, "--format", "zeta2", "--quiet") == 0
    drops = [json.loads(row) for row in drops_path(str(out)).read_text().splitlines()]
    assert [one["reason"] for one in drops] == ["patch_outside_region", "no_input"]


def test_a_format_that_only_inserts_takes_insertions_and_drops_the_rest() -> None:
    inserted = region_patch(PATH, CODE, WHOLE, CODE.replace("(rows, timeout)", "(rows, timeout=1)"))
    answer = made(row_for(expected_patches=[inserted]), "fim-qwen")["prompt"]["expected_output"]
    assert answer.startswith("=1")
    assert reason(row_for(expected_patches=[PATCH]), "fim-qwen") == "no_insertion"


def test_a_chat_format_keeps_its_messages() -> None:
    found = made(row_for(expected_patches=[PATCH]), "mercury")
    assert [one["role"] for one in found["zeta"]["messages"]] == ["user"]


def test_a_row_that_becomes_blank_at_the_end_of_the_region_is_written_down() -> None:
    row = far_row(100)
    region = given_of(row["prompt_inputs"])
    prompt = get("zeta2").render(region)
    assert prompt is not None
    last = LONG.encode()[slice(*prompt.editable)].decode().split("\n")[-1]
    at = LONG[: LONG.index(last)].count("\n") + 1
    row["expected_patches"] = [f"{header('p/a.py')}@@ -{at},1 +{at},1 @@\n-{last}\n+\n"]
    assert made(row, "zeta2")["prompt"]["expected_output"].endswith("\n\n>>>>>>> UPDATED\n")
