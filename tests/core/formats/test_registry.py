"""Formats by name, and the format that a model's id suggests."""

import subprocess
import sys

import pytest

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats import get, infer, names

MODELS = {
    "zed-industries/zeta-2.1": "zeta2.1",
    "zed-industries/zeta-2": "zeta2",
    "zed-industries/zeta": "zeta1",
    "zeta2:latest": "zeta2",
    "zeta2.1": "zeta2.1",
    "zeta-2.1:q8": "zeta2.1",
    "zeta:2.1": "zeta2.1",
    "zeta:latest": "zeta1",
    "zeta": "zeta1",
    "zeta:7b-q4_K_M": "zeta1",
    "ZETA_2_1.gguf": "zeta2.1",
    "/models/Zeta-2.1-Q4_K_M.gguf": "zeta2.1",
    "/models/zeta-2-Q8_0.gguf": "zeta2",
    "/models/zeta-2.Q8_0.gguf": "zeta2",
    "C:\\models\\zeta-2.1.i1-IQ4_XS.gguf": "zeta2.1",
    "mlx-community/zeta-2-8bit": "zeta2",
    "mlx-community/zeta-2.1-8bit": "zeta2.1",
    "bartowski/zed-industries_zeta-2.1-GGUF": "zeta2.1",
    "hf.co/bartowski/zed-industries_zeta-2-GGUF:Q4_K_M": "zeta2",
    "/models/zed-industries/zeta-2.1/model-00001-of-00002.gguf": "zeta2.1",
    "/home/zeta/models/qwen2.5-coder-7b.gguf": "fim-qwen",
    "Qwen/Qwen2.5-Coder-7B": "fim-qwen",
    "qwen3-coder:30b": "fim-qwen",
    "ByteDance-Seed/Seed-Coder-8B-Base": "fim-seed",
    "bigcode/starcoder2-3b": "fim-starcoder",
    "codellama:7b-code": "fim-codellama",
    "code-llama": "fim-codellama",
    "deepseek-coder:1.3b-base": "fim-deepseek",
    "deepseek-ai/DeepSeek-Coder-V2-Lite-Base": "fim-deepseek",
    "codestral-latest": "fim-codestral",
    "google/codegemma-2b": "fim-codegemma",
    "sweepai/sweep-next-edit-1.5B": "sweep",
    "mercury-coder": "mercury",
    "continuedev/instinct": "instinct",
    "gpt-4o": None,
    "zeta-3": None,
    "zeta-2.2": None,
    "beta-zetatron": None,
    "llama-3.1-8b": None,
    "model": None,
    "": None,
}


@pytest.mark.parametrize(("model_id", "name"), MODELS.items())
def test_a_models_id_tells_its_format(model_id, name):
    assert infer(model_id) == name


@pytest.mark.parametrize("name", names())
def test_every_name_finds_the_format_of_that_name(name):
    assert get(name).name == name
    assert get(f" {name.upper()} ").name == name


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Zeta2", "zeta2"),
        ("Zeta2.1", "zeta2.1"),
        ("zeta2_1", "zeta2.1"),
        ("V0318SeedMultiRegions", "zeta2.1"),
        ("v0211seedcoder", "zeta2"),
        ("V0131GitMergeMarkersPrefix", "zeta-v0131"),
        ("V0420Diagnostics", "zeta-v0420"),
        ("V0615HashRegions", "zeta-v0615"),
    ],
)
def test_zeds_names_find_our_formats(alias, name):
    assert get(alias) is get(name)


@pytest.mark.parametrize("name", [name for name in names() if get(name).zed_name])
def test_a_formats_name_in_zed_finds_it(name):
    assert get(get(name).zed_name).name == name


def test_an_unknown_name_is_wrong_use_and_all_names_are_listed():
    with pytest.raises(UsageError) as fault:
        get("zeta3")
    assert all(name in str(fault.value) for name in names())


def test_what_a_model_may_need_has_a_name():
    assert {name for name in MODELS.values() if name} <= set(names())


def test_looking_up_names_imports_no_format():
    script = (
        "import sys; from zeta_lsp.core.formats import infer; infer('zeta-2.1');"
        "print(*(n.rpartition('.')[2] for n in sorted(sys.modules) if '.core.formats.' in n))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert shown.stdout.split() == ["base", "registry"]
