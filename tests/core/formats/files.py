"""Files whose rows are shown in excerpts, and what answers and patches make of them."""

import re
from itertools import pairwise

import msgspec

from tests.core.formats.generated import rewritten
from zeta_lsp.core.formats.place import cursor_place
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile


class Files(msgspec.Struct):
    """Documents by path, and an input that shows some of their rows."""

    texts: dict[str, str]
    given: PromptInput


def any_files(rng):
    """Three files of any size; the first excerpt of the first one holds the cursor."""
    texts = {path: document(rng) for path in ("p/a.py", "p/b.py", "p/c.py")}
    shown = tuple(
        RelatedFile(path, text.count("\n"), excerpts(rng, text)) for path, text in texts.items()
    )
    excerpt = texts["p/a.py"]
    row = rng.randrange(*shown[0].excerpts[0].row_range)
    cursor = len("".join(lf_lines(excerpt)[:row]).encode())
    given = PromptInput("p/a.py", excerpt, cursor, 0, related_files=shown, syntax_ranges=())
    return Files(texts, given)


def document(rng):
    """Numbered lines, so that none is like another, and some blank ones."""
    lines = [
        f"{word} {number}"
        for number, word in enumerate(rng.choices("abcdefg", k=rng.choice([3, 20, 60])))
    ]
    for _ in range(len(lines) // 4):
        lines.insert(rng.randrange(len(lines)), "")
    return "\n".join(lines) + "\n"


def lf_lines(text):
    """Lines that end with a newline and nothing else."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def excerpts(rng, text):
    """Some rows of a text, in order, apart or touching."""
    lines = lf_lines(text)
    borders = sorted(
        rng.sample(range(len(lines) + 1), k=min(len(lines) + 1, rng.choice([2, 2, 3, 4])))
    )
    pairs = list(pairwise(borders))
    if len(pairs) > 1 and rng.random() < 0.7:
        pairs = pairs[::2]
    return tuple(RelatedExcerpt(span, "".join(lines[slice(*span)])) for span in pairs)


def after_answer(answer, files):
    """The documents as an answer leaves them."""
    given = files.given
    texts = {file.path: file_lines(files, file) for file in given.related_files}
    changed = {}
    for one in answer.replacements:
        changed.setdefault(one.related, []).append(one)
    for (file_index, index), replacements in changed.items():
        file = given.related_files[file_index]
        excerpt = file.excerpts[index]
        data = excerpt.text.encode()
        for one in sorted(replacements, key=lambda r: r.start, reverse=True):
            data = data[: one.start] + one.text.encode() + data[one.end :]
        lines = texts[file.path]
        start, end = excerpt.row_range
        lines[start] = [data.decode()] if start < end else [data.decode(), *lines[start]]
        for row in range(start + 1, end):
            lines[row] = []
    return {path: "".join("".join(row) for row in lines) for path, lines in texts.items()}


def file_lines(files, file):
    """Rows as lists of lines, so that a row can become several or none."""
    return [[row] for row in lf_lines(files.texts[file.path])] + [[]]


def after_patch(patch, files):
    """The documents as a patch leaves them; its hunks come in any order."""
    lines = {path: lf_lines(text) for path, text in files.texts.items()}
    for path, start, old, new in sorted(hunks(patch), key=lambda hunk: hunk[1], reverse=True):
        assert lines[path][start : start + len(old)] == old
        lines[path][start : start + len(old)] = new
    return {path: "".join(rows) for path, rows in lines.items()}


def hunks(patch):
    """Path, first row, old lines and new lines of every hunk."""
    for part in re.split(r"^--- a/", patch, flags=re.MULTILINE)[1:]:
        for head, body in re.findall(r"^(@@.*@@)\n((?:[ +-].*\n)*)", part, flags=re.MULTILINE):
            start, count = map(int, re.match(r"@@ -(\d+),(\d+)", head).groups())
            sides = (
                [row[1:] for row in lf_lines(body) if row[0] in signs] for signs in (" -", " +")
            )
            yield part.split("\n", 1)[0], start - (1 if count else 0), *sides


def changed_in_cursor_excerpt(rng, files):
    """The cursor's document with a change in the excerpt that holds the cursor."""
    lines = lf_lines(files.texts["p/a.py"])
    place = cursor_place(files.given)
    start, end = files.given.related_files[place.file].excerpts[place.excerpt].row_range
    new = rewritten(rng, "".join(lines[start:end]).removesuffix("\n"))
    return "".join([*lines[:start], new and new + "\n", *lines[end:]])
