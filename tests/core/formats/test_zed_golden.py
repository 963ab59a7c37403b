"""Golden prompts, targets and answers of Zed's formats; these hold without Zed's code at hand.

Computed by Zed's own code. A difference means that a model sees something it was not trained on.
"""

import json
import pathlib

import msgspec
import pytest

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats import get
from zeta_lsp.core.formats.markers import marker_offsets
from zeta_lsp.core.formats.region import is_same_region
from zeta_lsp.core.prompt import PromptInput

GOLDEN = json.loads((pathlib.Path(__file__).parents[2] / "golden" / "zed-formats.json").read_text())
CASES = [
    pytest.param(case, zed_name, id=f"{name}-{zed_name}")
    for name, case in GOLDEN["cases"].items()
    for zed_name in case["formats"]
]
# Zed takes these for answers as they are; here the marker and the sentinels never reach a document.
SAFER_THAN_ZED = {
    "no final newline after marker": "new\n",
    "two cursors: only the first is stripped": "abc\n",
    "text after the end marker is kept": "new\n",
    "repair sentinel is not special": None,
    "NO_EDITS is not special here": None,
    "literal no edits": None,
}


def input_of(case):
    return msgspec.convert(case["input"], PromptInput)


@pytest.mark.parametrize(("case", "zed_name"), CASES)
def test_the_prompt_is_zeds(case, zed_name):
    golden = case["formats"][zed_name]
    prompt = get(zed_name).render(input_of(case))
    assert (prompt and prompt.text) == golden["prompt"]
    if prompt is not None:
        assert prompt.editable == tuple(golden["editable"])
        assert prompt.context == tuple(golden["context"])


@pytest.mark.parametrize(("case", "zed_name"), CASES)
def test_targets_are_zeds(case, zed_name):
    given, form = input_of(case), get(zed_name)
    prompt = form.render(given)
    if prompt is None:
        return
    for name, expected in case["formats"][zed_name]["targets"].items():
        new = case["new_excerpts"][name]
        region = None if new is None else new_region(given, prompt, new)
        assert form.target(given, prompt, region) == expected


def new_region(given, prompt, new):
    start, end = prompt.editable
    after = len(given.cursor_excerpt.encode()) - end
    return new.encode()[start : len(new.encode()) - after].decode()


@pytest.mark.parametrize("case", GOLDEN["parse_cases"], ids=lambda case: case["note"])
def test_answers_are_read_as_zed_reads_them(case):
    if case["format"] not in known_formats():
        pytest.skip("a format that only Zed has")
    given, form = input_of(GOLDEN["cases"][case["case"]]), get(case["format"])
    prompt = form.render(given)
    old = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
    if "error" in case["parsed"] and case["note"] not in SAFER_THAN_ZED:
        with pytest.raises(UnparsableAnswer):
            form.parse(case["output"], given, prompt)
        return
    answer = form.parse(case["output"], given, prompt)
    expected = SAFER_THAN_ZED.get(case["note"], case["parsed"].get("new_editable_region")) or old
    assert (
        is_same_region(applied(answer, old), expected) or not case["parsed"]["new_editable_region"]
    )
    if case["note"] not in SAFER_THAN_ZED:
        assert answer.cursor == case["parsed"]["cursor_offset_in_new_editable_region"]


def known_formats():
    return {zed_name for case in GOLDEN["cases"].values() for zed_name in case["formats"]}


def applied(answer, old):
    data = old.encode()
    for one in answer.replacements:
        data = data[: one.start] + one.text.encode() + data[one.end :]
    return data.decode()


@pytest.mark.parametrize("case", GOLDEN["marker_offsets"], ids=lambda case: case["name"])
def test_markers_stand_where_zed_puts_them(case):
    assert case["text"].isascii()  # so that bytes are code points
    assert list(marker_offsets(case["text"])) == case["v0318"]
    assert list(marker_offsets(case["text"], 3, 8)) == case["v0316"]
