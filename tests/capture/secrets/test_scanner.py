"""The scanner: where secrets are found, what is left alone, what is remembered."""

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.secrets import Finding, Scanner
from capture.secrets.scanner import MAX_LINE_CHARS, UNREADABLE

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
BODY = ["MIIEpAIBAAKCAQEA7bq" + "Zk3xW" * 9, "q83vEjRWeJq83vEjRWeJ"]
PEM = ["-----BEGIN RSA PRIVATE KEY-----", *BODY, "-----END RSA PRIVATE KEY-----"]


def rows(lines: list[str], scanner: Scanner | None = None) -> set[int]:
    return {finding.row for finding in (scanner or Scanner()).find(lines)}


def test_a_finding_says_where_the_secret_stands() -> None:
    found = Scanner().find(["import os", f'header = "{TOKEN}"'], first_row=10)
    assert Finding(11, 10, 10 + len(TOKEN), "github_token") in found


@pytest.mark.parametrize(
    "lines",
    [
        ['password = "hunter2!"'],
        ["DB_PASSWORD=letmein"],
        ["password: Sommer2024"],
        ['"password": "correct horse battery staple",'],
        ['const apiKey: string = "9f8e7d6c5b4a39281706";'],
        ["psql postgresql://app:s3cr3t9@db.example.com/shop"],
        ["Authorization: Bearer 8c1f0c3e9bd24c7f"],
        ["<password>Winter#77</password>"],
        ["<password>sunshine</password>"],
        ["serve --password=sunshine --port 80"],
        ["-e MYSQL_ROOT_PASSWORD=toor99 mysql"],
        ["# password: Monkey_Banana6"],
        ['\\"password\\": \\"Winter77\\"'],
        ['setPassword("Winter77")'],
        ["machine h login u password Winter77"],
    ],
)
def test_a_secret_in_one_line_is_found(lines: list[str]) -> None:
    assert rows(lines) == {0}


@pytest.mark.parametrize(
    "lines",
    [
        ['token = "ghp_a1B2" +', '    "c3D4e5F6a1B2c3D4e5F6"'],
        ['KEY = ("AKIA"', '  "Q2W3E4R5T6Y7U8I9"', ")"],
        ["export KEY=xoxb-12\\", "3456789012-abcdefghijkl"],
        ["password: >-", "  Winter#77"],
        ['"secret":', '   "8c1f0c3e9bd24c7f"'],
        ["password = (", '    "Winter"', '    "2077!"', ")"],
    ],
)
def test_a_secret_in_pieces_is_found_in_all_its_rows(lines: list[str]) -> None:
    assert rows(lines) >= {0, 1}


@pytest.mark.parametrize(
    "line",
    [
        "password = get_password(user)",
        "password: str",
        "password: string;",
        'parser.add_argument("--password", help="the password to use")',
        'token = os.environ["API_TOKEN"]',
        "password = ${DB_PASSWORD}",
        "self.password = password",
        'raise ValueError("no password")',
        "class PasswordField(Field):",
        "from tokenize import generate_tokens",
        "url = 'https://example.com:8080/a/b'",
        "pass  # nothing to do",
        'key = "name"',
        "def test_a_very_long_name_of_a_test_that_says_it_all_2(self): ...",
        "sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        "",
    ],
)
def test_ordinary_code_is_left_alone(line: str) -> None:
    assert rows([line]) == set()


def test_all_lines_of_a_private_key_are_found() -> None:
    assert rows(["a = 1", *PEM, "b = 2"]) == set(range(1, 5))


def test_a_private_key_without_its_first_or_last_line_is_found() -> None:
    assert rows(["a = 1", *PEM[:-1], "", "b = 2"]) >= {1, 2, 3}
    assert rows(["a = 1", "", *PEM[1:], "b = 2"]) >= {2, 3, 4}


def test_a_private_key_in_another_notation_is_found() -> None:
    quoted = [f'    "{line}\\n"' for line in PEM]
    assert rows(["key = (", *quoted, ")"]) >= {1, 2, 3, 4}
    assert rows(["+" + line for line in PEM]) == {0, 1, 2, 3}
    putty = ["PuTTY-User-Key-File-3: ssh-ed25519", "Encryption: none", "AAAAC3NzaC1lZDI1NTE5"]
    assert rows([*putty, "Private-MAC: 0a1b2c3d", "end = 1"]) == {0, 1, 2, 3}


