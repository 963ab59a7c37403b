import pytest

from tests.core.answering import PATH, Case
from zeta_lsp.core.formats import get
from zeta_lsp.core.guard import CHECKS, all_hits, guard
from zeta_lsp.core.ports import Finish
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile, Replacement

CODE = """\
import os


def total(items):
    result = 0
    for item in items:
        result += item
    return resu


def show(items):
    print(total(items))
    print(len(items))
    print(os.getcwd())
"""
BETTER = CODE.replace("return resu\n", "return result\n")


def test_a_good_answer_passes():
    assert Case(CODE).hit(BETTER) is None


def test_every_fault_is_found_and_the_first_one_counts():
    case = Case(CODE)
    case.complete, case.finish = False, Finish.LENGTH
    assert case.hits("x\x00<|user_cursor|>") == [
        "missing_end_marker",
        "truncated",
        "leaked_marker",
        "unsafe_characters",
        "deletes_region",
    ]
    assert case.hit("x\x00<|user_cursor|>") == "missing_end_marker"


def test_details_hold_no_text():
    case = Case(CODE)
    case.complete = False
    secret = "password<|user_cursor|>\u202e" * 200
    details = [hit.detail for hit in all_hits(case.rewritten(secret), case.given, get("zeta2"))]
    assert len(details) > 2
    assert all(set(detail) <= set("0123456789.>") for detail in details)


def test_every_check_is_described():
    import zeta_lsp.core.guard as module

    assert all(f"``{name}``" in (module.__doc__ or "") for name in CHECKS)


# an answer that was cut


def test_an_answer_without_its_end_is_refused():
    case = Case(CODE)
    case.complete = False
    assert case.hit(BETTER[:150]) == "missing_end_marker"


def test_an_answer_cut_by_the_token_limit_is_refused_in_formats_without_an_end():
    case = Case(CODE, fmt="sweep")
    case.complete, case.finish = False, Finish.LENGTH
    assert case.hit(BETTER[:150]) == "truncated"


def test_formats_without_an_end_may_stop_by_themselves():
    case = Case(CODE, fmt="sweep")
    case.complete = False
    assert case.hit(BETTER) is None


def test_nothing_at_all_is_no_answer_in_a_format_that_has_an_end():
    case = Case(CODE)
    case.complete = False
    assert case.hit(case.reply()) == "missing_end_marker"


def test_a_cut_answer_that_keeps_what_it_did_not_reach_may_be_shown():
    case = Case(CODE)
    case.complete, case.finish = False, Finish.LENGTH
    assert case.hit(BETTER) is None


def test_blank_rows_at_the_end_do_not_make_a_cut_answer_whole():
    case = Case("a = 1\nb = 2\n\n\n\n\n")
    case.complete = False
    assert case.hit("a = 3\n\n\n\n\n") == "missing_end_marker"


def test_one_row_at_the_end_does_not_make_a_cut_answer_whole():
    case = Case("if a:\n    b\n    c\n    d\nend\n")
    case.complete = False
    assert case.hit("if a:\n    bee\nend\n") == "missing_end_marker"
    assert case.hit("if a:\n    bee\n    d\nend\n") is None


def test_a_partial_reply_needs_no_end():
    case = Case(CODE)
    case.complete, case.partial, case.finish = False, True, Finish.LENGTH
    assert case.hit(BETTER[:150]) is None


def test_an_answer_with_its_end_may_have_used_all_tokens():
    case = Case(CODE)
    case.finish = Finish.LENGTH
    assert case.hit(BETTER) is None


# size and place


@pytest.mark.parametrize(
    ("rows", "added_bytes", "fault"),
    [
        (1, 1_900, None),
        (1, 2_100, "answer_too_large"),
        (100, 3_000, None),
        (100, 4_000, "answer_too_large"),
        (1_000, 5_000, None),
        (1_000, 8_500, "answer_too_large"),
    ],
    ids=["slack", "no more slack", "four times", "more", "below 16 KiB", "above 16 KiB"],
)
def test_an_answer_may_be_four_times_its_region_and_some(rows, added_bytes, fault):
    text = "x = 12345\n" * rows
    case = Case(text)
    answer = text + "y" * added_bytes if rows != 100 else "y" * added_bytes
    assert case.hit(answer) == fault


