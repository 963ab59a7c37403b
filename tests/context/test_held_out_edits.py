"""The evaluation's own logic: hunks, the moments around one, what is drawn, fates and figures."""

import io
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.context.edits.drawing import ADDED_ROWS, adds_code, changed
from tests.bench.context.edits.figures import figures, interval
from tests.bench.context.edits.hunks import Edit, applied, hunks_of
from tests.bench.context.edits.needs import is_module
from tests.bench.context.edits.page import RECENT, EditedPage, before, written
from tests.bench.context.edits.playing import BUDGET, RULE, SHOWN, UNLED, Asked, Seen, fate
from tests.bench.context.edits.results import Results, digest
from tests.bench.context.edits.sdists import Project, Unfetched, projects, trees
from tests.bench.context.edits.through import section_of
from tests.bench.context.gathering import Gathered
from tests.bench.repeat.histories import Hunk
from zeta_lsp.core.documents import Document
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.related import Found, Identifier, Place
from zeta_lsp.core.text import Encoding

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "def f():\n", "\n"]), max_size=12)

OLD = ("one\n", "two\n", "three\n", "four\n", "five\n")
NEW = ("one\n", "zwei\n", "and a half\n", "three\n", "five\n", "six()\n")
HUNKS = tuple(hunks_of(OLD, NEW))


@given(texts, texts)
def test_all_hunks_make_the_new_text_of_the_old_one(old: list[str], new: list[str]) -> None:
    assert applied(old, hunks_of(old, new)) == tuple(new)


@given(texts, texts)
def test_no_two_hunks_touch_and_none_is_empty(old: list[str], new: list[str]) -> None:
    hunks = hunks_of(old, new)
    assert all(hunk.old or hunk.new for hunk in hunks)
    ends = [hunk.start + len(hunk.old) for hunk in hunks]
    assert all(end < later.start for end, later in zip(ends, hunks[1:], strict=False))


def test_before_a_hunk_those_above_are_made_and_it_is_not() -> None:
    assert [(hunk.start, len(hunk.old), len(hunk.new)) for hunk in HUNKS] == [
        (1, 1, 2),
        (3, 1, 0),
        (5, 0, 1),
    ]
    edit = Edit(OLD, HUNKS, 2)
    assert edit.before == ("one\n", "zwei\n", "and a half\n", "three\n", "five\n")
    assert edit.after == edit.final == NEW
    assert [edit.final[row] for row in edit.final_rows] == HUNKS[2].new


@given(texts, texts)
def test_the_added_rows_stand_in_the_final_text_where_they_stood_when_written(
    old: list[str], new: list[str]
) -> None:
    hunks = tuple(hunks_of(old, new))
    for number, hunk in enumerate(hunks):
        edit = Edit(tuple(old), hunks, number)
        assert [edit.final[row] for row in edit.final_rows] == hunk.new
        assert [edit.after[row] for row in edit.final_rows] == hunk.new


def test_the_cursor_starts_at_the_first_character_that_changes() -> None:
    hunk = Hunk(0, ["total = count\n"], ["total = size\n"])
    assert Edit(("total = count\n",), (hunk,), 0).start() == (0, len("total = "))


def test_the_cursor_starts_at_the_end_of_the_row_above_what_is_only_added() -> None:
    assert Edit(OLD, HUNKS, 2).start() == (4, len("five"))
    first = Hunk(0, [], ["zero\n"])
    assert Edit(OLD, (first,), 0).start() == (0, 0)


def test_the_cursor_ends_behind_the_last_row_with_text() -> None:
    hunk = Hunk(1, [], ["x = 1\n", "y = 2\n", "\n"])
    assert Edit(OLD, (hunk,), 0).end() == (2, len("y = 2"))