def test_a_line_too_long_to_look_at_counts_as_found() -> None:
    found = Scanner().find(["x" * (MAX_LINE_CHARS + 1)])
    assert [finding.kind for finding in found] == [UNREADABLE]


def test_a_long_text_in_pieces_is_looked_at_to_its_end() -> None:
    filler = [f'    "{"lorem ipsum " * 20}"' for _ in range(30)]
    lines = ["text = (", *filler, '    "ghp_a1B2"', '    "c3D4e5F6a1B2c3D4"', ")"]
    assert rows(lines)


def test_a_secret_is_found_again_at_every_look() -> None:
    scanner = Scanner()
    lines = ["a = 1", f'token = "{TOKEN}"', "b = 2"]
    assert rows(lines, scanner) == rows(lines, scanner) == {1}


def test_a_clean_text_is_not_scanned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = Scanner()
    lines = [f"line_{number} = {number}" for number in range(500)]
    scanner.find(lines)
    scanned: list[int] = []
    monkeypatch.setattr(scanner._rules, "spans", lambda texts: scanned.append(len(texts)) or [])
    scanner.find(lines)
    scanner.find([*lines[:250], "new = 1", *lines[250:]])
    assert sum(scanned) <= 4  # the new line and its neighbours


def test_a_line_that_completes_a_known_one_is_seen() -> None:
    scanner = Scanner()
    begun = ['token = "ghp_" +', '    ""', "print(1)"]
    assert rows(begun, scanner) == set()
    begun[1] = '    "c3D4e5F6a1B2c3D4e5F6"'
    assert rows(begun, scanner) >= {0, 1}


def test_known_lines_that_meet_are_looked_at_again() -> None:
    scanner = Scanner()
    lines = ["a = 1", 'token = "ghp_" +', "b = 2", '    "c3D4e5F6"', "c = 3"]
    assert rows(lines, scanner) == set()
    del lines[2]
    assert rows(lines, scanner) >= {1, 2}


@pytest.mark.parametrize(
    "typed",
    [
        'token = "ghp_a1B2',
        "key = sk-ant-api03",
        'x = "AKIAQ2W3',
        "password = 'hunter",
        'DB_PASSWORD="correct',
        "xoxb-123456",
    ],
)
def test_a_key_is_found_while_it_is_typed(typed: str) -> None:
    assert rows([typed]) == {0}


def test_the_last_piece_of_many_is_seen_with_those_before_it() -> None:
    scanner = Scanner()
    lines = ['token = ("gh"', '    "p_"', '    ""', '    ""', ")"]
    scanner.find(lines)
    lines[2:4] = ['    "a1B2"', '    "c3D4e5F6"']
    assert rows(lines, scanner) >= {0, 1, 2, 3}


def test_a_text_is_clean_if_nothing_is_found() -> None:
    assert Scanner().is_clean("a = 1\nb = 2\n")
    assert not Scanner().is_clean(f"a = 1\r\nb = '{TOKEN}'\r\n")


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_text_gets_an_answer_within_its_lines(lines: list[str]) -> None:
    lines = [line.replace("\n", " ") for line in lines]
    for finding in Scanner().find(lines):
        assert 0 <= finding.start <= finding.end <= len(lines[finding.row])


@given(
    st.lists(st.sampled_from(["", "a = 1", "İ = 'ß'", "# words", "x = '\ud800'"]), max_size=9),
    st.data(),
)
def test_what_was_looked_at_before_changes_no_answer(lines: list[str], data: st.DataObject) -> None:
    scanner = Scanner()
    scanner.find(lines)
    place = data.draw(st.integers(0, len(lines)))
    lines.insert(place, f'token = "{TOKEN}"')
    assert rows(lines, scanner) == rows(lines) == {place}


def test_code_without_secrets_is_rarely_suspected() -> None:
    """On a part of the standard library; the whole of it has about one row in ten thousand."""
    library = Path(sysconfig.get_paths()["stdlib"])
    files = [*sorted((library / "json").glob("*.py")), *sorted(library.glob("[a-d]*.py"))]
    texts = [file.read_text(encoding="utf-8").split("\n") for file in files]
    scanner = Scanner()
    suspected = sum(len(rows(lines, scanner)) for lines in texts)
    total = sum(map(len, texts))
    assert total > 20_000
    assert suspected / total <= 5 / 10_000


def test_no_detector_of_others_reaches_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    keys = ["xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx", "AKIAQ2W3E4R5T6Y7U8I9"]
    assert rows([f'password = "{key}"' for key in keys]) == {0, 1}
