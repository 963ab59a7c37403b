"""`zeta-v0615`: answers and targets about blocks in several files, as Zed has them and beyond."""

import random
import re
from itertools import chain

import msgspec
import pytest

from tests.core.formats import oracle
from tests.core.formats.files import (
    after_answer,
    after_patch,
    any_files,
    changed_in_cursor_excerpt,
    hunks,
)
from tests.core.formats.generated import rewritten
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.hashed import hash_tag, hashed_excerpts
from zeta_lsp.core.formats.place import cursor_place, shown_path
from zeta_lsp.core.formats.v0615 import V0615, window
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile, Replacement

FORM = V0615()
END = "<[end▁of▁sentence]>"
COUNT = 2000


def any_output(rng, given):
    """Spans in some excerpts, mostly good ones; no two of them in the same excerpt."""
    parts, begun = [], set()
    for _ in range(rng.choice([1, 1, 2, 3])):
        file = rng.randrange(len(given.related_files))
        hashed = rng.choice(hashed_excerpts(given.related_files)[file])
        first, last = sorted(rng.sample(range(len(hashed.names)), 2))
        if rng.random() < 0.05:
            first, last = last, first
        if hashed.names[0] in begun:
            continue
        begun.add(hashed.names[0])
        old = hashed.text[hashed.borders[first] : hashed.borders[last]]
        new = rewritten(rng, old) if rng.random() < 0.9 else old[: rng.randint(0, len(old))]
        new = new and new.removesuffix("\n") + "\n"
        parts.append(f"{hash_tag(hashed.names[first])}\n{new}{hash_tag(hashed.names[last])}")
    return "\n".join(parts) + rng.choice([END, "", "\n"])


@oracle.needs_oracle
def test_answers_are_read_as_zed_reads_them():
    rng, faults = random.Random(1), 0
    for _ in range(COUNT):
        files = any_files(rng)
        prompt = FORM.render(files.given)
        output = any_output(rng, files.given)
        try:
            patch = oracle.parsed_patch(output, files.given, FORM.zed_name)
        except RuntimeError:
            faults += 1
            with pytest.raises(UnparsableAnswer):
                FORM.parse(output, files.given, prompt)
            continue
        answer = FORM.parse(output, files.given, prompt)
        assert after_answer(answer, files) == after_patch(patch, files), output
    assert 0 < faults < COUNT / 2


def test_a_target_read_as_an_answer_gives_the_new_text():
    rng, read = random.Random(2), 0
    for _ in range(COUNT):
        files = any_files(rng)
        prompt = FORM.render(files.given)
        new = changed_in_cursor_excerpt(rng, files)
        region = new.encode()[
            : len(new.encode()) - len(files.given.cursor_excerpt.encode()) + prompt.editable[1]
        ]
        target = FORM.target(files.given, prompt, region.decode())
        if (answer := parsed_unless_cut(target, files.given)) is not None:
            read += 1
            assert after_answer(answer, files) == {**files.texts, "p/a.py": new}
    assert read > COUNT * 0.8


def parsed_unless_cut(output, given):
    """The answer; None if it deletes so many lines at a block's end that it looks cut short."""
    try:
        return FORM.parse(output, given, FORM.render(given))
    except UnparsableAnswer as fault:
        if fault.reason != "span_cut_short":
            raise
        return None


@oracle.needs_oracle
def test_targets_are_zeds():
    rng, compared = random.Random(3), 0
    while compared < COUNT:
        files = any_files(rng)
        prompt = FORM.render(files.given)
        new = changed_in_cursor_excerpt(rng, files)
        patch = oracle.unified("p/a.py", files.texts["p/a.py"], new)
        expected = oracle.target(files.given, FORM.zed_name, patch)
        target = FORM.target(files.given, prompt, new)
        if share_a_block(expected, files.given) or not in_cursor_excerpt(patch, files.given):
            continue
        compared += 1
        assert target == expected


