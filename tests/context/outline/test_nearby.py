"""The identifiers near a place: the rows around it, and the headers of what encloses it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.context.outline.printed import SAMPLES, language_of
from zeta_lsp.context.outline import identifiers_near
from zeta_lsp.core.related.ranking import IDENTIFIERS_MAX
from zeta_lsp.core.text import line_length, split_lines, without_surrogates

FILES = sorted(SAMPLES.iterdir())


def lines_of(name: str) -> list[str]:
    return split_lines((SAMPLES / name).read_text(encoding="utf-8"))


def near(name: str, row: int, col: int = 0) -> list[str]:
    sample = SAMPLES / name
    return [one.text for one in identifiers_near(language_of(sample), lines_of(name), row, col)]


def row_of(lines: list[str], text: str) -> int:
    return next(row for row, line in enumerate(lines) if text in line)


ENCLOSED = [
    ("shop.py", "os.path.join", {"save", "path", "indent", "Basket", "Base", "Meta", "join"}),
    ("shop.ts", "trimmed = name", {"add", "name", "Basket", "Stored", "Iterable", "names"}),
    ("shop.js", "reduce", {"total", "#names", "Basket", "Base", "priceOf"}),
    ("Shop.tsx", "Header title", {"ShopView", "Props", "Header", "Menu", "Item", "setOpen"}),
    ("shop.go", "PriceOf", {"Total", "Basket", "b", "str", "TrimSpace", "VATRate"}),
    ("shop.rs", "names.iter", {"total", "Basket", "Stored", "price_of", "VAT_RATE"}),
    ("shop.c", "printf", {"basket_new", "DEBUG", "printf", "count"}),
    ("shop.cpp", "price_of(name)", {"total", "Basket", "price_of", "vat_rate"}),
    ("Shop.java", "sum += priceOf", {"total", "Shop", "Stored", "Base", "Iterable", "priceOf"}),
    ("Shop.cs", "Console.Write", {"Save", "Inner", "Basket", "IStored", "Console", "WriteLine"}),
    ("shop.rb", "JSON.parse", {"load", "Basket", "Base", "Shop", "JSON", "File", "path"}),
    ("shop.php", "+= price_of", {"total", "Basket", "Base", "Stored", "price_of", "names"}),
    ("Shop.kt", "name.trim", {"add", "Basket", "Stored", "Names", "Iterable", "trimmed"}),
    ("Shop.scala", "Basket.VatRate", {"total", "Basket", "Stored", "Seq", "VatRate"}),
    ("shop.lua", "prices.of", {"total", "Basket", "prices", "of", "VAT_RATE"}),
    ("shop.sh", "sum=$((", {"sum", "price_of", "name"}),
]


@pytest.mark.parametrize(("name", "place", "expected"), ENCLOSED, ids=[one[0] for one in ENCLOSED])
def test_names_on_the_rows_and_in_the_headers_around_are_found(
    name: str, place: str, expected: set[str]
) -> None:
    lines = lines_of(name)
    row = row_of(lines, place)
    assert expected <= set(near(name, row, lines[row].index(place)))


def test_names_elsewhere_are_not_found() -> None:
    found = near("shop.py", row_of(lines_of("shop.py"), "os.path.join"))
    assert not {"Iterable", "with_tax", "VAT_RATE", "main", "json_"} & set(found)


def test_the_closest_come_first_and_an_object_is_not_asked_for_itself() -> None:
    lines = lines_of("shop.py")
    row = row_of(lines, "self._total = 0")
    found = identifiers_near("python", lines, row, lines[row].index("_total"))
    assert [(one.text, one.rank) for one in found[:2]] == [("_total", 0), ("names", 1)]
    assert "self" not in {one.text for one in found}


def test_elements_of_html_are_no_identifiers_but_components_are() -> None:
    found = set(near("Shop.tsx", 13, 10))
    assert {"Entry", "Header", "Menu", "className", "key"} <= found
    assert not {"div", "ul", "li"} & found


def test_strings_and_comments_hold_no_identifiers() -> None:
    lines = split_lines('# hello world\nx = \'nothing here\'\n"""\nor there\n"""\n')
    assert [one.text for one in identifiers_near("python", lines, 1, 0)] == ["x"]


def filler(rows: int) -> list[str]:
    return ["        self.a = [b for b in c]\n", "\n"] * (rows // 2)


def test_the_class_is_known_thousands_of_rows_below_its_header() -> None:
    head = ["class Big(\n", "    Base,\n", "):\n", "    def other(self):\n"]
    method = ["    def save(\n", "        self,\n", "        path: Path,\n", "    ) -> Result:\n"]
    lines = [*head, *filler(3000), *method, *filler(60), "        pass\n"]
    found = {one.text for one in identifiers_near("python", lines, len(lines) - 1, 0)}
    assert {"Big", "Base", "save", "path", "Path", "Result"} <= found
    assert "other" not in found


BRACES = """\
namespace Shop
{
    public class Basket : Base
    {
#if DEBUG
        int debug;
#endif
        public void Save(
            Path path)
        {
            if (path)
            {
                HERE();
            }
            else
            {
FILLER
            }
        }
    }
}
"""


def test_braces_on_rows_of_their_own_do_not_hide_the_headers() -> None:
    text = BRACES.replace("FILLER\n", "                Other();\n" * 400)
    lines = split_lines(text)
    found = {one.text for one in identifiers_near("csharp", lines, row_of(lines, "HERE"), 0)}
    assert {"HERE", "Save", "Path", "path", "Basket", "Base", "Shop"} <= found


def test_labels_of_access_do_not_hide_the_class() -> None:
    text = "class Basket : public Base {\npublic:\n" + "    int a;\n" * 200 + "    int here;\n};\n"
    lines = split_lines(text)
    found = {one.text for one in identifiers_near("cpp", lines, len(lines) - 3, 8)}
    assert {"Basket", "Base", "here"} <= found


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.name)
def test_the_rest_of_a_document_changes_nothing(sample: Path) -> None:
    """In the middle of a long document a place has the names that it has in a short one."""
    language, lines = language_of(sample), lines_of(sample.name)
    before = lines[:-1] * 20
    for row in range(len(lines) // 3, len(lines) - 1, 3):
        alone = identifiers_near(language, lines, row, 0)
        among = identifiers_near(language, [*before, *lines, *lines], row + len(before), 0)
        inside = {(one.text, one.row) for one in alone}
        assert inside <= {(one.text, one.row - len(before)) for one in among} or len(among) == 32


@given(st.data())
def test_identifiers_stand_where_they_say_and_are_ranked(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(FILES))
    lines = lines_of(sample.name)
    put = data.draw(st.sampled_from(["", "\r\n", "é = '🙂'; ", "{", '"""', "\ud800"]))
    at = data.draw(st.integers(0, len(lines) - 1))
    lines = split_lines("".join([*lines[:at], put, *lines[at:]]))
    row = data.draw(st.integers(0, len(lines) - 1))
    col = data.draw(st.integers(0, line_length(lines[row])))
    found = identifiers_near(language_of(sample), lines, row, col)
    assert found == identifiers_near(language_of(sample), lines, row, col)
    assert len(found) <= IDENTIFIERS_MAX
    shown = [without_surrogates(line) for line in lines]
    assert all(shown[one.row].startswith(one.text, one.col) for one in found)
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    assert {one.rank for one in found} == set(range(len({one.rank for one in found})))


def test_a_place_outside_the_document_has_no_identifiers() -> None:
    assert identifiers_near("python", ["x = 1\n"], 7, 0) == ()


def test_lines_of_data_are_not_parsed() -> None:
    assert identifiers_near("javascript", ["x=" + "a+" * 100_000 + "1\n"], 0, 0) == ()
    assert identifiers_near("python", ["x = 1 " + "(" * 2500 + "\n"] * 8, 3, 0) == ()


@pytest.mark.parametrize("language", ["json", "klingon"])
def test_languages_without_identifiers_have_none(language: str) -> None:
    assert identifiers_near(language, ['{"a": b}\n'], 0, 0) == ()
