"""Exported examples, judged by Zed's own tools."""

import json

import msgspec
import pytest
from hypothesis import assume, settings
from hypothesis import given as over
from hypothesis import strategies as st

from capture.export import Dropped, line_of
from capture.rows import Licence
from tests.capture.export.recording import (
    CODE,
    SESSION,
    Stored,
    embedded,
    given_at,
    outcome,
    place_in,
    region,
    settled_row,
    snapshot_of,
    stored,
)
from tests.core.formats.oracle import needs_oracle, zed
from zeta_lsp.core.formats import get, names
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile

ZEDS = [name for name in names() if get(name).zed_name]
BLOCKS = "def f():\n    a = 1\n    b = 2\n    return a\n" * 80
CURSOR = "<|user_cursor|>"
FAR_DOWN = "".join(f"import module_{row}\n" for row in range(9000)) + CODE
"""`CODE` where the excerpt does not begin with the file."""

every_zeta = pytest.mark.parametrize("form", ZEDS)


def example(recorded, horizon="quiet"):
    line = line_of(recorded, horizon=horizon)
    assert isinstance(line, bytes), line
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    return json.loads(line)


def zeds_input(line):
    return zed.Zeta2PromptInput.from_dict(line["prompt_inputs"])


def zeds_settled(line, form, output, settled):
    return zed.build_settled_example(
        {
            "request_id": "r",
            "device_id": "d",
            "time": "2026-01-02T03:04:05Z",
            "input": line["prompt_inputs"],
            "settled_editable_region": settled,
            "requested_output": output,
            "requested_format": get(form).zed_name,
        }
    )


def with_current_file(form, text, mark):
    """A prediction whose cursor excerpt stands among the related files where a format needs it."""
    place = place_in(text, mark)
    given = given_at(text, *place)
    if get(form).needs_current_file:
        first = place[0] - 20
        rows = text.split("\n")[first : first + 40]
        excerpt = RelatedExcerpt((first, first + 40), "\n".join(rows) + "\n")
        file = RelatedFile(given.cursor_path, text.count("\n"), (excerpt,))
        given = given_at(text, *place, related_files=(file,))
    old = region(snapshot_of(given, form, None, place))
    snapshot = snapshot_of(given, form, old.replace(mark, mark + "lt", 1), place)
    settled = settled_row(old.replace(mark, mark + "lt + 1", 1))
    return Stored(SESSION, snapshot, (outcome("rejected"),), (settled,))


@needs_oracle
@every_zeta
def test_zeds_renderer_gives_the_prompt_that_was_sent(form):
    recorded = with_current_file(form, CODE, "return resu")
    line = example(recorded)
    assert zed.format_prompt(zeds_input(line), get(form).zed_name) == recorded.snapshot.prompt
    assert line["prompt"]["input"] == recorded.snapshot.prompt
    assert line["prompt"]["provider"] == zed.get_prompt_format(get(form).zed_name).provider


@needs_oracle
@every_zeta
@pytest.mark.parametrize("text", [CODE, FAR_DOWN], ids=["whole", "far down"])
def test_zed_expects_the_same_answer_of_the_expected_patch(form, text):
    line = example(with_current_file(form, text, "return resu"))
    (patch,), name = line["expected_patches"], get(form).zed_name
    expected = zed.format_expected_output(zeds_input(line), name, patch)
    assert expected == line["prompt"]["expected_output"]
    rejected = zed.format_expected_output(zeds_input(line), name, line["rejected_patch"])
    assert rejected == line["prompt"]["rejected_output"] != expected


@needs_oracle
@pytest.mark.parametrize("form", ["zeta2.1", "zeta2"])
@pytest.mark.parametrize("block", [40, 41, 44])
def test_a_change_in_repeated_code_is_found_in_its_own_place(form, block):
    text = "import os\n" * 4000 + BLOCKS  # the excerpt begins far below the file's first row
    place = (4000 + 42 * 4 + 1, 9)
    given = given_at(text, *place, related_files=None)
    plain = snapshot_of(given, form, None, place)
    assert given.excerpt_start_row > 0
    rows = region(plain).split("\n")
    first = given.excerpt_start_row + given.cursor_excerpt.encode()[: plain.editable[0]].count(
        b"\n"
    )
    rows[4000 + block * 4 + 2 - first] = "    b = 22222"
    settled = "\n".join(rows)
    line = example(Stored(SESSION, plain, (), (settled_row(settled),)))
    name = get(form).zed_name
    found = zed.format_expected_output(zeds_input(line), name, line["expected_patches"][0])
    assert found == line["prompt"]["expected_output"]
    assert "22222" in found