def share_a_block(target, given):
    """Whether two spans hold the same block: Zed writes it twice, and we once."""
    excerpts = chain.from_iterable(hashed_excerpts(given.related_files))
    names = list(chain.from_iterable(hashed.names for hashed in excerpts))
    tags = [names.index(name) for name in re.findall(r"<\|marker_(....)\|>", target)]
    return any(last > first for last, first in zip(tags[1::2], tags[2::2], strict=False))


def in_cursor_excerpt(patch, given):
    """Whether all hunks lie in the cursor's excerpt with their context, which Zed needs."""
    place = cursor_place(given)
    first, end = given.related_files[place.file].excerpts[place.excerpt].row_range
    return all(first <= row and row + len(old) <= end for _, row, old, _ in hunks(patch))


def blocks(letters, size=4):
    """A block of lines for each letter, ended by a blank one."""
    return "".join(
        "".join(f"{letter}{row}\n" for row in range(1, size)) + "\n" for letter in letters
    )


def shown(text, *others, first_row=0, cursor=0):
    """An input that shows a text, at the cursor, and other files."""
    rows = (first_row, first_row + text.count("\n"))
    current = RelatedFile("p/a.py", rows[1], (RelatedExcerpt(rows, text),))
    files = (current, *others)
    return PromptInput("p/a.py", text, cursor, first_row, related_files=files, syntax_ranges=())


def tags(given):
    return [hash_tag(name) for name in hashed_excerpts(given.related_files)[0][0].names]


def parsed(output, given):
    return FORM.parse(output, given, FORM.render(given))


def test_spans_come_with_the_place_in_their_excerpt():
    other = RelatedFile("p/b.py", 3, (RelatedExcerpt((0, 3), "x\ny\nz\n"),))
    given = shown(blocks("abc"), other)
    b, c = tags(given)[1:3]
    x, end = (hash_tag(name) for name in hashed_excerpts(given.related_files)[1][0].names)
    output = f"{x}\nx\nY<|user_cursor|>\nz\n{end}\n{b}\nb1\nB2\nb3\n\n{c}{END}"
    answer = parsed(output, given)
    assert answer.replacements == (
        Replacement(0, 6, "x\nY\nz\n", (1, 0)),
        Replacement(10, 20, "b1\nB2\nb3\n\n", (0, 0)),
    )
    assert (answer.cursor, answer.complete) == (3, True)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "no_markers"),
        ("junk", "no_markers"),
        ("{0}\na1\n", "unclosed_span"),
        ("<|marker_zzzz|>\na1\n{1}", "marker_out_of_range"),
        ("{1}\na1\n{0}", "markers_reversed"),
        ("{0}\na1 <[fim-prefix]>\na2\na3\n\n{1}", "leaked_marker"),
        ("{0}\na1\n{2}", "span_cut_short"),
    ],
)
def test_what_is_no_span_is_refused_with_a_reason(output, reason):
    given = shown(blocks("abc"))
    with pytest.raises(UnparsableAnswer) as fault:
        parsed(output.format(*tags(given)), given)
    assert fault.value.reason == reason


def test_a_span_may_cross_excerpts_only_where_they_touch():
    texts = [blocks("a"), blocks("b"), blocks("c")]
    rows = [(0, 4), (4, 8), (12, 16)]
    excerpts = tuple(map(RelatedExcerpt, rows, texts))
    given = PromptInput(
        "p/a.py", blocks("abxc"), 0, 0, related_files=(RelatedFile("p/a.py", 16, excerpts),)
    )
    a, b, c = ([hash_tag(n) for n in one.names] for one in hashed_excerpts(given.related_files)[0])
    answer = parsed(f"{a[0]}\na1\nA\n{b[1]}{END}", given)
    assert answer.replacements == (
        Replacement(0, 10, "a1\nA\n", (0, 0)),
        Replacement(0, 10, "", (0, 1)),
    )
    with pytest.raises(UnparsableAnswer) as fault:
        parsed(f"{b[0]}\nb1\nB\n{c[1]}{END}", given)
    assert fault.value.reason == "span_too_wide"