@given(texts, texts)
def test_an_editor_that_types_the_hunks_of_a_moment_gets_its_text(
    old: list[str], new: list[str]
) -> None:
    hunks = tuple(hunks_of(old, new))
    for number in [number for number, hunk in enumerate(hunks) if hunk.new]:
        edit = Edit(tuple(old), hunks, number)
        for moment, text in ((before(edit), edit.before), (written(edit), edit.after)):
            document = Document("file:///x", "python", 0, "".join(moment.opened), Encoding.UTF16)
            for version, change in enumerate(moment.changes(), 1):
                document.apply(version, [change])
            assert document.unsynced is None
            assert document.text() == "".join(text) == "".join(moment.lines)


def test_only_the_last_hunks_are_typed_and_those_above_were_there() -> None:
    old = tuple(f"{row}\n" for row in range(40))
    hunks = tuple(Hunk(row, [old[row]], [f"new {row}\n"]) for row in range(0, 40, 2))
    moment = before(Edit(old, hunks, 10))
    assert len(moment.typed) == RECENT
    assert moment.opened[: 2 * 4 : 2] == ("new 0\n", "new 2\n", "new 4\n", "new 6\n")


def test_the_hunks_above_are_recent_edits_in_the_prompt(tmp_path: Path) -> None:
    old = tuple(f"row_{row} = {row}\n" for row in range(60))
    hunks = tuple(Hunk(row, [old[row]], [f"changed_{row} = 1\n"]) for row in (0, 30, 59))
    page = EditedPage(tmp_path / "a.py", "python", before(Edit(old, hunks, 2)), tmp_path)
    prompt = page.prompt(())
    assert "+changed_0 = 1\n" in prompt
    assert "+changed_30 = 1\n" in prompt
    assert "changed_59" not in prompt


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ([], ["total(1)\n"], True),
        (["a\n"], [], False),
        ([], ["\n", "}\n"], False),
        ([], ["# why\n"], False),
        (["  moved()\n"], ["moved()\n"], False),
        ([], ["#include <a.h>\n"], True),
        ([], ["total(1)\n"] * (ADDED_ROWS + 1), False),
    ],
)
def test_a_hunk_counts_if_it_adds_some_code(old: list[str], new: list[str], counts: bool) -> None:
    assert adds_code(Hunk(0, old, new)) is counts


def written_tree(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_edits_are_drawn_one_of_each_file_first_and_the_same_each_time(tmp_path: Path) -> None:
    spaced = "".join(f"keep_{row} = 1\n" for row in range(9))
    edited = spaced.replace("keep_2 = 1", "a()").replace("keep_6 = 1", "b()")
    older = written_tree(tmp_path / "1", x=spaced, y=spaced, same=spaced, gone=spaced)
    newer = written_tree(
        tmp_path / "2", x=edited, y=edited, same=spaced, fresh=edited, vendor__z=edited
    )
    drawn = changed(older, newer, "python", 1).edits
    assert sorted(one.path.name for one in drawn[:2]) == ["x.py", "y.py"]
    assert len(drawn) == 4
    assert drawn == changed(older, newer, "python", 1).edits


def test_whole_files_are_no_definitions() -> None:
    assert is_module(Place("/p/a.py", 0, 0, 0, 0))
    assert is_module(Place("/p/a.rs", 0, 0, 400, 1))
    assert not is_module(Place("/p/a.py", 0, 4, 0, 9))


def test_a_definition_that_is_not_in_the_prompt_has_a_reason(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "b.py"), 1, 4, 1, 9)
    path = f"{tmp_path.name}/b.py"
    found = (Found(Identifier("other", 0, 0, 0), (place,), "index"),)
    excerpt = RelatedExcerpt((0, 2), "x = 1\ndef other(): ...", 0, "lsp")
    files = (RelatedFile(path, 2, (excerpt,)),)
    prompt = f"<filename>{path}\nx = 1\ndef other(): ...\n"
    assert fate((place,), Gathered(files, 0.0, found), prompt, tmp_path) == SHOWN
    assert fate((place,), Gathered(files, 0.0, found), "", tmp_path) == BUDGET
    assert fate((place,), Gathered((), 0.0, found), "", tmp_path) == RULE
    assert fate((place,), Gathered((), 0.0, ()), "", tmp_path) == UNLED


