"""`synthesize --llm`: a model tells how commits came about, and can change nothing about them."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.example import applied, expected_patches, ours, tags_of
from pipeline.jsonl import drops_path
from pipeline.records import Dropped
from pipeline.synthesis.answer import ANSWER_CHARS_MAX, Told, told_in
from pipeline.synthesis.commits import File, Read
from pipeline.synthesis.cuts import STYLES
from pipeline.synthesis.example import Making, example_of
from pipeline.synthesis.instruction import STEPS_MAX, shown
from pipeline.synthesis.reconstructing import scene_of
from pipeline.synthesis.repositories import close_all
from pipeline.synthesis.scene import Scene, plans_of, steps_of
from pipeline.synthesis.steps import Plan, Step
from tests.pipeline.synthesis.histories import repository, texts
from tests.pipeline.synthesis.telling import answer, draft, likely, steps_in
from tests.pipeline.teacher.examples import ran
from tests.pipeline.teacher.examples import read as rows_in
from tests.pipeline.teacher.vendor_server import VendorServer
from zeta_lsp.core.documents import Document
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.region_patch import rows_of
from zeta_lsp.core.text import Encoding

OLD = "def price(item):\n    return item.price\n\n\n" + "".join(
    f"VALUE_{n} = {n}\n" for n in range(60)
)
NEW = (
    OLD.replace("item.price\n", "item.price * item.count\n")
    .replace("VALUE_20 = 20\n", "VALUE_20 = total(20)\nVALUE_20B = total(21)\n")
    .replace("VALUE_40 = 40\n", "VALUE_40 = 40\n\n\ndef total(value):\n    return value + 1\n\n\n")
)
"""Step 1 is the price, 2 the values, 3 what adds up."""


def read(*pairs: tuple[str, str]) -> Read:
    files = [
        File(f"src/part{n}.py", old, new, is_new=not old) for n, (old, new) in enumerate(pairs)
    ]
    return Read("c" * 40, "p" * 40, 1_700_000_000, "change", tuple(files))


COMMIT = read((OLD, NEW))
STEPS = steps_of(plans_of(COMMIT))


def scene(text: str, commit: Read = COMMIT) -> Scene:
    found = scene_of(plans_of(commit), text)
    assert isinstance(found, Scene), found
    return found


def events_of(
    told: Scene, style: str = "index", done: int | None = None, seed: int = 1
) -> list[str]:
    rng = random.Random(seed)
    cuts = [cut for cut in told.cuts(style, rng) if done in {None, cut.done}]
    played = told.played(cuts[0], "shop", rng)
    return [event.change.diff for event in played.desk.events()]


def test_a_commit_is_shown_in_steps_that_say_what_goes_and_what_comes() -> None:
    found = steps_in(shown(COMMIT, plans_of(COMMIT), STEPS) or "")
    assert [number for number, *_ in found] == [1, 2, 3]
    assert found[0][2] == ["    return item.price * item.count"]
    assert [rows for *_, rows in found] == [[r.rstrip("\n") for r in s.new] for s in STEPS]


def test_the_order_is_what_the_model_says() -> None:
    for order in ([3, 1, 2], [2, 3, 1]):
        assert [STEPS.index(step) + 1 for step in scene(answer([order])).order] == order
        assert scene(answer([order[:1], [], order[1:]])).order == scene(answer([order])).order
    events = events_of(scene(answer([[3, 1, 2]])), done=2)
    assert "def total" in events[0]
    assert "item.count" in events[-1]


@pytest.mark.parametrize("until", ["row", "step", "group"])
def test_what_was_typed_first_stands_in_the_history_and_is_put_right(until: str) -> None:
    final, typed = "    return item.price * item.count", "    return item.price * item.number"
    told = scene(answer([[1, 3, 2]], draft(1, final, typed, until)))
    done = 2 if until == "group" else 1
    events = "\n".join(events_of(told, done=done))
    assert f"-{typed}\n" in events
    assert f"+{final}\n" in events


def test_what_is_wrong_is_put_right_when_its_group_is_done() -> None:
    said = draft(1, "    return item.price * item.count", "    return 7 * item.price", "group")
    for groups, is_late in (([[1, 3], [2]], True), ([[1], [3, 2]], False)):
        stages = texts_of(scene(answer(groups, said)), done=2)
        last_wrong = max(n for n, text in enumerate(stages) if "7 * item.price" in text)
        first_of_next = min(n for n, text in enumerate(stages) if "def total(value):" in text)
        assert (last_wrong > first_of_next) == is_late
        assert "7 *" not in stages[-1]


@pytest.mark.parametrize(("until", "is_late"), [("row", False), ("step", True)])
def test_what_is_seen_at_once_is_put_right_before_the_next_row(until: str, is_late: bool) -> None:
    said = draft(3, "def total(value):", "def summed(a, b):", until)
    stages = texts_of(scene(answer([[3, 1, 2]], said)), done=1)
    wrong = [text for text in stages if "def summed(a, b):" in text]
    assert wrong
    assert any("return value + 1" in text for text in wrong) == is_late


@pytest.mark.parametrize("typed", ["", "    if not item:\n        return 0\n    return 1"])
def test_other_steps_find_their_rows_while_a_draft_of_another_length_stands(typed: str) -> None:
    told = scene(answer([[1, 3, 2]], draft(1, PRICE, typed, "group")))
    assert told.comes_out(random.Random(1))
    last = texts_of(told, done=2)[-1]
    assert last == plans_of(COMMIT)["src/part0.py"].text({STEPS[0], STEPS[2]})


def texts_of(told: Scene, done: int) -> list[str]:
    """The text after each edit, until so many steps are done."""
    rng = random.Random(1)
    cut = next(cut for cut in told.cuts("index", rng) if cut.done == done)
    document = Document("a", "", 0, OLD, Encoding.UTF16)
    found = []
    for edit in told.played(cut, "shop", rng).desk.edits:
        document.replay(edit.version, edit.splice)
        found.append(document.text())
    return found


PRICE = "    return item.price * item.count"
ALL = [[1, 2, 3]]
WRONG = [
    ("", "unreadable_answer"),
    ("I think that they began with the price.", "unreadable_answer"),
    ('{"groups": [[1, 2', "unreadable_answer"),
    ('{"groups": [[1, "2", 3]]}', "unreadable_answer"),
    ('{"groups": ' + "[" * 50_000 + "]" * 49_000 + "}", "unreadable_answer"),
    (answer(ALL, draft(1, PRICE, "x", "never")), "unreadable_answer"),
    (answer([[1, 2, 3, 4]]), "unknown_step"),
    (answer([[0, 1, 2, 3]]), "unknown_step"),
    (answer([[1], [2]]), "missing_step"),
    (answer([]), "missing_step"),
    (answer([[1, 2], [3, 1]]), "repeated_step"),
    (answer(ALL, draft(9, PRICE, "x")), "unknown_step"),
    (answer(ALL, draft(2, PRICE, "x")), "wrong_text"),
    (answer(ALL, draft(1, "    return item.price", "x")), "wrong_text"),
    (answer(ALL, draft(1, "", "x")), "wrong_text"),
    (answer(ALL, draft(1, PRICE, "x"), draft(1, PRICE, "y")), "wrong_text"),
    (answer(ALL, draft(1, PRICE, "x" * 501)), "draft_too_large"),
    (answer(ALL, draft(1, PRICE, "x\n" * 9)), "draft_too_large"),
    (answer(ALL, draft(1, PRICE, "x\0")), "unprintable_draft"),
    (answer(ALL, draft(1, PRICE, "x\ud800")), "unprintable_draft"),
    (answer(ALL, draft(1, PRICE, "x\ry")), "unprintable_draft"),
    (answer(ALL, draft(1, PRICE, f"x{CURSOR}")), "marker_in_draft"),
    (answer(ALL) + " " * ANSWER_CHARS_MAX, "answer_too_large"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG, ids=range(len(WRONG)))
def test_an_answer_that_does_not_add_up_is_refused_with_a_word(text: str, reason: str) -> None:
    found = told_in(text, STEPS)
    assert isinstance(found, Dropped)
    assert found.reason == reason


def test_a_step_has_a_few_drafts_and_no_more() -> None:
    rows = [f"{name} = {name}" for name in "abcd"]
    steps = Plan(File("a.py", "x\n", "x\n" + "\n".join(rows) + "\n")).steps
    drafts = [draft(1, row, "x") for row in rows]
    assert isinstance(told_in(answer([[1]], *drafts[:3]), steps), Told)
    assert told_in(answer([[1]], *drafts), steps) == Dropped("too_many_drafts", "1")


def test_a_draft_of_what_stands_there_is_none() -> None:
    told = told_in(answer(ALL, draft(1, PRICE, PRICE)), STEPS)
    assert not isinstance(told, Dropped)
    assert told.drafts == {}


FIT_ROWS = st.sampled_from(["    x = 1", "\t}", "é𝛼", "    value = get(index)", "return", " ", ""])
ROWS = st.one_of(FIT_ROWS, st.text(max_size=12))
UNTIL = st.sampled_from(["row", "step", "group"])


@st.composite
def answers(draw: st.DrawFn, steps: list[Step]) -> str:
    """An answer that adds up, but for drafts in one place; or anything in the form of one."""
    is_good = draw(st.integers(0, 3)) > 0
    order = draw(st.permutations(range(1, len(steps) + 1)))
    if not is_good:
        order = draw(st.lists(st.integers(-1, len(steps) + 1)))
    cut = draw(st.integers(0, len(order)))
    drafts = []
    for _ in range(draw(st.integers(0, 5)) if steps else 0):
        number = draw(st.integers(1, len(steps)))
        new = [row.rstrip("\r\n") for row in steps[number - 1].new]
        start = draw(st.integers(0, max(0, len(new) - 1)))
        final = "\n".join(new[start : start + draw(st.integers(1, 3))])
        final = final if is_good else draw(ROWS)
        typed = "\n".join(draw(st.lists(FIT_ROWS if is_good else ROWS, max_size=4)))
        if final.strip() or not is_good:
            drafts.append(draft(number, final, typed, draw(UNTIL)))
    return answer([order[:cut], order[cut:]], *drafts)


@settings(max_examples=200)
@given(st.data(), st.lists(texts(), min_size=1, max_size=2), st.sampled_from(["random", *STYLES]))
def test_whatever_a_model_answers_the_commit_comes_out_or_there_is_a_word(
    data: st.DataObject, pairs: list[tuple[str, str]], style: str
) -> None:
    commit = read(*pairs)
    text = data.draw(answers(steps_of(plans_of(commit))))
    told = scene_of(plans_of(commit), text)
    event(told.reason if isinstance(told, Dropped) else "played")
    if isinstance(told, Dropped):
        assert told.reason.replace("_", "").isalpha()
        return
    rng = random.Random(data.draw(st.integers(0, 1 << 20)))
    assert told.comes_out(rng)
    plans = {file.path: Plan(file) for file in commit.files}
    for cut in told.cuts(style, rng):
        played = told.played(cut, "shop", rng)
        done = frozenset(told.order[: cut.done])
        for path, plan in plans.items():
            if path != played.path:
                assert played.desk.text(path) == plan.text(done)
        assert played.expected == plans[played.path].text(done | {told.order[cut.done]})
        row = example_of(commit, played, Making("1"))
        if isinstance(row, Dropped):
            continue
        (patch,) = row["expected_patches"]
        if played.path == played.desk.path:
            shown_text = row["prompt_inputs"]["cursor_excerpt"]
        else:
            shown_text = played.desk.text(played.path).replace("\r\n", "\n")
        expected = rows_of(played.expected.replace("\r\n", "\n"))
        assert rows_of(applied(patch, shown_text) or "") == expected


# The command, with a vendor on this machine.


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    newer = NEW.replace("VALUE_5 = 5\n", "VALUE_5 = total(5)\n").replace(" + 1\n", " + 2\n")
    states = [{"shop.py": one, "README.md": "a\n"} for one in (OLD, NEW, newer)]
    yield repository(tmp_path / "shop.git", states)
    close_all()


Synthesized = Callable[..., int]


@pytest.fixture
def synthesized(shop: str, vendor: VendorServer, tmp_path: Path) -> Synthesized:
    """Run the command; every option but the repository, the model and the cache is the test's."""

    def run(*more: object, name: str = "out") -> int:
        return ran(
            "synthesize", "--repo", shop, "-o", tmp_path / f"{name}.jsonl", "--style", "index",
            "--llm", "anthropic:claude-sonnet-4-6", "--url", vendor.url,
            "--cache", tmp_path / "answers.sqlite", *more,
        )  # fmt: skip

    vendor.answer = likely
    return run


