"""The worst cases come first, side by side, with the words that differ marked."""

from pathlib import Path

from pipeline.reporting.sides import ROWS_MAX, sides_of
from pipeline.reporting.worst import Case, Place, Worst
from tests.pipeline.reporting.made import CODE, page_of, patch_of, scored, written

RIGHT, NEAR, FAR = "second = fetch(rows, timeout=9)", "second = fetch(rows, timeout=8)", "pass"


def case(new: str | None, **fields: object) -> Case:
    return Case(0.0, 1.0, scored(0, new) | fields, 0, Place("a.jsonl", 1))


def test_the_worst_are_kept_and_come_first() -> None:
    worst = Worst(3)
    rows = [scored(n, new) for n, new in enumerate([RIGHT, FAR, NEAR, RIGHT, FAR, NEAR])]
    for number, row in enumerate(rows):
        worst.add(row, Place("a", number))
    values = sorted(row["score"][0]["delta_chr_f"] for row in rows)
    found = worst.cases()
    assert [one.value for one in found] == values[:3]
    assert [one.place.line for one in found][:2] == [1, 4]


def test_a_model_is_shown_once_for_each_example() -> None:
    row = scored(0, FAR, NEAR, RIGHT)
    for one in row["predictions"]:
        one["provider"] = "the same"
    worst = Worst(9)
    worst.add(row, Place("a", 1))
    assert [one.which for one in worst.cases()] == [0]


def test_what_an_evaluation_calls_worse_comes_first_and_baselines_are_left_out() -> None:
    worst = Worst(9)
    losses = [{"mine": 0.4, "nothing": 9.0}, {"mine": 2.0, "nothing": 9.0}]
    for number, loss in enumerate(losses):
        row = scored(number, FAR, None, zeta={"eval": {"case": f"case {number}", "loss": loss}})
        row["predictions"][0]["provider"], row["predictions"][1]["provider"] = "mine", "nothing"
        worst.add(row, Place("a", number))
    assert [one.title for one in worst.cases()] == ["case 1", "case 0"]


def test_words_that_differ_are_marked_and_rows_around_are_shown() -> None:
    sides = sides_of(case(NEAR))
    (pair,) = (one for one in sides.pairs if not one.is_same)
    assert pair.left is not None
    assert pair.right is not None
    assert [part.text for part in pair.left.parts if part.differs] == ["9"]
    assert [part.text for part in pair.right.parts if part.differs] == ["8"]
    assert (pair.left.number, pair.left.is_changed, pair.right.is_changed) == (13, True, True)
    assert "".join(part.text for part in pair.right.parts) == f"    {NEAR}"
    left = [one.left for one in sides.pairs if one.left]
    assert len(left) == 5
    assert not left[0].is_changed


def test_rows_far_from_a_difference_are_counted_only() -> None:
    long = "\n".join(f"row {n}" for n in range(50))
    row = scored(0, NEAR)
    row["prompt_inputs"]["cursor_excerpt"] = f"{long}\n{CODE}{long}\n"
    sides = sides_of(Case(0.0, 1.0, row, 0, Place("a", 1)))
    assert [one.skipped for one in sides.pairs if one.skipped] == [49, 49]
    assert len(sides.pairs) == 9


def test_patches_are_shown_where_there_is_no_text_or_they_do_not_fit() -> None:
    unfit = case(RIGHT)
    unfit.row["predictions"][0]["actual_patch"] = patch_of("a.py", "not there", "x")
    assert "does not fit" in sides_of(unfit).note
    assert "for want of the text" in sides_of(case(RIGHT, prompt_inputs=None)).note
    far = case(RIGHT, expected_patches=[patch_of("other.py", "elsewhere", "x")])
    assert "more than is shown" in sides_of(far).note


def test_silence_and_noise_are_said() -> None:
    assert sides_of(case(None)).note == "the model changed nothing"
    assert sides_of(case(FAR, expected_patches=[])).note == "nothing was to be changed"


def test_of_several_right_answers_the_nearest_is_shown() -> None:
    path = "shop/total.py"
    patches = [patch_of(path, "second = fetch(rows)", new) for new in ("other = 1", RIGHT)]
    sides = sides_of(case(NEAR, expected_patches=patches))
    (pair,) = (one for one in sides.pairs if not one.is_same)
    assert pair.left is not None
    assert "".join(part.text for part in pair.left.parts) == f"    {RIGHT}"


def test_a_giant_is_cut() -> None:
    row = scored(0, NEAR)
    new = "\n+".join(f"x{n} = {'y' * 2000}" for n in range(500))
    row["predictions"][0]["actual_patch"] = patch_of("shop/total.py", "second = fetch(rows)", new)
    sides = sides_of(Case(0.0, 1.0, row, 0, Place("a", 1)))
    assert len(sides.pairs) == ROWS_MAX
    assert sides.left_out > 400
    widest = max(len(part.text) for one in sides.pairs if one.right for part in one.right.parts)
    assert widest < 400


def test_as_many_as_asked_for_are_on_the_page(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", [scored(n, FAR) for n in range(30)])
    for count in (0, 7):
        page = page_of(tmp_path, file, "--worst", count)
        assert sum(tag == "article" for tag, _ in page.tags) == count
    assert "wants" not in page.text
