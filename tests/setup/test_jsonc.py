import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.setup.change import Refused
from zeta_lsp.setup.jsonc import Unparsable, read
from zeta_lsp.setup.jsonc_edit import merged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=4)
BLANKS = st.lists(
    st.sampled_from([" ", "\n", "\r\n", "\t", "// , } a\n", '/* "} */', "/**/", "// ü\r\n"]),
    max_size=3,
).map("".join)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """A value as somebody may have written it: comments and spare commas anywhere."""
    blank = draw(BLANKS)
    if isinstance(value, dict):
        members = [
            f"{draw(BLANKS)}{json.dumps(key)}{draw(BLANKS)}:{draw(written(each))}"
            for key, each in value.items()
        ]
        spare = "," if members and draw(st.booleans()) else ""
        return f"{blank}{{{','.join(members)}{spare}{draw(BLANKS)}}}{draw(BLANKS)}"
    if isinstance(value, list):
        items = [draw(written(each)) for each in value]
        spare = "," if items and draw(st.booleans()) else ""
        return f"{blank}[{','.join(items)}{spare}{draw(BLANKS)}]{draw(BLANKS)}"
    ascii_only = draw(st.booleans())
    return f"{blank}{json.dumps(value, ensure_ascii=ascii_only)}{draw(BLANKS)}"


@given(st.data(), JSON)
def test_what_was_written_is_read_whatever_comments_stand_between(
    data: st.DataObject, value: Any
) -> None:
    node = read(data.draw(written(value)))
    assert node is not None
    assert node.value == value


@given(st.data(), OBJECTS, OBJECTS)
def test_settings_are_put_in_and_the_rest_stays(
    data: st.DataObject, value: dict[str, Any], settings: dict[str, Any]
) -> None:
    text = data.draw(written(value))
    result = read(merged(text, settings, "it"))
    assert result is not None
    assert result.value == joined(value, settings)
    assert merged(text, {}, "it").startswith(text.rstrip()[:1])


@given(st.data(), OBJECTS, OBJECTS)
def test_putting_in_twice_changes_nothing_more(
    data: st.DataObject, value: dict[str, Any], settings: dict[str, Any]
) -> None:
    once = merged(data.draw(written(value)), settings, "it")
    assert merged(once, settings, "it") == once


@given(st.data(), OBJECTS)
def test_comments_survive(data: st.DataObject, value: dict[str, Any]) -> None:
    text = f"// first\n{data.draw(written(value))}\n// last"
    after = merged(text, {"zeta": {"a": [1], "b": {}}}, "it")
    assert after.count("// ü") == text.count("// ü")
    assert after.startswith("// first")
    assert after.endswith("// last")


def joined(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = dict(old)
    for key, value in new.items():
        inner = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = joined(both[key], value) if inner else value
    return both


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ("// mine\n", '// mine\n{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ("{}", '{\n  "a": {\n    "b": 1\n  }\n}'),
        ('{\n\t"x": 1 // why\n}\n', '{\n\t"x": 1, // why\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'),
        ('{\n    "x": 1,\n}\n', '{\n    "x": 1,\n    "a": {\n      "b": 1\n    }\n}\n'),
        ('{"x": 1}', '{"x": 1, "a": {"b": 1}}'),
        ('{\n  "a": { "b": 2 } // !\n}', '{\n  "a": { "b": 1 } // !\n}'),
        ('{\r\n  "x": 1\r\n}\r\n', '{\r\n  "x": 1,\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n'),
        ('\ufeff{"a": {"b": 1}}', '\ufeff{"a": {"b": 1}}'),
    ],
)
def test_settings_look_as_their_neighbours_do(before: str, after: str) -> None:
    assert merged(before, {"a": {"b": 1}}, "it") == after


@pytest.mark.parametrize(
    "text",
    [
        "{", "[1 2]", '{"a" 1}', '{"a": }', '{"a": 1,,}', "{,}", "{} {}", "{'a': 1}", '{"a": 01}',
        '{"a": nul}', '{"a": "\n"}', "/* {}", "{} /*", '{"a": 1, "a": 2}', "[" * 200, "\\", "NaN",
    ],
)  # fmt: skip
def test_what_an_editor_would_not_read_is_refused(text: str) -> None:
    with pytest.raises(Unparsable):
        read(text)
    with pytest.raises(Refused):
        merged(text, {"a": 1}, "it")


@given(st.text(alphabet='{}[]",:/*\\ \n1ae', max_size=30))
def test_no_text_is_worse_than_refused(text: str) -> None:
    try:
        node = read(text)
    except Unparsable:
        return
    if node is not None:
        assert text[node.start : node.end].strip()


def test_an_object_is_never_put_where_a_list_stands() -> None:
    with pytest.raises(Refused):
        merged("[1]", {"a": 1}, "it")
