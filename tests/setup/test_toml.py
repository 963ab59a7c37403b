from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.setup.machine import Machine
from zeta_lsp.setup.change import Refused
from zeta_lsp.setup.endpoint import Choice, change_to, current
from zeta_lsp.setup.recipes.helix import add_server
from zeta_lsp.setup.toml_edit import TomlFile, values_in

PIECES = st.sampled_from(
    [
        "# mine\n", "\n", 'theme = "x" # why\n', "[editor]\nline = 1\n",
        "[keys.normal]\nq = ':q'\n",
        "[keys.normal.space]\nw = ':w'\n", '[[language]]\nname = "python"\nformat = true\n',
        '[[language]]\nname = "go"\nlanguage-servers = ["gopls"] # one\n',
        '[[language]]\nname = "c"\nlanguage-servers = [\n  "clangd", # two\n  { name = "x" },\n]\n',
        '[language-server.gopls]\ncommand = "gopls"\n',
        '[language-server.gopls.config]\nx = { y = [1,\n 2] }\n', "[a]\nb = '''\n# no\n'''\n",
        'dotted.key = 1\n', '"quoted key" = 1 # ]\n',
    ]
)  # fmt: skip
FILES = st.builds(
    lambda bom, pieces, last, end: bom + ("".join(pieces) + last).replace("\n", end),
    st.sampled_from(["", "\ufeff"]),
    st.lists(PIECES, max_size=6, unique=True),
    st.sampled_from(["", "# no line end"]),
    st.sampled_from(["\n", "\r\n"]),
)
WANTED = {
    "editor": {"hints": "on"},
    "keys": {"normal": {"space": {"z": {"a": ":x", "b": ["y", "z"]}}, "A-l": ":q"}},
}


def apply(text: str) -> str:
    file = TomlFile(text, "it")
    file.fill(WANTED)
    server = {"command": "zeta-lsp", "args": ["--set", "a=b"]}
    add_server(file, server, {"python": ["ruff"], "go": ["gopls"], "c": [], "rust": ["ra"]})
    return file.text()


@given(FILES)
def test_comments_and_order_stay_whatever_the_file_looks_like(text: str) -> None:
    after = apply(text)
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    gone = set(text.lstrip("\ufeff").splitlines()) - set(after.lstrip("\ufeff").splitlines())
    assert gone <= {'language-servers = ["gopls"] # one'}
    assert (("\r\n" in after) == ("\r\n" in text)) or "\n" not in text
    values = values_in(after, "it")
    servers = {each["name"]: each["language-servers"] for each in values["language"]}
    assert {name for name, each in servers.items() if "zeta" in each} >= {"python", "rust", "go"}
    assert values["language-server"]["zeta"]["command"] == "zeta-lsp"


@given(FILES)
def test_twice_is_as_good_as_once(text: str) -> None:
    once = apply(text)
    assert apply(once) == once


@pytest.mark.parametrize(
    "text", ["a = ", "[language]\na = 1\n", "[a]\n[a]", "\x00", "a = 1\na = 2"]
)
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"not valid TOML|no list"):
        apply(text)


def test_keys_that_are_taken_stay() -> None:
    file = TomlFile('[keys.normal]\nA-l = "mine"\n', "it")
    assert file.fill(WANTED) == ["keys.normal.A-l"]
    assert 'A-l = "mine"' in file.text()


@pytest.mark.parametrize(
    "text", ['keys = { normal = { q = ":q" } }\n', "editor = 1\n", "keys.normal = 2\n"]
)
def test_what_would_come_out_wrong_is_refused(text: str) -> None:
    def both(file: TomlFile) -> str:
        file.put(("keys", "normal", "space"), ":x")
        file.put(("editor", "hints"), "on")
        return file.text()

    with pytest.raises(Refused, match=r"changed safely|something else"):
        both(TomlFile(text, "it"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("servers = []", 'servers = ["zeta"]'),
        ('servers = ["a"]', 'servers = ["a", "zeta"]'),
        ('servers = [ "a", ] # c', 'servers = [ "a", "zeta" ] # c'),
        ('servers = [\n  "a" # c\n]', 'servers = [\n  "a", # c\n  "zeta"\n]'),
        ('servers = [\n  "a", # c\n]', 'servers = [\n  "a", # c\n  "zeta",\n]'),
        ('servers = ["a", # c\n  "b",\n]', 'servers = ["a", # c\n  "b",\n  "zeta",\n]'),
        ('servers = [\n  { name = "b" }]', 'servers = [\n  { name = "b" },\n  "zeta"]'),
    ],
)
def test_an_item_is_written_as_its_neighbours_are(before: str, after: str) -> None:
    file = TomlFile(f"[[x]]\n{before}\n", "it")
    file.add_item("x", 0, "servers", "zeta")
    assert file.text() == f"[[x]]\n{after}\n"


LOCAL = Choice(url="http://127.0.0.1:8000/v1/completions", model="zeta-2")


def changed(machine: Machine, before: str, choice: Choice) -> str:
    path = machine.write(".config/zeta-lsp/config.toml", before)
    after = change_to(path, choice).after
    assert after is not None
    return after.decode()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_endpoint_is_written_with_what_differs_from_the_defaults(machine: Machine) -> None:
    after = changed(machine, "", LOCAL)
    assert after == f'[endpoint]\nurl = "{LOCAL.url}"\nmodel = "zeta-2"\n'


def test_another_model_at_the_same_place_keeps_what_was_set_for_it(machine: Machine) -> None:
    before = '[endpoint] # mine\nurl = "http://127.0.0.1:8000/v1/x"\nheaders = { a = "b" }\n'
    values = values_in(changed(machine, before, LOCAL), "it")["endpoint"]
    assert values == {"url": LOCAL.url, "headers": {"a": "b"}, "model": "zeta-2"}


def test_what_was_meant_for_one_server_does_not_go_to_another(machine: Machine) -> None:
    before = (
        '[endpoint]\nurl = "https://a.example/v1/completions"\napi_key_env = "KEY"\n'
        'headers = { authorization = "secret" }\nca_file = "ca"\ntimeout_ms = 900\n'
    )
    values = values_in(changed(machine, before, LOCAL), "it")["endpoint"]
    assert values == {"url": LOCAL.url, "model": "zeta-2", "timeout_ms": 900}


def test_the_embedded_model_needs_no_file(machine: Machine) -> None:
    change = change_to(machine.config_file, Choice(kind="repeat"))
    assert change.before is change.after is None


def test_the_embedded_model_can_be_gone_back_to(machine: Machine) -> None:
    before = '[endpoint]\nurl = "http://127.0.0.1:8000/v1/completions"\n'
    after = changed(machine, before, Choice(kind="repeat"))
    assert values_in(after, "it")["endpoint"]["kind"] == "repeat"


def test_a_file_that_chooses_by_name_is_left_alone(machine: Machine) -> None:
    with pytest.raises(Refused, match="by name"):
        changed(machine, 'endpoint = "work"\n', LOCAL)


def test_what_was_written_is_what_is_read(machine: Machine) -> None:
    machine.write(".config/zeta-lsp/config.toml", changed(machine, "", LOCAL))
    assert current(machine.config_file) == LOCAL
