from zeta_lsp.core.formats.budget import Budget, answer_tokens


def test_nine_tenths_of_the_limit_are_filled():
    budget = Budget(["x" * 300], prompt_tokens=1000)
    assert budget.take(["a" * 1200, "b" * 1200, "c"]) == ["a" * 1200, "b" * 1200]
    assert budget.take(["c"]) == []


def test_the_first_text_that_does_not_fit_ends_the_taking():
    assert Budget([], prompt_tokens=10).take(["aaa", "b" * 99, "c"]) == ["aaa"]


def test_the_newest_are_taken_and_stay_in_order():
    assert Budget([], prompt_tokens=10).take_newest(["a" * 20, "b" * 10, "c" * 10]) == [
        "b" * 10,
        "c" * 10,
    ]


def test_sizes_are_bytes():
    assert Budget([], prompt_tokens=10).take(["é" * 14]) == []


def test_the_fixed_parts_may_exceed_the_fill_but_not_the_limit():
    assert not Budget(["x" * 2990], prompt_tokens=1000).exceeded
    assert Budget(["x" * 2990], prompt_tokens=1000).take(["y"]) == []
    assert Budget(["x" * 3003], prompt_tokens=1000).exceeded


def test_an_answer_may_grow_by_half():
    assert answer_tokens(1050) == 350 + 175 + 128