def test_text_outside_the_editable_range_stays():
    case = Case(CODE, 3, 8)
    start, end = case.editable
    assert case.hit(case.rewritten("x")) != "outside_editable"
    assert case.hit(case.reply(Replacement(start - 1, end, "x"))) == "outside_editable"
    assert case.hit(case.reply(Replacement(start, end + 1, "x"))) == "outside_editable"


@pytest.mark.parametrize("place", [(-1, 3), (3, 2), (0, 10_000)])
def test_a_range_that_the_excerpt_does_not_have_is_refused(place):
    case = Case(CODE, fmt=None)
    assert case.hits(case.reply(Replacement(*place, "x"))) == ["outside_editable"]


def test_a_range_that_ends_inside_a_character_is_refused():
    case = Case("é = 1\n", fmt=None)
    assert case.hits(case.reply(Replacement(1, 3, "x"))) == ["outside_editable"]


def related_case(path, text=CODE):
    case = Case(CODE, 0, 1, fmt="zeta-v0615")
    excerpt = RelatedExcerpt((0, 14), text, context_source="current_file")
    case.related = (RelatedFile(path, 14, (excerpt,)),)
    return case


@pytest.mark.parametrize("path", [PATH, "workspace/p/a.py", "a.py"])
def test_the_current_file_may_be_edited_as_a_related_one(path):
    case = related_case(path)
    at = CODE.index("resu\n")
    answer = case.reply(Replacement(at, at + 4, "result", related=(0, 0)))
    assert case.hit(answer) is None


@pytest.mark.parametrize(
    ("path", "related"),
    [("p/b.py", (0, 0)), ("b/a.py", (0, 0)), (PATH, (0, 1)), (PATH, (1, 0)), (PATH, (-1, 0))],
)
def test_other_files_and_excerpts_that_nobody_gave_are_refused(path, related):
    case = related_case(path)
    answer = case.reply(Replacement(0, 6, "export", related=related))
    assert case.hits(answer) == ["outside_editable"]


# markers

LEAKS = [
    "<|user_cursor|>",
    "<|marker_3|>",
    "<<<<<<< CURRENT",
    ">>>>>>> UPDATED",
    "NO_EDITS",
    "KEEP_PREVIOUS",
    "<|fim_middle|>",
    "<[fim-suffix]>",
    "<[end▁of▁sentence]>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|editable_region_end|>",
    "<think>",
    "<｜fim▁hole｜>",
]


@pytest.mark.parametrize("marker", LEAKS)
@pytest.mark.parametrize("fmt", ["zeta2", "sweep", None])
def test_a_marker_that_the_model_wrote_is_refused(marker, fmt):
    case = Case(CODE, fmt=fmt)
    answer = Replacement(*case.editable, BETTER.replace("result\n", f"result {marker}\n", 1))
    assert case.hit(case.reply(answer)) == "leaked_marker"


@pytest.mark.parametrize("marker", LEAKS)
def test_a_marker_of_the_users_own_may_stay_and_be_written_again(marker):
    text = CODE + f'CURSOR = "{marker}"\n'
    answer = text.replace("return resu\n", f'return result.split("{marker}")\n')
    assert Case(text, fmt=None).hit(answer) is None


def test_a_marker_in_what_the_model_was_shown_may_be_used():
    case = Case(CODE, 3, 8)
    case.related = (RelatedFile("p/b.py", 1, (RelatedExcerpt((0, 1), 'MARK = "NO_EDITS"\n'),)),)
    assert case.hit("    return NO_EDITS\n") is None
    case.related = None
    assert case.hit("    return NO_EDITS\n") == "leaked_marker"


@pytest.mark.parametrize(
    "text",
    ["=======", "Title\n=======\n", "HAS_NO_EDITS_LEFT = 1", "f <| g |> h", "a |> b", "<filename>"],
)
def test_text_that_resembles_markers_passes(text):
    assert Case(CODE).hit(BETTER + text) is None


@pytest.mark.parametrize("fence", ["```python\n", "```\n", "```c++\n"])
def test_an_answer_in_a_fence_is_refused(fence):
    assert Case(CODE).hit(fence + BETTER + "```\n") == "leaked_marker"