def reasons(path: Path) -> list[str]:
    return [drop["reason"] for drop in rows_in(Path(drops_path(str(path))))]


def test_rows_say_which_model_told_of_them(
    synthesized: Synthesized, vendor: VendorServer, tmp_path: Path
) -> None:
    assert synthesized("--samples", "4") == 0
    rows = rows_in(tmp_path / "out.jsonl")
    assert rows
    for row in rows:
        mark = ours(row)["synthetic"]
        assert mark["method"] == "llm"
        assert mark["model"] == "claude-sonnet-4-6"
        assert mark["vendor"] == "anthropic"
        assert mark["instruction"] == 1
        assert mark["drafts"] >= 1
        assert {"synthetic", "synthesis:llm", "source:commit"} <= tags_of(row)
        assert "  # first\n" not in expected_patches(row)[0]
    assert any("  # first\n" in row["edit_history"] for row in rows)
    assert reasons(tmp_path / "out.jsonl") == ["first_commit"]
    assert vendor.asked() == 2


def test_another_style_seed_or_number_of_moments_asks_nobody(
    synthesized: Synthesized, vendor: VendorServer, tmp_path: Path
) -> None:
    assert synthesized("--samples", "4") == synthesized("--samples", "4", name="again") == 0
    assert vendor.asked() == 2
    outs = [(tmp_path / f"{name}.jsonl").read_bytes() for name in ("out", "again")]
    assert outs[0] == outs[1] != b""
    assert synthesized("--samples", "2", "--seed", "5", "--style", "typing", name="other") == 0
    assert vendor.asked() == 2
    assert (tmp_path / "other.jsonl").read_bytes() not in {b"", outs[0]}