def test_a_section_of_a_prompt_ends_where_the_next_file_begins() -> None:
    prompt = "<filename>p/a.py\none\n<filename>p/b.py\ntwo\n"
    assert section_of(prompt, "p/a.py") == "\none\n"
    assert section_of(prompt, "p/c.py") == ""


def asked(project: str, number: int, server: str, index: str) -> Asked:
    seen = (Seen("written", server, index),)
    return Asked(project, "a.py", number, "name", "b.py:1", "", seen)


def test_figures_count_what_the_index_shows_of_what_the_server_does() -> None:
    found = [
        asked("one", 1, SHOWN, SHOWN),
        asked("one", 1, SHOWN, UNLED),
        asked("two", 1, UNLED, SHOWN),
        asked("two", 2, BUDGET, RULE),
    ]
    seen = figures(found, "written")
    assert (seen.projects, seen.edits, seen.definitions) == (2, 3, 4)
    assert (seen.by_server.share, seen.by_index.share, seen.kept.share) == (0.5, 0.5, 0.5)
    assert seen.index_only == 1
    assert seen.lost == {"index rule": 1, "index unled": 1, "server budget": 1, "server unled": 1}


def test_an_interval_is_as_wide_as_projects_differ() -> None:
    def part(counts: Counter[tuple[str, str, str]]) -> tuple[int, int]:
        return counts["", "", "part"], counts["", "", "whole"]

    def some(part: int) -> Counter[tuple[str, str, str]]:
        return Counter({("", "", "part"): part, ("", "", "whole"): 10})

    assert interval([some(5), some(5)], part) == (0.5, 0.5, 0.5)
    share, low, high = interval([some(0), some(5), some(10)], part)
    assert (share, low, high) == (0.5, 0.0, 1.0)


def archive_of(path: Path, **files: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"any-name/{name.replace('__', '/')}.py")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))


def test_sdists_that_are_in_the_cache_are_unpacked_and_called_by_the_projects_name(
    tmp_path: Path,
) -> None:
    archive_of(tmp_path / "sdists" / "Some_Thing-1.0.tar.gz", src__a="x = 1\n")
    archive_of(tmp_path / "sdists" / "some_thing-1.1.tar.gz", src__a="x = 2\n")
    project = Project("some-thing", ("1.0", "1.1"), "python", "tuned")
    older, newer = trees(project, tmp_path)
    assert (older.name, newer.name) == ("some-thing", "some-thing")
    assert (newer / "src" / "a.py").read_text() == "x = 2\n"
    within = trees(project._replace(within="src"), tmp_path)
    assert within == (older / "src", newer / "src")
    with pytest.raises(Unfetched):
        trees(project._replace(within="nothing"), tmp_path)


def test_the_list_names_each_project_once_with_enough_of_each_language_in_both_halves() -> None:
    listed = list(projects())
    assert len({project.name for project in listed}) == len(listed)
    counts = Counter((project.language, project.half) for project in listed)
    assert sum(counts[one] for one in (("python", "tuned"), ("python", "held-out"))) >= 6
    for language in ("typescript", "go", "c", "rust"):
        assert counts[language, "held-out"] >= 2
        assert counts[language, "held-out"] + counts[language, "tuned"] >= 3


def test_what_was_measured_is_known_until_an_option_is_another_one(tmp_path: Path) -> None:
    results = Results(tmp_path)
    project = Project("p", ("1", "2"), "python", "tuned")
    assert results.get(Asked, project, 40, 1) is None
    results.put([asked("p", 1, SHOWN, UNLED)], project, 40, 1)
    assert Results(tmp_path).get(Asked, project, 40, 1) == [asked("p", 1, SHOWN, UNLED)]
    assert results.get(Asked, project, 40, 2) is None


def test_the_digest_is_another_one_once_the_code_is(tmp_path: Path) -> None:
    for name in ("zeta_lsp/context/a.py", "zeta_lsp/core/b.py", "zeta_lsp/server/around.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before_change = digest(tmp_path)
    (tmp_path / "zeta_lsp/core/b.py").write_text("2")
    assert digest(tmp_path) != before_change