@needs_oracle
def test_a_format_without_excerpt_finds_repeated_code_by_its_row():
    text = "".join(f"import module_{row}\n" for row in range(9000)) + BLOCKS
    row = 9000 + 42 * 4 + 2
    first = row - 60
    excerpt = RelatedExcerpt(
        (first, first + 120), "\n".join(text.split("\n")[first : first + 120]) + "\n"
    )
    file = RelatedFile("shop/till.py", text.count("\n"), (excerpt,))
    given = given_at(text, row, 9, related_files=(file,))
    plain = snapshot_of(given, "zeta-v0615", None, (row, 9))
    above = given.cursor_excerpt.encode()[: plain.editable[0]].count(b"\n")
    rows = region(plain).split("\n")
    rows[row - given.excerpt_start_row - above] = "    b = 22222"
    line = example(Stored(SESSION, plain, (), (settled_row("\n".join(rows)),)))
    (patch,) = line["expected_patches"]
    expected = zed.format_expected_output(zeds_input(line), "V0615HashRegions", patch)
    assert expected == line["prompt"]["expected_output"]
    assert "22222" in expected


words = st.sampled_from(
    ["a = 1\n", "b", "\n", "    ", "é = '日本'\n", "}\n", "def f():\n", "\\ x\n"]
)
texts = st.lists(words, max_size=12).map("".join)


@needs_oracle
@settings(max_examples=150, deadline=None)
@over(above=texts, below=texts, settled=texts, proposed=texts)
def test_patches_and_history_are_those_of_zeds_own_import(above, below, settled, proposed):
    text = above + "here" + below
    place = place_in(text, "here")
    given = given_at(text, *place)
    form = get("zeta2.1")
    prompt = form.render(given)
    assume(form.target(given, prompt, proposed) != form.target(given, prompt, None))
    snapshot = snapshot_of(given, "zeta2.1", proposed, place)
    recorded = Stored(SESSION, snapshot, (outcome("ignored"),), (settled_row(settled),))
    line = example(recorded)
    zeds = zeds_settled(line, "zeta2.1", snapshot.output, settled)
    (patch,) = line["expected_patches"]
    expected = zed.format_expected_output(zeds_input(line), "V0318SeedMultiRegions", patch)
    assert expected == line["prompt"]["expected_output"]
    assert zeds["expected_patches"] == [patch] or patch.count("\n@@ ") == 1
    assert line["edit_history"] == zeds["edit_history"]
    assert line["cursor_path"] == zeds["cursor_path"]


@needs_oracle
def test_rows_count_from_where_zeds_own_import_counts_them():
    recorded = with_current_file("zeta2.1", FAR_DOWN, "return resu")
    assert recorded.snapshot.given.excerpt_start_row > 0
    line, settled = example(recorded), recorded.settled[0].text
    zeds = zeds_settled(line, "zeta2.1", recorded.snapshot.output, settled)
    assert line["expected_patches"] == zeds["expected_patches"]


@needs_oracle
def test_zed_scores_every_line_and_keeps_what_is_ours():
    lines = [example(with_current_file(form, CODE, "return resu")) for form in ZEDS]
    lines.append(example(stored(ending="ignored", settled="return resu")))
    scored = json.loads(zed.score_examples_json(json.dumps(lines)))
    for line, back in zip(lines, scored, strict=True):
        zed.Example.from_dict(line)
        assert back["zeta"] == line["zeta"]
        assert len(back["score"]) == 1
        assert 0 <= back["score"][0]["delta_chr_f"] <= 100


@needs_oracle
def test_zed_gives_full_marks_to_a_prediction_that_was_settled_on():
    (scored,) = json.loads(zed.score_examples_json(json.dumps([example(stored())])))
    assert scored["score"][0]["delta_chr_f"] == 100.0
    assert scored["score"][0]["exact_lines_fp"] == scored["score"][0]["exact_lines_fn"] == 0


@needs_oracle
def test_a_proposed_cursor_is_where_zed_would_put_it():
    recorded = stored()
    snapshot, form = recorded.snapshot, get("zeta2.1")
    prompt = form.render(snapshot.given)
    new = region(snapshot).replace("return resu", "return result")
    output = form.target(snapshot.given, prompt, new, new.encode().index(b"result\n") + 6)
    answer = form.parse(output, snapshot.given, prompt)
    assert answer.cursor is not None
    snapshot = msgspec.structs.replace(snapshot, output=output, answer=answer)
    line = example(msgspec.structs.replace(recorded, snapshot=snapshot))
    given = zeds_input(line)
    parsed = zed.parse_output(output, "V0318SeedMultiRegions", given)
    zeds = zed.actual_cursor_from_parsed_output(parsed, given)
    assert line["predictions"][0]["actual_cursor"] == zeds