def test_an_answer_that_stops_inside_a_span_is_not_whole():
    given = shown(blocks("abc"))
    a, b, _, _ = tags(given)
    assert not parsed(f"{a}\nA\n{b}\n{b}\nb1\nB", given).complete


def test_hunks_that_share_a_block_become_one_span():
    text = blocks("a", 20) + blocks("b", 20)
    given = shown(text)
    new = text.replace("b2\n", "B2\n").replace("b17\n", "B17\n")
    target = FORM.target(given, FORM.render(given), new)
    assert target.count("<|marker_") == 2
    (replacement,) = parsed(target, given).replacements
    assert replacement.text == blocks("b", 20).replace("b2\n", "B2\n").replace("b17\n", "B17\n")


def test_a_target_marks_the_cursor_in_the_changed_lines():
    given = shown(blocks("abc"))
    new = given.cursor_excerpt.replace("b2", "B22")
    target = FORM.target(given, FORM.render(given), new, new.index("B22") + 2)
    assert "B2<|user_cursor|>2" in target


@pytest.mark.parametrize("new", [None, blocks("abc")])
def test_no_edit_has_a_word_of_its_own(new):
    given = shown(blocks("abc"))
    assert FORM.target(given, FORM.render(given), new) == f"NO_EDITS{END}"
    assert parsed(f"NO_EDITS{END}", given).replacements == ()


def test_an_excerpt_too_large_is_shown_around_the_cursor():
    text = blocks("abcdefghij" * 60, 15)
    row = text[: len(text) // 2].count("\n")
    given = shown(text, cursor=len("".join(f"{line}\n" for line in text.split("\n")[:row])))
    prompt = FORM.render(given)
    assert 6000 * 3 < len(prompt.text.encode()) <= 7200 * 3
    assert prompt.text.count("<|user_cursor|>") == 1
    assert prompt.text.count("...\n") == 2
    names = re.findall(r"<\|marker_(....)\|>", prompt.text)
    assert set(names) <= set(hashed_excerpts(given.related_files)[0][0].names)


def test_a_window_grows_evenly_and_skips_a_side_that_does_not_fit():
    assert window([1, 1, 1, 1, 1], 2, 3) == (1, 4)
    assert window([1, 1, 1, 9, 1], 2, 3) == (0, 3)
    assert window([1, 1, 5, 1, 1], 2, 4) is None


@pytest.mark.parametrize(
    "given",
    [
        msgspec.structs.replace(shown(blocks("a")), excerpt_start_row=None),
        msgspec.structs.replace(shown(blocks("a")), related_files=None),
        msgspec.structs.replace(shown(blocks("a")), cursor_path="p/other.py"),
        msgspec.structs.replace(shown(blocks("a")), excerpt_start_row=7),
        msgspec.structs.replace(shown(blocks("a")), cursor_excerpt=blocks("b")),
    ],
    ids=["no row", "no files", "another file", "rows elsewhere", "stale text"],
)
def test_without_an_excerpt_that_holds_the_cursor_there_is_no_prompt(given):
    assert FORM.render(given) is None


@pytest.mark.parametrize(
    ("path", "cursor_path", "expected"),
    [
        ("p/x.py", "p/a.py", "p/x.py"),
        ("q/x.py", "p/a.py", "x.py"),
        ("q/r/x.py", "p/a.py", "r/x.py"),
        ("x.py", "p/a.py", "x.py"),
        ("p/x.py", "a.py", "x.py"),
        ("p//./x.py", "p/a.py", "p/x.py"),
        ("/q/x.py", "p/a.py", "q/x.py"),
        ("/q/x.py", "/p/a.py", "//q/x.py"),
        ("./x.py", "./a.py", "./x.py"),
    ],
)
def test_paths_are_printed_as_zed_prints_them(path, cursor_path, expected):
    assert shown_path(path, cursor_path) == expected
