"""The rows around a place, the headers above them and the ends below."""

from zeta_lsp.context.outline.inside import Prose, prose_at
from zeta_lsp.context.outline.window import skeleton
from zeta_lsp.core.text import split_lines


def skeleton_of(text: str, marked: int = 1) -> str:
    """The skeleton around the row that holds ``HERE`` and `marked` rows to each side."""
    lines = split_lines(text)
    row = next(row for row, line in enumerate(lines) if "HERE" in line)
    rows = skeleton("javascript", lines, max(0, row - marked), min(len(lines), row + marked + 1))
    assert rows == sorted(set(rows))
    return "".join(lines[row] for row in rows)


PYTHON = """\
import os
class A(
    Base,
):
    x = 1
    # comment
    def m(
        self,
    ) -> None:
        first()
        if a:
            b()
        elif c:
            d()
            e()
            HERE()
            g()
            h()
        last()
    def n(self):
        pass
"""
PYTHON_SKELETON = """\
class A(
    Base,
):
    def m(
        self,
    ) -> None:
        if a:
        elif c:
            e()
            HERE()
            g()
"""


def test_headers_are_kept_whole_and_what_else_they_hold_is_left_out() -> None:
    assert skeleton_of(PYTHON) == PYTHON_SKELETON


BRACES = """\
function f(a) {
  one();
  if (b) {
    two();
  } else {
    three();
    HERE();
    four();
    five();
  }
  six();
  if (c) {
    seven();
  }
}
function g() {
}
"""
BRACES_SKELETON = """\
function f(a) {
  if (b) {
  } else {
    three();
    HERE();
    four();
  }
}
"""


def test_blocks_are_closed_as_they_were_opened() -> None:
    assert skeleton_of(BRACES) == BRACES_SKELETON


OPENING = """\
function f() {
  one();
  HERE();
  if (b) {
    two();
    three();
  } else {
    four();
  }
  five();
}
"""
OPENING_SKELETON = """\
function f() {
  one();
  HERE();
  if (b) {
  } else {
  }
}
"""


def test_a_block_that_begins_on_the_last_row_is_closed() -> None:
    assert skeleton_of(OPENING) == OPENING_SKELETON


CLOSING = """\
module M
  class C
    def other
      one
    end
    def m
      HERE
    end
  end
end
"""
CLOSING_SKELETON = """\
module M
  class C
    def other
    end
    def m
      HERE
    end
    def n
    end
  end
end
"""


def test_a_block_that_ends_on_the_first_row_is_opened() -> None:
    text = CLOSING.replace("    end\n  end", "    end\n    def n\n      two\n    end\n  end")
    assert skeleton_of(text, 2) == CLOSING_SKELETON


def test_text_that_is_not_indented_is_its_own_skeleton() -> None:
    assert skeleton_of("a\nb\nHERE\nc\nd\n") == "b\nHERE\nc\n"


def test_blank_rows_say_nothing() -> None:
    text = "if a:\n    b()\n\n    HERE()\n\n    if c:\n        d()\n"
    assert skeleton_of(text) == "if a:\n\n    HERE()\n\n"


PROSE = """\
class A:
    def f(self):
        \'\'\'What it does.

        If nothing, then nothing.
        HERE is more.

        And even more
        of it.
        \'\'\'
        return 1
"""


def test_prose_is_opened_and_closed() -> None:
    expected = [0, 1, 2, 4, 5, 6, 9]
    for quotes in ("'''", '"""'):
        lines = split_lines(PROSE.replace("'''", quotes))
        assert skeleton("python", lines, 4, 7) == expected
    block = PROSE.replace("class A:", "class A {").replace("(self):", "() {")
    lines = split_lines(block.replace("'''What", "/* What").replace("'''", "*/"))
    assert skeleton("java", lines, 4, 7) == expected


def test_what_is_opened_and_closed_above_is_not_open() -> None:
    lines = split_lines(PROSE + "        HERE\n        x = /* y */ 1\n        z\n" * 2)
    assert prose_at("python", lines, 11) is None
    assert prose_at("java", lines, 13) is None
    assert prose_at("python", lines, 5) == Prose(2, "'''")
    assert prose_at("lua", lines, 5) is None


def test_a_pattern_of_files_is_no_comment() -> None:
    assert prose_at("javascript", ['a = "src/**/*.ts";\n', "b\n"], 1) is None
