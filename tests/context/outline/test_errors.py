"""What does not parse is counted, as the gate needs it."""

from pathlib import Path

import pytest

from tests.context.outline.printed import SAMPLES, language_of
from zeta_lsp.context.outline import error_count


@pytest.mark.parametrize("sample", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_good_code_has_no_errors_and_cut_code_has_some(sample: Path) -> None:
    text, language = sample.read_text(encoding="utf-8"), language_of(sample)
    assert error_count(language, text) == 0
    cut = text[: text.rindex(")")]
    assert (error_count(language, cut) or 0) > 0


def test_errors_are_counted_one_by_one() -> None:
    one, two = "def f(:\n    pass\n", "x = = 1\n"
    assert error_count("python", one) == 1
    assert error_count("python", one + two) == 2


def test_missing_tokens_count() -> None:
    assert error_count("go", "package p\nfunc f() {\n") == 1


def test_what_has_no_tree_has_no_count() -> None:
    assert error_count("klingon", "x") is None
