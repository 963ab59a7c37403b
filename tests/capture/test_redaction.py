"""Remotes without credentials, paths without people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.redaction import clean_remote, without_home

TOKEN = "ghp_a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/owner/repo",
        "https://github.com/owner/repo.git",
        "https://github.com/owner/repo/",
        "http://github.com:80/owner/repo",
        f"https://{TOKEN}@github.com/owner/repo.git",
        f"https://user:{TOKEN}@github.com/owner/repo.git",
        "https://user:p@ss:word@GitHub.com/owner/repo",
        "https://github.com/owner/repo.git?access_token=abc#fragment",
        "git@github.com:owner/repo.git",
        "github.com:owner/repo.git",
        "ssh://git@github.com/owner/repo.git",
        "ssh://git@github.com:2222/owner/repo.git",
        "git+ssh://git@github.com/owner/repo.git",
        "git://github.com/owner/repo",
    ],
)
def test_a_remote_keeps_host_owner_and_repository(remote: str) -> None:
    assert clean_remote(remote) == "https://github.com/owner/repo"


def test_a_port_and_deep_groups_stay() -> None:
    assert (
        clean_remote("https://git.example.org:8443/a/b/c") == "https://git.example.org:8443/a/b/c"
    )


@pytest.mark.parametrize(
    "remote",
    [
        "",
        ".",
        "/srv/git/repo.git",
        "../repo",
        "~/repo",
        "file:///home/ann/repo",
        "C:\\Users\\ann\\repo",
        "C:/Users/ann/repo",
        "git@host:/home/ann/repo.git",
        "git@buildbox:owner/repo",
        "https://localhost:3000/owner/repo",
        "https://git.corp/owner/repo",
        "https://git.example.internal/owner/repo",
        "https://192.168.1.7/owner/repo",
        "https://[::1]/owner/repo",
        "https://user:pass/word@github.com/owner/repo",
        "https://first.last:80/word@github.com/owner/repo",
        "git@example.com:pass@github.com/owner/repo",
        f"https://github.com/owner/{TOKEN}",
        "https://github.com/~ann/repo",
        "https://github.com/a/../b",
        "https://github.com",
        "https://github.com/own er/repo",
        "ext::sh -c id",
        "https://github.com:99999/a/b",
        "https://github.com/" + "a/" * 3000,
    ],
)
def test_what_is_not_clearly_a_public_remote_gives_nothing(remote: str) -> None:
    assert clean_remote(remote) == ""


CREDENTIALS = st.text("abcXYZ0189-._~!$&'()*+,;=:@/?#%[]", min_size=8, max_size=30)


@given(
    credential=CREDENTIALS,
    shape=st.sampled_from(
        [
            "https://user:{}@github.com/owner/repo.git",
            "https://{}@github.com/owner/repo.git",
            "https://{}:x-oauth-basic@github.com/owner/repo",
            "ssh://git:{}@github.com:22/owner/repo",
            "{}@github.com:owner/repo.git",
            "https://github.com/owner/repo?private_token={}",
            "https://github.com/owner/repo#{}",
            "https://github.com/owner/repo.git;token={}",
        ]
    ),
)
def test_no_credential_survives_in_a_remote(credential: str, shape: str) -> None:
    cleaned = clean_remote(shape.format("k3y" + credential))
    assert "k3y" not in cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/ann/src/x.py", "~/src/x.py"),
        ("/Users/ann/x.py:3: error", "~/x.py:3: error"),
        (r"C:\Users\ann\x.py", r"~\x.py"),
        (r"C:\Users\Ann Lee\x.py", r"~\x.py"),
        (r'"C:\\Users\\ann\\x.py"', r'"~\\x.py"'),
        ("C:/Users/ann/x.py", "~/x.py"),
        ("/mnt/c/Users/ann/x.py", "~/x.py"),
        ("file:///home/ann/x.py", "file://~/x.py"),
        ("file:///c%3A/Users/ann/x.py", "file:///~/x.py"),
        ("%2Fhome%2Fann%2Fx.py", "~%2Fx.py"),
        ("/root/x.py", "~/x.py"),
        ("/rootfs/x.py", "/rootfs/x.py"),
        ("/srv/people/me/x.py", "~/x.py"),
        ("/srv/people/meander/x.py", "/srv/people/meander/x.py"),
        ("/data/annette/x.py", "/data/~/x.py"),
        ("https://example.com/home/page", "https://example.com/home/page"),
        ("see annette", "see annette"),
        ("src/home/page.py", "src/home/page.py"),
        ("nothing", "nothing"),
    ],
)
def test_home_folders_become_a_tilde(text: str, expected: str) -> None:
    assert without_home(text, home="/srv/people/me", user="annette") == expected


@given(
    name=st.from_regex(r"zq[a-z0-9._-]{1,12}", fullmatch=True),
    shape=st.sampled_from(
        [
            "/home/{}/x.py",
            "/Users/{}/x.py",
            "C:\\Users\\{}\\x.py",
            "c:/users/{}/x.py",
            "in file:///home/{}/a b.py",
            '{{"path": "C:\\\\Users\\\\{}\\\\x.py"}}',
            "'/home/{}'",
            "/var/home/{}/x",
            "vscode-remote://ssh/home/{}/x",
        ]
    ),
)
def test_no_name_of_a_home_survives(name: str, shape: str) -> None:
    assert "zq" not in without_home(shape.format(name), home="/nobody", user="nobody")


def test_the_own_home_and_name_are_those_of_the_process() -> None:
    assert without_home("a = 1") == "a = 1"


@given(st.text(max_size=200))
def test_any_text_can_be_redacted(text: str) -> None:
    without_home(text, home="/srv/me", user="annette")
    assert clean_remote(text) == "" or clean_remote(clean_remote(text)) == clean_remote(text)