def test_fences_are_text_in_documents_and_doc_strings():
    case = Case(CODE)
    case.path = "docs/README.MD"
    assert case.hit("```python\n" + BETTER + "```\n") is None
    assert Case("```sh\nls\n```\n").hit("```sh\nls -l\n```\n") is None
    assert Case(CODE).hit('"""Use.\n\n```sh\nls\n```\n"""\n' + BETTER) is None


# deletions

LONG = "".join(f"value_{number} = compute({number})\n" for number in range(20))


def test_deleting_the_whole_region_is_refused():
    assert Case(CODE).hit("") == "deletes_region"
    assert Case("a = 1\n").hit("\n") == "deletes_region"


@pytest.mark.parametrize(("kept", "fault"), [(3, "deletes_region"), (4, None), (10, None)])
def test_deleting_more_than_four_fifths_of_many_rows_is_refused(kept, fault):
    rows = [f"value_{number} = compute()\n" for number in range(10, 30)]
    assert Case("".join(rows)).hit("".join(rows[:kept])) == fault


def test_few_rows_may_be_deleted_out_of_a_region():
    text = "".join(LONG.splitlines(keepends=True)[:9])
    assert Case(text).hit("value_0 = compute(0)\n") is None


def test_a_rewrite_of_comparable_size_is_no_deletion():
    new = "".join(f"table[{number}] = {number}\n" for number in range(20))
    assert Case(LONG).hit(new) is None


def test_half_as_much_new_text_is_a_rewrite_and_less_is_not():
    rows = [f"value_{number} = compute()\n" for number in range(10, 30)]
    new = [f"other_{number} = compute()\n" for number in range(10, 30)]
    assert Case("".join(rows)).hit("".join(new[:10])) is None
    assert Case("".join(rows)).hit("".join(new[:9])) == "deletes_region"


def test_a_part_of_the_region_may_be_deleted():
    case = Case(CODE, fmt="zeta2.1")
    at = CODE.index("def show")
    assert case.hit(case.reply(Replacement(at, len(CODE) - 1, ""))) is None


def test_the_embedded_model_may_delete_a_line():
    case = Case(LONG, fmt=None)
    assert case.hit(case.reply(Replacement(0, 21, ""))) is None


# blanks


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a = 1\nb = 2\n", "a = 1\n\nb = 2\n"),
        ("a = 1\n\n\nb = 2\n", "a = 1\n\nb = 2\n"),
        ("a = 1\nb = 2\n", "a = 1   \nb = 2\n"),
        ("if a:\n    b = 2\n", "if a:\n  b = 2\n"),
        ("a=1\nb=2\n", "a = 1\nb = 2\n"),
        ("f(a, b)\n", "f(a,\n  b)\n"),
        ("a = 1\n  b\nc\n", "  a = 1\nb\nc\n"),
        ("a = 1\nb\nc\n", "  a = 1\nb\n  c\n"),
    ],
)
def test_moving_blanks_about_is_refused(old, new):
    assert Case(old).hit(new) == "whitespace_only"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a = 1\nb = 2\n", "a = 1\n\nb = 3\n"),
        ("ret urn a\n", "return a\n"),
        ("if x:\na = 1\nb = 2\n", "if x:\n    a = 1\n    b = 2\n"),
        ("if x:\na = 1\n\nb = 2\n", "if x:\n\ta = 1\n\n\tb = 2\n"),
        ("    a = 1\n    b = 2\n", "a = 1\nb = 2\n"),
    ],
)
def test_blanks_that_say_something_pass(old, new):
    assert Case(old).hit(new) is None


@pytest.mark.parametrize("new", [CODE, CODE.removesuffix("\n"), CODE.replace("\n", "\r\n")])
def test_the_same_text_is_no_change_whatever_its_line_ends(new):
    assert Case(CODE).hits(new) == ["no_change"]


def test_a_final_newline_less_is_no_change():
    case = Case(CODE, fmt=None)
    assert case.hits(case.reply(Replacement(0, 10, "import os"))) == ["no_change"]


def test_no_replacement_is_no_change():
    case = Case(CODE)
    assert case.hits(case.reply()) == ["no_change"]


def test_a_fault_is_a_value_with_a_name_and_a_number():
    case = Case(LONG)
    hit = guard(case.rewritten("x\n"), case.given, get("zeta2"))
    assert hit is not None
    assert (hit.name, hit.detail) == ("deletes_region", "1.00")
