"""Columns in editor units against a definition that counts character by character."""

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.text import Encoding, index_of_units, line_length, split_lines, units_of_index

HOSTILE = "ab\t\f\v\x00\x85\u2028\u2029é漢\u0301\U0001f60b\ud83d\ude0b"
lines = st.tuples(st.text(HOSTILE), st.sampled_from(["", "\n", "\r\n", "\r"])).map("".join)
encodings = st.sampled_from(Encoding)
UNITS_OF = {
    Encoding.UTF8: lambda char: len(char.encode("utf-8", "surrogatepass")),
    Encoding.UTF16: lambda char: 2 if char > "\uffff" else 1,
    Encoding.UTF32: lambda _: 1,
}


@settings(deadline=None)
@given(lines, encodings)
def test_every_column_between_characters_is_found_and_every_other_is_refused(
    line: str, encoding: Encoding
) -> None:
    widths = map(UNITS_OF[encoding], line[: line_length(line)])
    columns = list(accumulate(widths, initial=0))
    for units in range(columns[-1] + 1):
        if units in columns:
            index = columns.index(units)
            assert index_of_units(line, units, encoding) == index
            assert units_of_index(line, index, encoding) == units
        else:
            with pytest.raises(PositionError) as caught:
                index_of_units(line, units, encoding)
            assert caught.value.reason == "position_inside_character"


@settings(deadline=None)
@given(lines, encodings, st.sampled_from([1, 2, 7, 2**31 - 1]))
def test_a_column_past_the_end_of_the_line_is_refused_not_moved(
    line: str, encoding: Encoding, beyond: int
) -> None:
    end = units_of_index(line, line_length(line), encoding)
    with pytest.raises(PositionError) as caught:
        index_of_units(line, end + beyond, encoding)
    assert caught.value.reason == "range_past_end"


@settings(deadline=None)
@given(st.text(HOSTILE + "\n\r"))
def test_lines_joined_are_the_text_and_only_three_terminators_end_one(text: str) -> None:
    split = split_lines(text)
    assert "".join(split) == text
    assert len(split) == 1 + text.count("\r\n") + text.replace("\r\n", "").count("\n") + (
        text.replace("\r\n", "").count("\r")
    )
