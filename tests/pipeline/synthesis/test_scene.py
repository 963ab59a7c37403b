"""Whatever the imagined person does on the way, the commit comes out."""

import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.example import applied
from pipeline.records import Dropped
from pipeline.synthesis.commits import File, Read
from pipeline.synthesis.cuts import STYLES, Cut
from pipeline.synthesis.desk import Desk
from pipeline.synthesis.example import Making, example_of, uncommitted_diff
from pipeline.synthesis.scene import Scene
from pipeline.synthesis.script import after, script_of
from pipeline.synthesis.steps import Plan
from pipeline.synthesis.typist import Typist
from tests.pipeline.synthesis.histories import texts
from zeta_lsp.core.documents import Document
from zeta_lsp.core.history import History
from zeta_lsp.core.region_patch import rows_of
from zeta_lsp.core.text import Encoding, split_lines

PAIRS = st.lists(texts(), min_size=1, max_size=3)
SEEDS = st.integers(0, 1 << 20)


def read(pairs: list[tuple[str, str]]) -> Read:
    files = [
        File(f"src/part{n}.py", old, new, is_new=not old) for n, (old, new) in enumerate(pairs)
    ]
    return Read("c" * 40, "p" * 40, 1_700_000_000, "change", tuple(files))


@given(texts())
def test_the_steps_of_a_file_lead_from_one_text_to_the_other(pair: tuple[str, str]) -> None:
    plan = Plan(File("a.py", *pair))
    assert plan.text(frozenset()) == pair[0]
    assert plan.text(frozenset(plan.steps)) == pair[1]


@given(texts(), st.booleans())
def test_a_script_makes_the_new_rows_of_the_old_ones(pair: tuple[str, str], above: bool) -> None:
    old, new = pair
    if "\r" in old and "\r" not in new and "\n" in new:
        return
    script = script_of(split_lines(old)[:-1], split_lines(new)[:-1], has_row_above=above)
    made = after(script, len(script.acts))
    end = "\r\n" if new.endswith("\r\n") else "\n"
    assert made == (end + new.removesuffix(end) if script.is_below else new)


@settings(max_examples=150)
@given(PAIRS, SEEDS, st.sampled_from(["random", *STYLES]))
def test_keys_and_the_expected_patch_lead_to_a_state_of_the_commit(
    pairs: list[tuple[str, str]], seed: int, style: str
) -> None:
    commit = read(pairs)
    rng = random.Random(seed)
    scene = Scene.of(commit, rng)
    plans = {file.path: Plan(file) for file in commit.files}
    for cut in scene.cuts(style, rng):
        played = scene.played(cut, "shop", rng)
        done = frozenset(scene.order[: cut.done])
        for path, plan in plans.items():
            if path != played.path:
                assert played.desk.text(path) == plan.text(done)
        coming = done | {scene.order[cut.done]}
        assert played.expected == plans[played.path].text(coming)

        row = example_of(commit, played, Making("1"))
        if isinstance(row, Dropped):
            continue
        (patch,) = row["expected_patches"]
        if played.path == played.desk.path:
            text = row["prompt_inputs"]["cursor_excerpt"]
        else:
            text = played.desk.text(played.path).replace("\r\n", "\n")
        assert rows_of(applied(patch, text) or "") == rows_of(played.expected.replace("\r\n", "\n"))


@given(PAIRS, SEEDS)
def test_all_of_a_commit_can_be_typed(pairs: list[tuple[str, str]], seed: int) -> None:
    rng = random.Random(seed)
    scene = Scene.of(read(pairs), rng)
    plans = {file.path: Plan(file) for file in read(pairs).files}
    desk = Desk("shop", {path: plan.file.old for path, plan in plans.items()})
    typist, done = Typist(desk, rng), set()
    for step, script in zip(scene.order, scene.scripts, strict=True):
        typist.perform(step.path, plans[step.path].row(step, done), script)
        typist.go_back()
        done.add(step)
    typist.go_back(everything=True)
    assert {path: desk.text(path) for path in plans} == {
        path: plan.file.new for path, plan in plans.items()
    }


@given(PAIRS, SEEDS)
def test_the_history_is_what_a_server_that_saw_the_same_edits_would_show(
    pairs: list[tuple[str, str]], seed: int
) -> None:
    commit = read(pairs)
    rng = random.Random(seed)
    scene = Scene.of(commit, rng)
    for cut in list(scene.cuts("random", rng))[:2]:
        desk = scene.played(cut, "shop", rng).desk
        documents = {
            file.path: Document(file.path, "", 0, file.old, Encoding.UTF16) for file in commit.files
        }
        history = History()
        for edit in desk.edits:
            document = documents[edit.uri]
            document.replay(edit.version, edit.splice)
            history.record(document, edit, f"shop/{edit.uri}")
        assert history.events() == desk.events()
        assert all(documents[path].text() == desk.text(path) for path in documents)


@given(texts(), SEEDS)
def test_the_uncommitted_diff_leads_from_the_parent_to_what_is_on_the_screen(
    pair: tuple[str, str], seed: int
) -> None:
    commit = read([pair])
    rng = random.Random(seed)
    scene = Scene.of(commit, rng)
    for cut in list(scene.cuts("random", rng))[:2]:
        played = scene.played(cut, "shop", rng)
        text = played.desk.text("src/part0.py")
        diff = uncommitted_diff(commit, played)
        assert (diff == "") == (text == pair[0])
        if "\r" not in "".join(pair) and not any("\\ No" in row for row in diff.split("\n")):
            assert applied(diff, pair[0]) == text


def test_people_slip_and_put_it_right() -> None:
    new = "".join(f"    total_{n} = compute_value(request, result_{n})\n" for n in range(12))
    removals = 0
    for seed in range(20):
        desk = Desk("shop", {"a.py": "def main():\n"})
        script = script_of([], split_lines(new)[:-1], has_row_above=True)
        typist = Typist(desk, random.Random(seed))
        typist.perform("a.py", 1, script)
        typist.go_back(everything=True)
        removals += sum(bool(edit.splice.old_text) for edit in desk.edits)
        assert desk.text("a.py") == "def main():\n" + new
    assert removals > 20


def test_a_name_that_was_left_behind_is_found_again_below_other_edits() -> None:
    found = 0
    for seed, careless in product(range(300), [True]):
        desk = Desk("shop", {"a.py": "a\nb\n"})
        typist = Typist(desk, random.Random(seed))
        first = script_of([], ["    result = get_value(request)\n"], has_row_above=True)
        second = script_of([], ["    # above\n", "    # it\n"], has_row_above=True)
        typist.perform("a.py", 2, first)
        was_wrong = desk.text("a.py") != "a\nb\n    result = get_value(request)\n"
        typist.perform("a.py", 1, second)
        typist.go_back(everything=careless)
        found += was_wrong
        assert desk.text("a.py") == "a\n    # above\n    # it\nb\n    result = get_value(request)\n"
    assert found


def test_a_half_typed_word_is_the_beginning_of_the_next_one() -> None:
    commit = read([("a = 1\n", "a = 1\nresult = compute(a)\n")])
    scene = Scene.of(commit, random.Random(1))
    played = scene.played(Cut("typing", 0, 5, in_word=True), "shop", random.Random(2))
    typed = played.desk.text("src/part0.py").split("\n")[1]
    assert "result = compute(a)".startswith(typed)
    assert typed.startswith("result = ")
    assert typed != "result = compute"
