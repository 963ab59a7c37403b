"""The exact prompts of released formats, checked by hand against their public descriptions.

A difference here means that a model sees something it was not trained on. Never write a golden file
anew to make a test pass.
"""

import pathlib

import pytest

from tests.core.formats.inputs import GIVEN, TOY
from zeta_lsp.core.formats import fim, instinct, mercury, sweep, zeta1

GOLDEN = pathlib.Path(__file__).parents[2] / "golden" / "formats"
REGION_FORMATS = [*zeta1.FORMATS, *sweep.FORMATS, *mercury.FORMATS, *instinct.FORMATS]
CASES = [(one, GIVEN) for one in REGION_FORMATS] + [(one, TOY) for one in fim.FORMATS]


@pytest.mark.parametrize(("form", "given"), CASES, ids=lambda value: getattr(value, "name", ""))
def test_the_prompt_is_the_golden_one(form, given):
    assert form.render(given).text == (GOLDEN / f"{form.name}.txt").read_text()
