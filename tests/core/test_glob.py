import pathspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zeta_lsp.core.glob import MAX_GLOB_CHARS, GlobError, compiled, folded


def matches(glob: str, path: str) -> bool:
    return compiled(glob).match(folded(path).lstrip("/")) is not None


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        (".env", ".env"),
        (".env*", "a/b/.env.local"),
        ("*.pem", "deep/down/key.pem"),
        ("secrets/", "a/secrets/x.txt"),
        ("secrets", "a/secrets/b/x.txt"),
        ("/build", "build/out.txt"),
        ("docs/*.md", "docs/a.md"),
        ("**/docs/**/*.md", "x/docs/a/b/c.md"),
        ("**/docs/**/*.md", "docs/c.md"),
        ("a/**", "a/b"),
        ("./a/b", "a/b"),
        ("*.{pem,key}", "x.key"),
        ("{a,b{c,d}}.txt", "bd.txt"),
        ("[!a-c]x", "dx"),
        ("file[0-9]", "file7"),
        ("[]]x", "]x"),
        (r"\*x", "*x"),
        ("?.txt", "ä.txt"),
        ("*a*b*c", "xxaxxbxxc"),
        ("**", "any/thing"),
        ("SECRETS.yml", "Secrets.YML"),
        ("caf\u00e9", "cafe\u0301"),
        ("cafe\u0301*", "caf\u00e9.txt"),
        ("straße", "STRASSE"),
    ],
)
def test_a_glob_matches(glob: str, path: str) -> None:
    assert matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        (".env", "a.env"),
        ("*.pem", "a.pem.txt"),
        ("secrets/", "secrets"),
        ("/build", "a/build"),
        ("docs/*.md", "a/docs/b.md"),
        ("docs/*.md", "docs/a/b.md"),
        ("a/**", "a"),
        ("[!a]", "a"),
        ("a?c", "a/c"),
        ("a[!b]c", "a/c"),
        ("*a*b*c", "xxbxxaxxc"),
        ("{a,b}.txt", "c.txt"),
    ],
)
def test_a_glob_does_not_match(glob: str, path: str) -> None:
    assert not matches(glob, path)


@pytest.mark.parametrize(
    "glob", ["", "!a", "[a", "{a", "{}", "a/[b/c]", "x" * (MAX_GLOB_CHARS + 1), "[z-a]"]
)
def test_what_is_no_glob_says_why_without_repeating_it(glob: str) -> None:
    with pytest.raises(GlobError) as fault:
        compiled(glob)
    assert not glob or glob not in str(fault.value)


def test_braces_cannot_multiply_without_end() -> None:
    with pytest.raises(GlobError):
        compiled("{a,b}" * 20)


NAMES = st.text(alphabet="ab.-", min_size=1, max_size=4).filter(lambda name: name.strip("."))
SEGMENTS = st.one_of(
    NAMES,
    st.just("**"),
    st.lists(st.sampled_from(["*", "?", "a", "b", ".", "[ab]", "[a-b]"]), min_size=1, max_size=5)
    .map("".join)
    .filter(lambda segment: segment.strip(".")),
)
GLOBS = st.tuples(
    st.sampled_from(["", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
).map(lambda parts: parts[0] + "/".join(parts[1]) + parts[2])
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)


@given(GLOBS, PATHS)
@example("a/**/b", "a/b")
@example("**/a", "a/b/a/c")
@example("**/", "a")
def test_globs_mean_what_they_mean_in_ignore_files(glob: str, path: str) -> None:
    last = glob.strip("/").split("/")[-1]
    if "***" in glob or last in ("", "*"):
        return  # pathspec reads these otherwise than git
    expected = pathspec.PathSpec.from_lines("gitignore", [glob]).match_file(path)
    assert matches(glob, path) == expected


@pytest.mark.timeout(20)  # a wildcard that backs out would outlast the universe, not 20 s
@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 100 + "*b", "a" * 250),
        ("**/a/" * 50 + "b", "a/" * 2000 + "c"),
        ("?*" * 60 + "b", "a" * 250),
        ("**/*a*a*a*a*b/" * 10 + "x", ("a" * 60 + "/") * 30),
    ],
)
def test_no_glob_can_stall_the_server(glob: str, path: str) -> None:
    assert not matches(glob, path)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_glob_or_says_why_not(glob: str, path: str) -> None:
    try:
        compiled(glob)
    except GlobError:
        return
    matches(glob, path)
