"""Synthetic examples say what encloses the cursor, as a live session with the same keys would."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.__main__ import _syntax_spans
from pipeline.records import Dropped, Row
from pipeline.synthesis.commits import File, Read
from pipeline.synthesis.example import Making, example_of
from pipeline.synthesis.scene import Played, Scene
from tests.pipeline.synthesis.histories import texts
from zeta_lsp.context.syntax import WHOLE_ROWS, syntax_for
from zeta_lsp.core.documents import Document
from zeta_lsp.core.history import History
from zeta_lsp.core.text import Encoding
from zeta_lsp.core.zed_inputs import given_of
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.snapshot import take_snapshot
from zeta_lsp.server.workspace import Workspace

MAKING = Making("1", syntax_spans=_syntax_spans)
OLD = "import os\n\n\ndef first(request):\n    return request\n\n\nclass Shop:\n" + "".join(
    f"    def part_{n}(self, value):\n        return [value, 'é𝛼', {n}]\n\n" for n in range(9)
)
NEW = OLD.replace("return request\n", "return os.fspath(request)\n").replace(
    "'é𝛼', 7]\n", "'é𝛼', len(str(value)), 7]\n"
)


def read(old: str, new: str, path: str = "src/shop.py") -> Read:
    return Read("c" * 40, "p" * 40, 1_700_000_000, "change", (File(path, old, new),))


def examples(commit: Read, seed: int, style: str = "random") -> list[tuple[Played, Row]]:
    rng = random.Random(seed)
    scene = Scene.of(commit, rng)
    played = [scene.played(cut, "shop", rng) for cut in list(scene.cuts(style, rng))[:3]]
    made = [(one, example_of(commit, one, MAKING)) for one in played]
    return [(one, row) for one, row in made if not isinstance(row, Dropped)]


def live(commit: Read, played: Played) -> OpenFile:
    """The file of a session in which the same keys were pressed, once nobody types any more."""
    (file,) = commit.files
    document = Document(f"file:///shop/{file.path}", "", 0, file.old, Encoding.UTF16)
    tree = syntax_for("", file.path)
    found = OpenFile(document, Workspace().place(document.uri), History(), tree)
    found.refresh_syntax()
    for edit in played.desk.edits:
        document.replay(edit.version, edit.splice)
        found.remember([edit.splice])
    found.refresh_syntax()
    assert document.text() == played.desk.text(file.path)
    return found


def assert_as_live(commit: Read, seed: int, style: str = "random") -> int:
    made = examples(commit, seed, style)
    for played, row in made:
        snapshot = take_snapshot(live(commit, played), *played.desk.cursor, with_current_file=False)
        assert given_of(row["prompt_inputs"]).syntax_ranges == snapshot.given.syntax_ranges
    return len(made)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("style", ["index", "typing", "fraction"])
def test_a_live_session_would_have_sent_the_same(end: str, style: str) -> None:
    commit = read(OLD.replace("\n", end), NEW.replace("\n", end))
    assert sum(assert_as_live(commit, seed, style) for seed in range(4))
    ranges = examples(commit, 1)[0][1]["prompt_inputs"]["syntax_ranges"]
    assert len(ranges) > 2


@settings(max_examples=40)
@given(texts(), st.integers(0, 1 << 20))
def test_so_it_is_with_any_text(pair: tuple[str, str], seed: int) -> None:
    assert_as_live(read(*pair), seed)


def test_so_it_is_in_a_file_that_is_never_parsed_whole() -> None:
    above = "".join(f"VALUE_{n} = {n}\n" for n in range(WHOLE_ROWS))
    commit = read(above + OLD, above + NEW)
    for played, row in examples(commit, 1):
        document = Document("file:///a.py", "", 0, played.desk.text("src/shop.py"), Encoding.UTF16)
        tree = syntax_for("", "a.py")
        file = OpenFile(document, Workspace().place(document.uri), History(), tree)
        snapshot = take_snapshot(file, *played.desk.cursor, with_current_file=False)
        assert given_of(row["prompt_inputs"]).syntax_ranges == snapshot.given.syntax_ranges
        assert len(row["prompt_inputs"]["syntax_ranges"]) > 2


def test_the_ranges_that_formats_rewrite_follow_the_tree() -> None:
    rows = "".join(f"        value += self.part_{n}(value)\n" for n in range(40))
    commit = read(OLD + rows, NEW + rows.replace("+= self.part_20", "-= self.part_20"))
    differing = 0
    for played, row in (one for seed in range(8) for one in examples(commit, seed)):
        bare = example_of(commit, played, Making("1"))
        assert not isinstance(bare, Dropped)
        assert bare["prompt_inputs"]["syntax_ranges"] is None
        ranges = [one["prompt_inputs"]["excerpt_ranges"] for one in (bare, row)]
        differing += ranges[0] != ranges[1]
    assert differing


def test_without_a_grammar_nothing_is_said() -> None:
    ((_, row), *_) = examples(read(OLD, NEW, "src/shop.adb"), 1, "index")
    assert row["prompt_inputs"]["syntax_ranges"] is None


def test_worker_processes_can_be_handed_it() -> None:
    assert pickle.loads(pickle.dumps(_syntax_spans)) is _syntax_spans