def test_no_more_commits_are_asked_about_than_examples_are_wanted(
    synthesized: Synthesized, vendor: VendorServer, tmp_path: Path
) -> None:
    assert synthesized("--count", "1") == 0
    assert vendor.asked() == 1
    assert len(rows_in(tmp_path / "out.jsonl")) == 1


def test_a_bad_answer_is_a_drop_with_its_word(
    synthesized: Synthesized, vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.answer = lambda _: answer([[7]])
    assert synthesized() == 0
    assert rows_in(tmp_path / "out.jsonl") == []
    assert sorted(reasons(tmp_path / "out.jsonl")) == ["first_commit", *["unknown_step"] * 2]


def test_rules_make_what_the_model_does_not_and_the_rows_say_so(
    synthesized: Synthesized, vendor: VendorServer, shop: str, tmp_path: Path
) -> None:
    vendor.answer = lambda question: likely(question) if "VALUE_20B" in question else "no idea"
    assert synthesized("--or-rules") == 0
    marks = [ours(row)["synthetic"] for row in rows_in(tmp_path / "out.jsonl")]
    assert sorted(mark["method"] for mark in marks) == ["llm", "rules"]
    (mark,) = [mark for mark in marks if mark["method"] == "rules"]
    assert mark["asked"]["refused"] == "unreadable_answer"
    assert mark["asked"]["model"] == "claude-sonnet-4-6"
    plain = tmp_path / "rules.jsonl"
    assert ran("synthesize", "--repo", shop, "-o", plain, "--style", "index") == 0
    (by_rules,) = [row for row in rows_in(plain) if ours(row)["synthetic"]["from"] == mark["from"]]
    assert [row["edit_history"] for row in rows_in(tmp_path / "out.jsonl")].count(
        by_rules["edit_history"]
    ) == 1
    assert ran("synthesize", "--repo", shop, "-o", plain, "--or-rules") == 2


def test_batches_are_taken_by_a_later_run(
    synthesized: Synthesized, vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.is_over = False
    assert synthesized("--batch") == 1
    assert not (tmp_path / "out.jsonl").exists()
    vendor.finish()
    assert synthesized("--batch") == 0
    assert len(rows_in(tmp_path / "out.jsonl")) == 2
    assert (len(vendor.batches), vendor.asked("/v1/messages$")) == (1, 0)


def test_what_would_cost_too_much_is_not_asked(
    synthesized: Synthesized, vendor: VendorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synthesized("--max-spend", "0.0001") == 2
    assert "--max-spend" in capsys.readouterr().err
    assert vendor.asked() == 0


def test_code_without_a_known_licence_goes_to_no_vendor(
    shop: str, vendor: VendorServer, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run = ("synthesize", "--repo", shop, "-o", out, "--llm", "chat:m", "--cache", tmp_path / "a")
    away = ("--url", "https://models.invalid", "--cache-only")
    assert ran(*run, *away) == 0
    assert sorted(reasons(out)) == ["private"] * 3
    assert ran(*run, *away, "--allow-private") == 0
    assert sorted(reasons(out)) == ["first_commit", "not_answered", "not_answered"]


def test_too_many_steps_are_not_asked_about() -> None:
    old = "".join(f"a{n} = {n}\nb\nb\n" for n in range(STEPS_MAX + 1))
    commit = read((old, old.replace(" = ", " == ")))
    plans = plans_of(commit)
    assert shown(commit, plans, steps_of(plans)) is None
    assert shown(commit, plans, steps_of(plans)[1:]) is not None
