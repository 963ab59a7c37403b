import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.formats.oracle import needs_oracle, zed
from zeta_lsp.core.diff.tokens import tokenize

CODE = "aBcDX_1 \t\r\n=>-+*/?.:&|<>^%!~#@'\"(){}"
SCRIPTS = "Éé߀ΩωАя日本ｱ١ªªǅא½Ⅳ😀"
MARKS = "\u0301\u093f\u0915\u094d\u0e34\u0e01\u05b0\u064e\u0627\u200b\x85\xa0\u2003\u3000\ufe0f"
WORLD = SCRIPTS + MARKS


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("fooBar", ["foo", "Bar"]),
        ("HTTPServer2Go", ["HTTP", "Server2", "Go"]),
        ("old_name__x", ["old", "_", "name", "__", "x"]),
        ("a\n\n  b", ["a", "\n\n", "  ", "b"]),
        ("x>>>=y", ["x", ">>>=", "y"]),
        ("f(x)->y;", ["f", "(", "x", ")", "->", "y", ";"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("日本語Name", ["日本語Name"]),
        ("किताब", ["किताब"]),
    ],
)
def test_code_is_cut_into(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@given(st.text(st.sampled_from(CODE + WORLD)))
def test_the_tokens_are_the_text(text: str) -> None:
    assert "".join(tokenize(text)) == text


@needs_oracle
@given(st.text(st.sampled_from(CODE + WORLD), min_size=1, max_size=16))
def test_there_are_as_many_tokens_as_zed_counts(text: str) -> None:
    annotated = zed.compute_kept_rate("q", text, f"zz{text}").token_annotations
    assert len(tokenize(text)) == len(annotated)


@given(st.text(CODE, max_size=20))
def test_plain_text_is_cut_at_once_as_any_text_is_cut(text: str) -> None:
    assert tokenize(f"{text}(é") == [*tokenize(text), "(", "é"]