def test_a_line_says_what_became_of_the_prediction():
    line = example(stored(ending="rejected", settled="return resu + 1"))
    ours = line["zeta"]
    assert line["tags"] == ["settled", "outcome:rejected"]
    assert line["name"] == ours["id"] == line["telemetry"]["request_id"] == "p1"
    assert line["telemetry"]["rejection_reason"] == "Rejected"
    assert line["telemetry"]["is_shown"] is True
    assert line["telemetry"]["time"] == "2026-09-21T14:13:21.500Z"
    assert ours["outcome"] == {
        "ending": "rejected",
        "reason": "",
        "remark": "",
        "after_ms": 900.0,
    }
    assert ours["licence"] == {"spdx": "MIT", "evidence": "LICENSE"}
    assert ours["consent"] == {"receipt": "c0ffee", "level": "snapshots", "private": False}
    assert ours["edit_sources"] == [["accepted"], ["typed", "pasted"]]
    assert ours["context_receipts"] == [
        {"path": "shop/tax.py", "rows": [0, 2], "order": 1, "source": "lsp"}
    ]
    assert (ours["kept_rate"], ours["recall_rate"]) == (1.0, 0.8)
    assert "return resu + 1" in ours["settled"]["quiet"]["text"]


def test_the_rejected_patch_is_the_proposal_and_only_where_it_was_refused():
    refused = example(stored(ending="ignored", settled="return resu + 1"))
    assert "+    return result\n" in refused["rejected_patch"]
    assert example(stored(settled="return resu + 1"))["rejected_patch"] is None
    assert example(stored(ending="ignored"))["rejected_patch"] is None  # typed by hand after all


def test_an_acceptance_that_was_taken_back_was_refused():
    recorded = stored(settled="return resu + 1")
    undone = outcome("accepted", seq=21, remark="undone")
    recorded = msgspec.structs.replace(recorded, outcomes=(undone, *recorded.outcomes))
    line = example(recorded)
    assert line["rejected_patch"] is not None
    assert line["zeta"]["outcome"]["remark"] == "undone"


def test_a_region_that_stayed_as_it_was_is_expected_to_stay():
    line = example(stored(ending="ignored", settled="return resu"))
    assert line["expected_patches"] == ["--- a/shop/till.py\n+++ b/shop/till.py\n"]


def test_the_cursor_stands_in_the_shown_rows():
    shown = example(stored())["cursor_position"]
    assert f"    return resu{CURSOR}\n" in shown
    assert shown.replace(CURSOR, "") in CODE
    assert len(shown) < 1000


def test_history_marks_what_was_accepted():
    history = example(stored())["edit_history"]
    assert history.startswith("// User accepted prediction:\n--- a/shop/tax.py\n")
    assert history.count("// User accepted") == 1


def test_private_lines_say_so_twice():
    recorded = stored(private=True)
    line = example(recorded)
    assert "private" in line["tags"]
    assert line["zeta"]["consent"]["private"] is True
    assert line["prompt_inputs"]["in_open_source_repo"] is False


def test_the_licence_of_the_file_comes_before_the_projects():
    line = example(stored(licence=Licence("ISC", "vendor/LICENSE")))
    assert line["zeta"]["licence"] == {"spdx": "ISC", "evidence": "vendor/LICENSE"}


def test_the_embedded_model_makes_examples_without_a_prompt():
    place = place_in(CODE, "return resu")
    snapshot = embedded(given_at(CODE, *place), place)
    line = example(Stored(SESSION, snapshot, (), (settled_row(region(snapshot)),)))
    assert line["prompt"] is None
    assert line["zeta"]["prompt_digest"] == ""


def test_the_chosen_horizon_is_what_is_expected():
    recorded = stored()
    later = settled_row(region(recorded.snapshot).replace("resu", "LATER"), "save")
    recorded = msgspec.structs.replace(recorded, settled=(*recorded.settled, later))
    assert "LATER" in example(recorded, "save")["expected_patches"][0]
    assert "LATER" not in example(recorded)["expected_patches"][0]
    assert set(example(recorded)["zeta"]["settled"]) == {"quiet", "save"}


def dropped(recorded, horizon="quiet"):
    line = line_of(recorded, horizon=horizon)
    assert isinstance(line, Dropped)
    return line.reason


def test_what_cannot_be_exported_says_why():
    recorded = stored()
    snapshot = recorded.snapshot
    early = msgspec.structs.replace(recorded, settled=(settled_row("x", "save"),))
    assert dropped(early, "save") == "not_settled"
    assert dropped(recorded, "300s") == "horizon_not_reached"
    altered = msgspec.structs.replace(snapshot, prompt=snapshot.prompt + " ")
    assert dropped(msgspec.structs.replace(recorded, snapshot=altered)) == "prompt_differs"
    foreign = msgspec.structs.replace(snapshot, format="nobodys")
    assert dropped(msgspec.structs.replace(recorded, snapshot=foreign)) == "format_unknown"


@pytest.mark.parametrize("marker", [CURSOR, "<|marker_1|>", "<[fim-middle]>"])
def test_code_with_markers_is_left_out_because_zed_would_render_it_differently(marker):
    text = CODE.replace("after_0 = 0", f"after_0 = '{marker}'")
    assert dropped(stored(text=text)) == "marker_in_code"


def test_every_format_can_be_exported():
    for form in names():
        line = line_of(with_current_file(form, CODE, "return resu"))
        assert isinstance(line, bytes), (form, line)
