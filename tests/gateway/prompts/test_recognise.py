"""Prompts read back: those of every format, ours and Zed's, give what they were rendered from."""

import json
import pathlib

import msgspec
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from tests.core.formats.inputs import GIVEN, TOY
from tests.core.formats.strategies import MARKERS, inputs
from zeta_lsp.core import formats
from zeta_lsp.core.prompt import Prompt, PromptInput
from zeta_lsp.gateway.prompts.recognise import recognised

GOLDEN = pathlib.Path(__file__).parents[2] / "golden"
ZED = json.loads((GOLDEN / "zed-formats.json").read_text())["cases"]
READABLE = {"zeta2.1", "zeta2", "zeta-v0131", "zeta-v0420"}
ZED_PROMPTS = [
    pytest.param(case["input"], zed_name, golden["prompt"], id=f"{name}-{zed_name}")
    for name, case in ZED.items()
    for zed_name, golden in case["formats"].items()
    if golden["prompt"] and formats.get(zed_name).name in READABLE
]
OURS = [name for name in formats.names() if name not in ("mercury", "instinct", "zeta-v0615")]
TWINS = {"fim-codegemma": "fim-qwen", "zeta-v0420": "zeta2.1"}
"""Formats whose prompts, here, look like those of another."""


def region(given: PromptInput, prompt: Prompt) -> tuple[str, str]:
    """The text before and behind the cursor that may be rewritten."""
    data, at = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
    start, end = prompt.editable
    return data[start:at].decode(), data[at:end].decode()


def context(given: PromptInput, prompt: Prompt) -> str:
    return given.cursor_excerpt.encode()[slice(*prompt.context)].decode()


@pytest.mark.parametrize(("given", "zed_name", "text"), ZED_PROMPTS)
def test_rendering_what_was_read_of_zeds_prompts_gives_them_again(given, zed_name, text):
    read = recognised(text)
    assert read is not None
    assert formats.get(zed_name).name in read.names
    assert read.form.render(read.given).text == text
    original = msgspec.convert(given, PromptInput)
    prompt = formats.get(zed_name).render(original)
    assert read.given.cursor_path == original.cursor_path
    assert context(read.given, read.prompt).strip("\n") == context(original, prompt).strip("\n")
    ours, theirs = region(read.given, read.prompt), region(original, prompt)
    assert (ours[0], ours[1].rstrip("\n")) == (theirs[0], theirs[1].rstrip("\n"))


@pytest.mark.parametrize("name", sorted(READABLE))
@settings(max_examples=100)
@over(given=inputs())
def test_rendering_what_was_read_gives_the_same_prompt(name, given):
    prompt = formats.get(name).render(given)
    read = recognised(prompt.text)
    assert read is not None
    assert name in read.names
    assert read.prompt.text == prompt.text
    assert read.form.render(read.given).text == prompt.text


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("given", [GIVEN, TOY], ids=["shop", "toy"])
def test_the_prompts_of_every_format_are_recognised(name, given):
    prompt = formats.get(name).render(given)
    read = recognised(prompt.text)
    assert read is not None
    assert read.form.name == TWINS.get(name, name)
    assert name in read.names
    shown, rendered = (
        "".join(region(one, two)).rstrip("\n")
        for one, two in [(read.given, read.prompt), (given, prompt)]
    )
    assert shown == rendered
    if not name.startswith("fim-"):
        assert read.given.cursor_path == given.cursor_path
        assert [event.path for event in read.given.events] == [one.path for one in given.events]
    if name != "sweep":  # which says nothing of the cursor
        assert region(read.given, read.prompt)[0] == region(given, prompt)[0]


OTHERS = [
    pytest.param(golden["prompt"], id=f"{name}-{zed_name}")
    for name, case in ZED.items()
    for zed_name, golden in case["formats"].items()
    if golden["prompt"] and formats.get(zed_name).name not in READABLE
]
STRANGERS = [
    "",
    "def f(x):\n    return",
    (
        "<[fim-suffix]>\nx\n<[fim-prefix]><filename>a.py\n<|marker-0|>a<|user_cursor|>b<|marker+1|>\n"
        "<[fim-middle]>"
    ),  # relative tags
    (
        "<[fim-suffix]>\n<[fim-prefix]><filename>a.py\n<|marker_1|>a\n<|marker_2|>b<|user_cursor|>\n"
        "<|marker_3|>\n<[fim-middle]>"
    ),  # blocks that Zeta 2.1 would not make
    (
        "<|file_sep|>a.py\n<|fim_prefix|>\nx\n<|fim_middle|>current\nb<|user_cursor|>\n<|fim_suffix|>\n\n"
        "y\n<|fim_middle|>updated\n"
    ),
    "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>current",
]


@pytest.mark.parametrize("text", [*OTHERS, *STRANGERS])
def test_what_cannot_be_read_for_sure_is_not_recognised(text):
    assert recognised(text) is None


@over(st.lists(st.sampled_from([*MARKERS, "a", "\n", "### Instruction:\n", "```"]), max_size=12))
def test_any_text_is_read_or_refused(parts):
    text = "".join(parts)
    read = recognised(text)
    assert read is None or read.prompt.text == text


def test_a_file_that_heads_qwens_sides_names_the_cursors_file():
    head = "<|repo_name|>shop<|file_sep|>shop/tax.py\nRATE = 1\n<|file_sep|>shop/basket.py\n"
    read = recognised(f"{head}<|fim_prefix|>a = <|fim_suffix|>\nb<|fim_middle|>")
    assert read is not None
    assert read.given.cursor_path == "shop/basket.py"
    assert [file.path for file in read.given.related_files] == ["shop/tax.py"]
    assert region(read.given, read.prompt) == ("a = ", "\nb")


def test_a_client_that_marks_the_cursor_of_sweep_is_understood():
    window = "a\nb<|cursor|>c\n"
    read = recognised(
        f"<|file_sep|>original/p/x.py\nabc\n<|file_sep|>current/p/x.py\n{window}\n"
        "<|file_sep|>updated/p/x.py"
    )
    assert read is not None
    assert region(read.given, read.prompt) == ("a\nb", "c\n")


def test_the_cursor_of_sweep_is_behind_the_latest_change():
    read = recognised(
        "<|file_sep|>original/x.py\na\nold\nc\n<|file_sep|>current/x.py\na\nnew\nc\n"
        "<|file_sep|>updated/x.py"
    )
    assert read is not None
    assert region(read.given, read.prompt) == ("a\nnew", "\nc")


def test_a_client_with_sections_and_borders_of_its_own_is_understood():
    """As cursortab writes Zeta 2: rows go whole to either side of the region's border."""
    read = recognised(
        "<[fim-suffix]>    return c\n\nend\n<[fim-prefix]><filename>shop/tax.py\nRATE = 1\n\n"
        "<filename>diagnostics\nline 3: [error] undefined: a\n\n"
        "<filename>edit_history\n--- a/shop/basket.py\n+++ b/shop/basket.py\n-old\n+new\n\n"
        "<filename>shop/basket.py\nabove\n<<<<<<< CURRENT\na = <|user_cursor|>b\n\nlast\n=======\n"
        "<[fim-middle]>"
    )
    assert read is not None
    assert read.form.name == "zeta2"
    assert read.given.cursor_excerpt == "above\na = b\n\nlast\n    return c\n\nend\n"
    assert region(read.given, read.prompt) == ("a = ", "b\n\nlast\n")
    assert [event.diff for event in read.given.events] == ["-old\n+new\n"]
    assert [file.path for file in read.given.related_files] == ["shop/tax.py", "diagnostics"]
